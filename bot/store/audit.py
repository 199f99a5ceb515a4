"""What was done with personal data, kept without the personal data."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, UtcDateTime, text_enum, utc_now
from bot.store.inquiry import ActorKind


class AuditAction(StrEnum):
    """What was done."""

    EXPORTED = "exported"
    ERASED = "erased"
    EXPIRED = "expired"
    VIEWED = "viewed"
    CHANGED = "changed"


class AuditRecord(Base):
    """That personal data was looked at, changed, handed out or deleted: when, by whom, and how many rows of what.

    `subject` is a pseudonym of the person (`bot.privacy.pseudonyms`): who knows the key and the e-mail address can
    show that this person's data was erased, and nobody else can tell whose it was. None for what expired.
    """

    __tablename__ = "audit_records"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, index=True)
    action: Mapped[AuditAction] = mapped_column(text_enum(AuditAction))
    actor: Mapped[ActorKind] = mapped_column(text_enum(ActorKind))
    # The member of staff, where one is known; what the command line does is not signed in.
    actor_name: Mapped[str | None] = mapped_column(String(100))
    subject: Mapped[str | None] = mapped_column(String(64), index=True)
    counts: Mapped[dict[str, int]] = mapped_column(JSON)
