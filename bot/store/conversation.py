"""One visitor's conversation, whatever the face it is held through."""

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, UtcDateTime, utc_now

WEB_CHANNEL = "web"


def new_conversation_id() -> str:
    """A fresh id: 32 hexadecimal digits, not guessable."""
    return secrets.token_hex(16)


def new_token() -> str:
    """A fresh token, handed to the visitor once; only its hash is kept."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """What is stored of a token. The token is random, so a plain hash is enough."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


class Conversation(Base):
    """A conversation and what the dialogue engine has to be told with the next message."""

    __tablename__ = "conversations"
    __table_args__ = (Index(None, "created_at", "channel", "language"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_conversation_id)
    token_hash: Mapped[str] = mapped_column(String(64))
    channel: Mapped[str] = mapped_column(String(20), default=WEB_CHANNEL)
    language: Mapped[str] = mapped_column(String(2))
    language_pinned: Mapped[bool] = mapped_column(default=False)
    previous_entry: Mapped[str | None] = mapped_column(String(100))
    asks: Mapped[str | None] = mapped_column(String(20))
    turns_in_session: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, onupdate=utc_now)
