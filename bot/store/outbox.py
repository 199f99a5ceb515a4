"""What is still to be told to somebody, stored with the change that caused it, and who holds a conversation."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, UtcDateTime, text_enum, utc_now

TELEGRAM_CHANNEL = "telegram"
EMAIL_CHANNEL = "email"
WEBHOOK_CHANNEL = "webhook"
"""With `WEB_CHANNEL` these are all the ways that something is delivered; faces name their conversations' channel so."""


class DeliveryKind(StrEnum):
    """What is told."""

    REPLY = "reply"
    CONFIRMATION = "confirmation"
    INQUIRY_LOGGED = "inquiry_logged"
    ASKER_WROTE = "asker_wrote"
    INQUIRY_OVERDUE = "inquiry_overdue"
    STAFF_MESSAGE = "staff_message"
    TAKEN_OVER = "taken_over"
    RELEASED = "released"


class DeliveryState(StrEnum):
    """How far a delivery is. One that a worker has claimed is still pending: the worker may die."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


class Delivery(Base):
    """One thing to tell over one channel: a row of the outbox.

    Recipients are not stored: they are the conversation, the inquiry's address or the staff's when it is sent. So
    whoever has an inquiry or a conversation erased takes along what was still to be sent. `text` is what a person
    wrote; it is deleted once it has arrived.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        Index(None, "state", "channel", "due_at"),
        Index(None, "conversation_id", "channel", "state"),
        Index(None, "inquiry_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(100), unique=True)
    kind: Mapped[DeliveryKind] = mapped_column(text_enum(DeliveryKind))
    channel: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(2))
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    inquiry_id: Mapped[int | None] = mapped_column(ForeignKey("inquiries.id", ondelete="CASCADE"))
    text: Mapped[str | None] = mapped_column(Text)
    state: Mapped[DeliveryState] = mapped_column(text_enum(DeliveryState), default=DeliveryState.PENDING)
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    lease: Mapped[str | None] = mapped_column(String(32))
    error: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Hold(Base):
    """A conversation that a member of staff has taken over, until when the assistant is silent in it."""

    __tablename__ = "holds"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True)
    staff: Mapped[str] = mapped_column(String(200))
    since: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    until: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
