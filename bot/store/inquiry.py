"""A logged inquiry, which outlives its conversation: the case that staff work on, and what happened to it."""

import secrets
from datetime import datetime
from enum import StrEnum
from typing import NotRequired, TypedDict

from sqlalchemy import JSON, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.store.base import Base, UtcDateTime, text_enum, utc_now
from bot.store.message import SourceRecord


class InquiryState(StrEnum):
    """How far an inquiry is; `bot.inquiries.states` says what may follow what."""

    NEW = "new"
    OPEN = "open"
    WAITING = "waiting"
    ANSWERED = "answered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    SPAM = "spam"
    DUPLICATE = "duplicate"


class Priority(StrEnum):
    """How much an inquiry presses."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class ActorKind(StrEnum):
    """Who made something happen."""

    ASKER = "asker"
    STAFF = "staff"
    SYSTEM = "system"


class TranscriptRecord(TypedDict):
    """One line of a transcript as stored with an inquiry; `at` is ISO 8601 in UTC.

    `confidence` says how sure the assistant was of what the asker meant, `sources` what an answer rests on; inquiries
    logged before these were kept have neither.
    """

    sender: str
    text: str
    language: str
    entry: str | None
    at: str
    confidence: NotRequired[float]
    sources: NotRequired[list[SourceRecord]]


def _index_of_set(column: str, *others: str) -> Index:
    """An index over the rows where `column` is set: few, because most inquiries are done."""
    is_set = text(f"{column} IS NOT NULL")
    return Index(f"ix_inquiries_list_{column}", column, *others, sqlite_where=is_set, postgresql_where=is_set)


class Inquiry(Base):
    """A question that a person follows up, with the transcript that led to it.

    `version` rises with every change; the database refuses a change of a version that is no longer the latest.
    `waiting_since` and `due_at` are set exactly while the asker waits for us.
    """

    __tablename__ = "inquiries"
    __table_args__ = (
        Index(None, "email"),
        Index(None, "conversation_id"),
        Index(None, "duplicate_of_id"),
        # Lists: one index for each filter that a page begins with, in the order of the pages. All hold what other
        # filters ask for, so that rows which do not match are passed over without being read.
        Index("ix_inquiries_list", "created_at", "id", "state", "topic", "language", "channel", "assignee"),
        Index("ix_inquiries_list_state", "state", "created_at", "id", "topic", "language", "channel", "assignee"),
        Index("ix_inquiries_list_topic", "topic", "created_at", "id", "state", "language", "channel", "assignee"),
        Index("ix_inquiries_list_language", "language", "created_at", "id", "state", "topic", "channel", "assignee"),
        Index("ix_inquiries_list_channel", "channel", "created_at", "id", "state", "topic", "language", "assignee"),
        Index("ix_inquiries_list_assignee", "assignee", "created_at", "id", "state", "topic", "language", "channel"),
        _index_of_set("waiting_since", "id", "state", "topic", "language", "channel", "assignee"),
        _index_of_set("due_at", "id", "state", "topic", "language", "channel", "assignee"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    idempotency_key: Mapped[str] = mapped_column(String(100), unique=True)
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversations.id", ondelete="SET NULL"))
    channel: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(2))
    topic: Mapped[str] = mapped_column(String(50))
    message: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(String(200))
    company: Mapped[str | None] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(320))
    country: Mapped[str] = mapped_column(String(2))
    consent_version: Mapped[str] = mapped_column(String(20))
    consented_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # How long after its end the asker was told that the inquiry is kept, in days; a longer setting does not count.
    consent_days: Mapped[int | None]
    state: Mapped[InquiryState] = mapped_column(text_enum(InquiryState), default=InquiryState.NEW)
    transcript: Mapped[list[TranscriptRecord]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, onupdate=utc_now)
    version: Mapped[int] = mapped_column(default=1)
    priority: Mapped[Priority] = mapped_column(text_enum(Priority), default=Priority.NORMAL)
    assignee: Mapped[str | None] = mapped_column(String(100))
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    waiting_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    first_reply_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Whether the first reply came by the due date of that moment, which is forgotten with the reply.
    replied_in_time: Mapped[bool | None]
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    duplicate_of_id: Mapped[int | None] = mapped_column(ForeignKey("inquiries.id", ondelete="SET NULL"))

    entities: Mapped[list["InquiryEntity"]] = relationship(
        order_by="InquiryEntity.position", cascade="all, delete-orphan", passive_deletes=True
    )
    tags: Mapped[list["InquiryTag"]] = relationship(
        order_by="InquiryTag.tag", cascade="all, delete-orphan", passive_deletes=True
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class InquiryEntity(Base):
    """Something that the asker named, such as a technology, by its canonical id.

    `logged_at` repeats when the inquiry was logged, so that one index filters and puts in order.
    """

    __tablename__ = "inquiry_entities"
    __table_args__ = (Index("ix_inquiry_entities_list", "entity", "value", "logged_at", "inquiry_id"),)

    inquiry_id: Mapped[int] = mapped_column(ForeignKey("inquiries.id", ondelete="CASCADE"), primary_key=True)
    entity: Mapped[str] = mapped_column(String(50), primary_key=True)
    value: Mapped[str] = mapped_column(String(200), primary_key=True)
    position: Mapped[int]
    logged_at: Mapped[datetime] = mapped_column(UtcDateTime)


class InquiryTag(Base):
    """A word that staff put on an inquiry to find it by. `logged_at` as in `InquiryEntity`."""

    __tablename__ = "inquiry_tags"
    __table_args__ = (Index("ix_inquiry_tags_list", "tag", "logged_at", "inquiry_id"),)

    inquiry_id: Mapped[int] = mapped_column(ForeignKey("inquiries.id", ondelete="CASCADE"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(50), primary_key=True)
    logged_at: Mapped[datetime] = mapped_column(UtcDateTime)


class InquiryNote(Base):
    """What staff wrote about an inquiry for each other; the asker never sees it."""

    __tablename__ = "inquiry_notes"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    inquiry_id: Mapped[int] = mapped_column(ForeignKey("inquiries.id", ondelete="CASCADE"), index=True)
    author: Mapped[str | None] = mapped_column(String(100))
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)


def new_idempotency_key() -> str:
    """A key for who has none of its own: 32 hexadecimal digits."""
    return secrets.token_hex(16)


class InquiryReply(Base):
    """What staff answered the asker. How it gets there is the outbox's affair.

    `idempotency_key` is the same whenever the same reply is handed in again.
    """

    __tablename__ = "inquiry_replies"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    inquiry_id: Mapped[int] = mapped_column(ForeignKey("inquiries.id", ondelete="CASCADE"), index=True)
    idempotency_key: Mapped[str] = mapped_column(String(100), unique=True, default=new_idempotency_key)
    author: Mapped[str] = mapped_column(String(100))
    language: Mapped[str] = mapped_column(String(2))
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)


class InquiryEvent(Base):
    """One thing that happened to an inquiry: who did what when, and the value before and after.

    Values are states, names of staff, moments (ISO 8601), tags, references, and ids of notes and replies; never what
    somebody wrote.
    """

    __tablename__ = "inquiry_events"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    inquiry_id: Mapped[int] = mapped_column(ForeignKey("inquiries.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    actor: Mapped[ActorKind] = mapped_column(text_enum(ActorKind))
    actor_name: Mapped[str | None] = mapped_column(String(100))
    event: Mapped[str] = mapped_column(String(30))
    old_value: Mapped[str | None] = mapped_column(String(200))
    new_value: Mapped[str | None] = mapped_column(String(200))
