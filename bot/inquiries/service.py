"""Logging inquiries, and what their askers and staff can do with them afterwards."""

import hmac
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.errors import Conflict, InquiryAccessDenied, NotFound
from bot.inquiries.records import (
    UNKNOWN_CHANNEL,
    EntityValue,
    HistoryEvent,
    InquiryDetail,
    InquiryDraft,
    InquirySummary,
    LoggedInquiry,
    TranscriptLine,
)
from bot.inquiries.reference import new_reference, parse_reference
from bot.store import (
    Actor,
    Conversation,
    EntityRecord,
    Inquiry,
    InquiryEvent,
    InquiryState,
    Message,
    Store,
    TranscriptRecord,
    utc_now,
)

# With 29**6 codes a year one attempt is enough; a second one is for chance, more would be a fault elsewhere.
LOG_ATTEMPTS = 5
LIST_LIMIT = 50

LOGGED = "logged"
WITHDRAWN = "withdrawn"


class Inquiries:
    """The inquiry service. Every method is one transaction; safe to use from several threads."""

    def __init__(
        self,
        store: Store,
        clock: Callable[[], datetime] = utc_now,
        make_reference: Callable[[int], str] = new_reference,
    ) -> None:
        """Work on `store`; `clock` tells the time in UTC, `make_reference` makes a reference for a year."""
        self._store = store
        self._clock = clock
        self._make_reference = make_reference

    def log(self, draft: InquiryDraft) -> LoggedInquiry:
        """Log an inquiry with the transcript of its conversation up to now. With the same key, only once.

        If the conversation is not on record, the inquiry is logged all the same, without a transcript.

        Raises:
            StoreError: the database failed; nothing is logged.
        """
        # A conflict means that the reference is taken, or that the same inquiry was logged at the same moment (on
        # SQLite writers wait for each other, on PostgreSQL they do not); the next attempt sees which.
        for _ in range(LOG_ATTEMPTS - 1):
            with suppress(Conflict):
                return self._log_once(draft)
        return self._log_once(draft)

    def _log_once(self, draft: InquiryDraft) -> LoggedInquiry:
        with self._store.session() as session:
            return self._log(session, draft)

    def _log(self, session: Session, draft: InquiryDraft) -> LoggedInquiry:
        same = select(Inquiry.reference).where(Inquiry.idempotency_key == draft.idempotency_key)
        logged = session.scalar(same)
        if logged is not None:
            return LoggedInquiry(logged, already_logged=True)
        now = self._clock()
        conversation = session.get(Conversation, draft.conversation_id) if draft.conversation_id else None
        messages = _messages_of(session, conversation)
        inquiry = Inquiry(
            reference=self._make_reference(now.year),
            idempotency_key=draft.idempotency_key,
            conversation_id=conversation.id if conversation else None,
            channel=conversation.channel if conversation else UNKNOWN_CHANNEL,
            language=draft.language,
            topic=draft.topic,
            message=draft.message,
            name=draft.name,
            company=draft.company,
            email=draft.email,
            country=draft.country,
            consent_version=draft.consent_version,
            consented_at=now,
            state=InquiryState.NEW,
            transcript=[_transcript_record(message) for message in messages],
            entities=_distinct_entities(messages),
            created_at=now,
            updated_at=now,
        )
        session.add(inquiry)
        session.flush()
        session.add(InquiryEvent(inquiry_id=inquiry.id, at=now, actor=Actor.ASKER, event=LOGGED))
        return LoggedInquiry(inquiry.reference, already_logged=False)

    def of_conversation(self, conversation_id: str) -> list[InquirySummary]:
        """The inquiries logged in a conversation, oldest first."""
        with self._store.reading() as session:
            query = select(Inquiry).where(Inquiry.conversation_id == conversation_id).order_by(Inquiry.id)
            return [_summary(inquiry) for inquiry in session.scalars(query)]

    def open(self, reference: str, conversation_id: str | None, email: str | None) -> InquirySummary:
        """The inquiry with this reference, for who logged it in this conversation or gives its e-mail address.

        Raises:
            InvalidReference: the text cannot be a reference.
            InquiryAccessDenied: not this asker's inquiry, or no such inquiry.
        """
        with self._store.reading() as session:
            return _summary(_find_for_asker(session, reference, conversation_id, email))

    def withdraw(self, reference: str, conversation_id: str | None, email: str | None) -> InquirySummary:
        """Withdraw an inquiry: staff no longer follow it up. One that is withdrawn already stays as it is.

        Raises:
            InvalidReference, InquiryAccessDenied: as for `open`.
        """
        with self._store.session() as session:
            inquiry = _find_for_asker(session, reference, conversation_id, email)
            if inquiry.state != InquiryState.WITHDRAWN:
                now = self._clock()
                inquiry.state = InquiryState.WITHDRAWN
                inquiry.updated_at = now
                session.add(InquiryEvent(inquiry_id=inquiry.id, at=now, actor=Actor.ASKER, event=WITHDRAWN))
            return _summary(inquiry)

    def erase(self, reference: str, conversation_id: str | None, email: str | None) -> None:
        """Delete an inquiry, its transcript and its history for good.

        Raises:
            InvalidReference, InquiryAccessDenied: as for `open`.
        """
        with self._store.session() as session:
            session.delete(_find_for_asker(session, reference, conversation_id, email))

    def list_all(
        self, state: InquiryState | None = None, limit: int = LIST_LIMIT, before_id: int | None = None
    ) -> list[InquirySummary]:
        """Inquiries for staff, newest first: at most `limit`, in this state, logged before the one with this id."""
        query = select(Inquiry).order_by(Inquiry.id.desc()).limit(limit)
        if state is not None:
            query = query.where(Inquiry.state == state)
        if before_id is not None:
            query = query.where(Inquiry.id < before_id)
        with self._store.reading() as session:
            return [_summary(inquiry) for inquiry in session.scalars(query)]

    def get(self, reference: str) -> InquiryDetail:
        """Everything about one inquiry, for staff.

        Raises:
            InvalidReference: the text cannot be a reference.
            NotFound: there is no such inquiry.
        """
        with self._store.reading() as session:
            inquiry = _find(session, parse_reference(reference))
            if inquiry is None:
                raise NotFound("inquiry")
            history = select(InquiryEvent).where(InquiryEvent.inquiry_id == inquiry.id).order_by(InquiryEvent.id)
            return _detail(inquiry, session.scalars(history).all())


