"""Reading the audit: who did what with personal data when, the newest first, page by page."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.errors import InvalidField
from bot.store import ActorKind, AuditAction, AuditRecord

PAGE_SIZE = 50
PAGE_SIZE_MAX = 500


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One record; `subject` is a pseudonym, None where many people were meant or none in particular."""

    id: int
    at: datetime
    action: AuditAction
    actor: ActorKind
    actor_name: str | None
    subject: str | None
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Some records; `next` is what the next page is asked with, None if this one is the last."""

    entries: tuple[AuditEntry, ...]
    next: int | None


def audit_page(
    session: Session,
    *,
    before: int | None = None,
    action: AuditAction | None = None,
    actor_name: str | None = None,
    subjects: tuple[str, ...] = (),
    limit: int = PAGE_SIZE,
) -> AuditPage:
    """Records older than the one with the id `before`; of one kind, one member of staff or one person if wanted.

    Raises:
        InvalidField: the limit is out of range.
    """
    if not 1 <= limit <= PAGE_SIZE_MAX:
        raise InvalidField("limit", "out_of_range", PAGE_SIZE_MAX)
    query = select(AuditRecord).order_by(AuditRecord.id.desc()).limit(limit + 1)
    if before is not None:
        query = query.where(AuditRecord.id < before)
    if action is not None:
        query = query.where(AuditRecord.action == action)
    if actor_name is not None:
        query = query.where(AuditRecord.actor_name == actor_name)
    if subjects:
        query = query.where(AuditRecord.subject.in_(subjects))
    rows = session.scalars(query).all()
    shown = rows[:limit]
    entries = tuple(
        AuditEntry(row.id, row.at, row.action, row.actor, row.actor_name, row.subject, row.counts) for row in shown
    )
    return AuditPage(entries, shown[-1].id if len(rows) > limit else None)
