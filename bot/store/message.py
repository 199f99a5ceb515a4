"""What was said in a conversation, the buttons offered with it, and what the visitor thought of it."""

import secrets
from datetime import datetime
from enum import StrEnum
from typing import TypedDict

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.store.base import Base, NullableJson, UtcDateTime, text_enum, utc_now


class Sender(StrEnum):
    """Who wrote a message."""

    USER = "user"
    BOT = "bot"
    STAFF = "staff"


class MessageState(StrEnum):
    """Whether a visitor's message has its answer, or is for staff to answer; other messages have no state."""

    PENDING = "pending"
    ANSWERED = "answered"
    FOR_STAFF = "for_staff"


class Outcome(StrEnum):
    """What became of a question that a visitor typed; what is typed into a form, and small talk, have none."""

    ANSWERED = "answered"
    CLARIFIED = "clarified"
    REFUSED = "refused"
    FAILED = "failed"


class SourceRecord(TypedDict):
    """A source as stored with a message."""

    title: str
    url: str | None
    as_of: str | None


class EntityRecord(TypedDict):
    """An entity that the engine found in a visitor's message."""

    entity: str
    value: str


def _index_of_set(column: str, *others: str) -> Index:
    """An index by time over the messages where `column` is set."""
    is_set = text(f"{column} IS NOT NULL")
    names = ("created_at", column, *others)
    return Index(f"ix_messages_{column}s", *names, sqlite_where=is_set, postgresql_where=is_set)


class Message(Base):
    """One message. Ids rise over all conversations and are never given twice, so that a face can resume after one."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("conversation_id", "client_id"),
        Index(None, "conversation_id", "id"),
        Index(None, "state"),
        # For figures and gaps by time; few rows of all, because most have neither.
        _index_of_set("outcome", "language"),
        _index_of_set("entry"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    sender: Mapped[Sender] = mapped_column(text_enum(Sender))
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(2))
    entry: Mapped[str | None] = mapped_column(String(100))
    asks: Mapped[str | None] = mapped_column(String(20))
    sources: Mapped[list[SourceRecord]] = mapped_column(JSON, default=list)
    client_id: Mapped[str | None] = mapped_column(String(36))
    # SET NULL: when a visitor has the conversation erased, the last reply outlives the message it answers.
    reply_to: Mapped[int | None] = mapped_column(ForeignKey("messages.id", ondelete="SET NULL"), index=True)
    state: Mapped[MessageState | None] = mapped_column(text_enum(MessageState))
    payload: Mapped[str | None] = mapped_column(Text)
    intent: Mapped[str | None] = mapped_column(String(200))
    confidence: Mapped[float | None]
    outcome: Mapped[Outcome | None] = mapped_column(text_enum(Outcome))
    entities: Mapped[list[EntityRecord] | None] = mapped_column(NullableJson)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    buttons: Mapped[list["Button"]] = relationship(
        order_by="Button.position", cascade="all, delete-orphan", passive_deletes=True, lazy="selectin"
    )


def new_button_id() -> str:
    """A fresh button id, not guessable: a button works only for who was shown it."""
    return secrets.token_urlsafe(12)


class Button(Base):
    """A button offered with a message, and what pressing it tells the engine."""

    __tablename__ = "buttons"

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_button_id)
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"), index=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    payload: Mapped[str] = mapped_column(Text)


class Feedback(Base):
    """Whether a message helped. One per message; the last word counts."""

    __tablename__ = "feedback"
    __table_args__ = (Index(None, "created_at"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"), unique=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    helpful: Mapped[bool]
    comment: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