def _find(session: Session, reference: str) -> Inquiry | None:
    return session.scalar(select(Inquiry).where(Inquiry.reference == reference))


def _find_for_asker(session: Session, reference: str, conversation_id: str | None, email: str | None) -> Inquiry:
    inquiry = _find(session, parse_reference(reference))
    # An unknown reference is compared like a known one, so that neither answer nor time tells which exist.
    same_conversation = _same(inquiry.conversation_id if inquiry else None, conversation_id)
    same_email = _same(_folded(inquiry.email) if inquiry else None, _folded(email))
    if inquiry is None or not (same_conversation or same_email):
        raise InquiryAccessDenied
    return inquiry


def _folded(email: str | None) -> str | None:
    return None if email is None else email.strip().casefold()


def _same(stored: str | None, given: str | None) -> bool:
    equal = hmac.compare_digest(_encoded(stored), _encoded(given))
    return equal and bool(stored)


def _encoded(text: str | None) -> bytes:
    return (text or "").encode("utf-8", "surrogatepass")


def _messages_of(session: Session, conversation: Conversation | None) -> Sequence[Message]:
    if conversation is None:
        return ()
    query = select(Message).where(Message.conversation_id == conversation.id).order_by(Message.id)
    return session.scalars(query).all()


def _transcript_record(message: Message) -> TranscriptRecord:
    return {
        "sender": message.sender.value,
        "text": message.text,
        "language": message.language,
        "entry": message.entry,
        "at": message.created_at.astimezone(UTC).isoformat(),
    }


def _distinct_entities(messages: Sequence[Message]) -> list[EntityRecord]:
    """Each entity once, in the order in which they were first named."""
    found = dict.fromkeys((e["entity"], e["value"]) for message in messages for e in message.entities or ())
    return [{"entity": entity, "value": value} for entity, value in found]


def _summary(inquiry: Inquiry) -> InquirySummary:
    return InquirySummary(
        id=inquiry.id,
        reference=inquiry.reference,
        state=inquiry.state,
        channel=inquiry.channel,
        language=inquiry.language,
        topic=inquiry.topic,
        country=inquiry.country,
        created_at=inquiry.created_at,
        updated_at=inquiry.updated_at,
    )


def _detail(inquiry: Inquiry, history: Sequence[InquiryEvent]) -> InquiryDetail:
    return InquiryDetail(
        summary=_summary(inquiry),
        message=inquiry.message,
        name=inquiry.name,
        company=inquiry.company,
        email=inquiry.email,
        consent_version=inquiry.consent_version,
        consented_at=inquiry.consented_at,
        transcript=tuple(
            TranscriptLine(
                line["sender"], line["text"], line["language"], line["entry"], datetime.fromisoformat(line["at"])
            )
            for line in inquiry.transcript
        ),
        entities=tuple(EntityValue(record["entity"], record["value"]) for record in inquiry.entities),
        history=tuple(HistoryEvent(event.at, event.actor, event.event) for event in history),
    )
