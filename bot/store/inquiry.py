"""A logged inquiry, which outlives its conversation, and what happened to it."""

from datetime import datetime
from enum import StrEnum
from typing import TypedDict

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, NullableJson, UtcDateTime, text_enum, utc_now
from bot.store.message import EntityRecord


class InquiryState(StrEnum):
    """How far an inquiry is."""

    NEW = "new"
    WITHDRAWN = "withdrawn"


class Actor(StrEnum):
    """Who made something happen."""

    ASKER = "asker"
    STAFF = "staff"
    SYSTEM = "system"


class TranscriptRecord(TypedDict):
    """One line of a transcript as stored with an inquiry; `at` is ISO 8601 in UTC."""

    sender: str
    text: str
    language: str
    entry: str | None
    at: str


class Inquiry(Base):
    """A question that a person follows up, with the transcript that led to it."""

    __tablename__ = "inquiries"
    __table_args__ = (
        Index(None, "email"),
        Index(None, "conversation_id"),
        Index(None, "state", "created_at"),
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
    state: Mapped[InquiryState] = mapped_column(text_enum(InquiryState), default=InquiryState.NEW)
    transcript: Mapped[list[TranscriptRecord]] = mapped_column(JSON, default=list)
    entities: Mapped[list[EntityRecord]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, onupdate=utc_now)


class InquiryEvent(Base):
    """One thing that happened to an inquiry: who did what, and when."""

    __tablename__ = "inquiry_events"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    inquiry_id: Mapped[int] = mapped_column(ForeignKey("inquiries.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    actor: Mapped[Actor] = mapped_column(text_enum(Actor))
    event: Mapped[str] = mapped_column(String(30))
    detail: Mapped[dict[str, str] | None] = mapped_column(NullableJson)
