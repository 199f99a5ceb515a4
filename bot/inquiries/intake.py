"""How an inquiry becomes a case: logged once, with the transcript that led to it."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.inquiries.history import LOGGED
from bot.inquiries.records import UNKNOWN_CHANNEL, InquiryDraft
from bot.store import (
    ActorKind,
    Conversation,
    Inquiry,
    InquiryEntity,
    InquiryEvent,
    InquirySearch,
    InquiryState,
    Message,
    Sender,
    TranscriptRecord,
)
from bot.store.search_text import pieces_of, searchable


def logged_before(session: Session, idempotency_key: str) -> str | None:
    """The reference of the inquiry that was handed in with this key, or None."""
    return session.scalar(select(Inquiry.reference).where(Inquiry.idempotency_key == idempotency_key))


def add_inquiry(session: Session, draft: InquiryDraft, reference: str, now: datetime, due_at: datetime) -> Inquiry:
    """Store a new inquiry with everything that belongs to it.

    Raises:
        IntegrityError: the reference or the key is taken.
    """
    conversation = session.get(Conversation, draft.conversation_id) if draft.conversation_id else None
    messages = _messages_of(session, conversation)
    inquiry = Inquiry(
        reference=reference,
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
        consent_days=draft.consent_days,
        consented_at=now,
        state=InquiryState.NEW,
        transcript=[_transcript_record(message) for message in messages],
        entities=_distinct_entities(messages, now),
        created_at=now,
        updated_at=now,
        waiting_since=now,
        due_at=due_at,
    )
    session.add(inquiry)
    session.flush()
    text = searchable(_words(inquiry, messages))
    session.add(InquirySearch(inquiry_id=inquiry.id, text=text, pieces=pieces_of(text)))
    session.add(InquiryEvent(inquiry_id=inquiry.id, at=now, actor=ActorKind.ASKER, event=LOGGED))
    session.flush()
    return inquiry


def _messages_of(session: Session, conversation: Conversation | None) -> Sequence[Message]:
    if conversation is None:
        return ()
    query = select(Message).where(Message.conversation_id == conversation.id).order_by(Message.id)
    return session.scalars(query).all()


def _transcript_record(message: Message) -> TranscriptRecord:
    line: TranscriptRecord = {
        "sender": message.sender.value,
        "text": message.text,
        "language": message.language,
        "entry": message.entry,
        "at": message.created_at.astimezone(UTC).isoformat(),
    }
    if message.confidence is not None:
        line["confidence"] = message.confidence
    if message.sources:
        line["sources"] = message.sources
    return line


def _distinct_entities(messages: Sequence[Message], logged_at: datetime) -> list[InquiryEntity]:
    """Each entity once, in the order in which they were first named."""
    found = dict.fromkeys((e["entity"], e["value"]) for message in messages for e in message.entities or ())
    return [
        InquiryEntity(entity=entity, value=value, position=position, logged_at=logged_at)
        for position, (entity, value) in enumerate(found)
    ]


def _words(inquiry: Inquiry, messages: Sequence[Message]) -> str:
    """What an inquiry is found by: what its asker wrote, and its reference."""
    said = (message.text for message in messages if message.sender is Sender.USER)
    fields = (inquiry.reference, inquiry.name, inquiry.company or "", inquiry.email, inquiry.message)
    return "\n".join((*fields, *said))
