"""All that is stored of a person, as they are given it: staff's names, which are other people's data, are left out."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from bot.inquiries import EntityValue, Inquiries, InquiryDetail
from bot.inquiries.history import ASSIGNEE
from bot.inquiries.records import TranscriptLine
from bot.knowledge import Language
from bot.privacy import telegram_tables as telegram
from bot.privacy.consent import ConsentWording
from bot.privacy.engine_memory import EngineEvent
from bot.privacy.subject import Subject
from bot.store import Conversation, Delivery, Feedback, Inquiry, Message


@dataclass(frozen=True, slots=True)
class WrittenText:
    """A reply or an internal note."""

    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened to an inquiry; `by` is asker, staff or system."""

    at: datetime
    by: str
    event: str
    old_value: str | None
    new_value: str | None


@dataclass(frozen=True, slots=True)
class StoredDelivery:
    """Something that was sent or is to be sent; `text` is there while it has not arrived."""

    kind: str
    channel: str
    state: str
    text: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class StoredInquiry:
    """An inquiry and all that belongs to it."""

    reference: str
    state: str
    priority: str
    channel: str
    language: Language
    topic: str
    message: str
    name: str
    company: str | None
    email: str
    country: str
    created_at: datetime
    updated_at: datetime
    first_reply_at: datetime | None
    closed_at: datetime | None
    consent_version: str
    consented_at: datetime
    consent_wording: str | None
    tags: tuple[str, ...]
    named: tuple[EntityValue, ...]
    transcript: tuple[TranscriptLine, ...]
    replies: tuple[WrittenText, ...]
    notes: tuple[WrittenText, ...]
    history: tuple[Happening, ...]
    deliveries: tuple[StoredDelivery, ...]


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """One message, with what the assistant understood of it."""

    sender: str
    text: str
    language: str
    at: datetime
    intent: str | None
    entry: str | None
    entities: tuple[EntityValue, ...]


@dataclass(frozen=True, slots=True)
class Rating:
    """Whether a message helped."""

    helpful: bool
    comment: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class StoredConversation:
    """A conversation and all that belongs to it; `engine_events` are copies in the dialogue engine's memory."""

    id: str
    channel: str
    language: Language
    created_at: datetime
    updated_at: datetime
    telegram_chat_id: int | None
    messages: tuple[StoredMessage, ...]
    ratings: tuple[Rating, ...]
    deliveries: tuple[StoredDelivery, ...]
    engine_events: tuple[EngineEvent, ...]


@dataclass(frozen=True, slots=True)
class PersonalData:
    """Everything about one person."""

    exported_at: datetime
    language: Language
    email_addresses: tuple[str, ...]
    inquiries: tuple[StoredInquiry, ...]
    conversations: tuple[StoredConversation, ...]


def stored_inquiry(
    session: Session, inquiries: Inquiries, reference: str, wordings: dict[str, ConsentWording]
) -> StoredInquiry:
    """One inquiry; its consent in the words of the version that was asked."""
    detail = inquiries.get(reference)
    summary = detail.summary
    row = session.scalars(select(Inquiry).where(Inquiry.reference == reference)).one()
    wording = wordings.get(detail.consent_version)
    language = Language(summary.language)
    return StoredInquiry(
        reference=summary.reference,
        state=summary.state.value,
        priority=summary.priority.value,
        channel=summary.channel,
        language=language,
        topic=summary.topic,
        message=detail.message,
        name=detail.name,
        company=detail.company,
        email=detail.email,
        country=summary.country,
        created_at=summary.created_at,
        updated_at=summary.updated_at,
        first_reply_at=detail.first_reply_at,
        closed_at=detail.closed_at,
        consent_version=detail.consent_version,
        consented_at=detail.consented_at,
        consent_wording=wording.said(language, row.consent_days) if wording else None,
        tags=detail.tags,
        named=detail.entities,
        transcript=detail.transcript,
        replies=tuple(WrittenText(reply.text, reply.created_at) for reply in detail.replies),
        notes=tuple(WrittenText(note.text, note.created_at) for note in detail.notes),
        history=_history(detail),
        deliveries=_deliveries(session, Delivery.inquiry_id == summary.id),
    )


def stored_conversation(
    session: Session, conversation_id: str, engine_events: list[EngineEvent]
) -> StoredConversation | None:
    """One conversation; None if it was erased meanwhile."""
    row = session.get(Conversation, conversation_id)
    if row is None:
        return None
    messages = session.scalars(
        select(Message).where(Message.conversation_id == conversation_id).order_by(Message.id)
    ).all()
    ratings = session.scalars(
        select(Feedback).where(Feedback.conversation_id == conversation_id).order_by(Feedback.id)
    ).all()
    return StoredConversation(
        id=row.id,
        channel=row.channel,
        language=Language(row.language),
        created_at=row.created_at,
        updated_at=row.updated_at,
        telegram_chat_id=_chat_of(session, conversation_id),
        messages=tuple(_message(message) for message in messages),
        ratings=tuple(Rating(rating.helpful, rating.comment, rating.created_at) for rating in ratings),
        deliveries=_deliveries(session, (Delivery.conversation_id == conversation_id) & Delivery.inquiry_id.is_(None)),
        engine_events=tuple(engine_events),
    )


def personal_data(
    session: Session,
    subject: Subject,
    inquiries: Inquiries,
    wordings: dict[str, ConsentWording],
    engine_events: dict[str, list[EngineEvent]],
    now: datetime,
) -> PersonalData:
    """Everything about `subject`."""
    held = (stored_conversation(session, own, engine_events.get(own, [])) for own in subject.conversations)
    return PersonalData(
        exported_at=now,
        language=subject.language,
        email_addresses=subject.emails,
        inquiries=tuple(stored_inquiry(session, inquiries, own, wordings) for own in subject.inquiries),
        conversations=tuple(conversation for conversation in held if conversation is not None),
    )


def _history(detail: InquiryDetail) -> tuple[Happening, ...]:
    return tuple(
        Happening(
            at=event.at,
            by=event.actor.kind.value,
            event=event.event,
            old_value=None if event.event == ASSIGNEE else event.old_value,
            new_value=None if event.event == ASSIGNEE else event.new_value,
        )
        for event in detail.history
    )


def _message(row: Message) -> StoredMessage:
    entities = tuple(EntityValue(found["entity"], found["value"]) for found in row.entities or ())
    return StoredMessage(row.sender.value, row.text, row.language, row.created_at, row.intent, row.entry, entities)


def _deliveries(session: Session, mine: ColumnElement[bool]) -> tuple[StoredDelivery, ...]:
    rows = session.scalars(select(Delivery).where(mine).order_by(Delivery.id))
    return tuple(StoredDelivery(row.kind.value, row.channel, row.state.value, row.text, row.created_at) for row in rows)


def _chat_of(session: Session, conversation_id: str) -> int | None:
    if not telegram.are_there(session.connection()):
        return None
    chats = telegram.CHATS
    found: int | None = session.scalar(select(chats.c.chat_id).where(chats.c.conversation_id == conversation_id))
    return found
