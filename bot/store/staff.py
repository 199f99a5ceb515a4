"""The people who work with the console: their accounts, their sessions, and where each of them stands."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, UtcDateTime, text_enum, utc_now


class StaffRole(StrEnum):
    """What a member of staff may do; each may do what the ones before may."""

    READER = "reader"
    """Read inquiries and conversations."""

    AGENT = "agent"
    """Answer them, change them, export them."""

    ADMIN = "admin"
    """Also what concerns other people's rights: accounts, privacy, the model."""


class StaffAccount(Base):
    """A member of staff who may sign in.

    `name` is what they sign in with, and what stands in inquiries as assignee, author and actor: it is never given to
    somebody else. `totp_seed` is set once the second factor has been confirmed; `totp_step` is the last time step whose
    code was used, so that no code works twice.
    """

    __tablename__ = "staff_accounts"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    role: Mapped[StaffRole] = mapped_column(text_enum(StaffRole))
    language: Mapped[str] = mapped_column(String(2))
    password_hash: Mapped[str] = mapped_column(String(200))
    totp_seed: Mapped[str | None] = mapped_column(String(64))
    totp_step: Mapped[int] = mapped_column(default=0)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, onupdate=utc_now)


class StaffRecoveryCode(Base):
    """Stands in for the second factor once; only its hash is kept, and the row goes when it is used."""

    __tablename__ = "staff_recovery_codes"

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id", ondelete="CASCADE"), index=True)


class StaffSession(Base):
    """Somebody signed in, on one device; `is_pending` while the second factor is still to come."""

    __tablename__ = "staff_sessions"
    __table_args__ = (Index(None, "expires_at"),)

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id", ondelete="CASCADE"), index=True)
    is_pending: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StaffAttempt(Base):
    """One attempt to sign in that has not succeeded, by the pseudonym of an account's name or of an address."""

    __tablename__ = "staff_attempts"
    __table_args__ = (Index(None, "subject", "at"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, index=True)


class StaffReading(Base):
    """That a member of staff has an inquiry open, or had: up to which version, and when it was last on their screen."""

    __tablename__ = "staff_readings"
    __table_args__ = (Index(None, "inquiry_id", "seen_at"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id", ondelete="CASCADE"), primary_key=True)
    inquiry_id: Mapped[int] = mapped_column(ForeignKey("inquiries.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int]
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SavedView(Base):
    """A filter of the inbox that a member of staff keeps under a name; `query` is the filter as in the address."""

    __tablename__ = "staff_saved_views"
    __table_args__ = (UniqueConstraint("account_id", "name"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(60))
    query: Mapped[str] = mapped_column(String(500))
