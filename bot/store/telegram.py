"""What the Telegram face has to remember: its chats, and the updates it has received.

The only table with chat ids beside the outbox. Nothing else in the database refers to a person's Telegram account.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, UtcDateTime, text_enum, utc_now


class UpdateState(StrEnum):
    """Whether an update has been handled."""

    PENDING = "pending"
    DONE = "done"


class TelegramChat(Base):
    """One chat with the bot. A group has no conversation: it is only told once that the bot talks in private."""

    __tablename__ = "telegram_chats"

    chat_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    conversation_id: Mapped[str | None] = mapped_column(
        ForeignKey("conversations.id", ondelete="SET NULL"), unique=True
    )
    language: Mapped[str] = mapped_column(String(2))
    # The update that began the conversation: handled again after a crash, its answer begins with the greeting again.
    greeted_by: Mapped[int | None] = mapped_column(BigInteger)
    # False once the person has blocked the bot: nothing is sent until they come back.
    reachable: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, onupdate=utc_now)


class TelegramUpdate(Base):
    """One update as received. Its content is dropped when it is handled; its id stays, so that it is handled once."""

    __tablename__ = "telegram_updates"
    __table_args__ = (Index(None, "state", "update_id"),)

    update_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    chat_id: Mapped[int] = mapped_column(BigInteger, index=True)
    content: Mapped[str | None] = mapped_column(Text)
    state: Mapped[UpdateState] = mapped_column(text_enum(UpdateState), default=UpdateState.PENDING)
    # How many of the answer's messages have been sent: after a crash the rest follows.
    sent: Mapped[int] = mapped_column(default=0)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
