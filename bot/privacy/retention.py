"""Keeping personal data no longer than the clocks say: one for conversations, one for inquiries, one for the audit."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Table, TableClause, delete, exists, func, or_, select
from sqlalchemy.orm import Session

from bot.inquiries.states import DONE, WAITS_FOR_ASKER
from bot.privacy import telegram_tables as telegram
from bot.settings import Settings
from bot.store import (
    AuditRecord,
    Base,
    Conversation,
    Delivery,
    DeliveryState,
    Hold,
    Inquiry,
    InquiryState,
    StaffAttempt,
    StaffSession,
)

ATTEMPTS_KEPT = timedelta(hours=1)
"""Attempts to sign in to the console: longer than they count."""

# An inquiry that was answered, or whose asker never answered, has ended when last something happened to it.
_MAY_EXPIRE = DONE | WAITS_FOR_ASKER
_ended_at = func.coalesce(Inquiry.closed_at, Inquiry.updated_at)


@dataclass(frozen=True, slots=True)
class ExpiredConversation:
    """A conversation whose time is up; `last_used_at` is when last something was said in it."""

    id: str
    channel: str
    last_used_at: datetime


@dataclass(frozen=True, slots=True)
class ExpiredInquiry:
    """An inquiry whose time is up; `ended_at` is when its clock began."""

    id: int
    reference: str
    state: InquiryState
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class Clocks:
    """The moments before which something has to have ended to be deleted now."""

    now: datetime
    transcript_days: int
    inquiry_days: int
    audit_days: int

    @classmethod
    def of(cls, settings: Settings, now: datetime) -> "Clocks":
        """The clocks as set, read at `now`."""
        return cls(
            now,
            settings.retention_transcript_days,
            settings.retention_inquiry_days,
            settings.retention_audit_days,
        )

    def ago(self, days: int) -> datetime:
        """So many days before now."""
        return self.now - timedelta(days=days)


def expired_conversations(session: Session, clocks: Clocks, limit: int | None) -> list[ExpiredConversation]:
    """Conversations, the longest unused first, in which nobody waits for a message that is on its way."""
    on_its_way = exists().where(Delivery.conversation_id == Conversation.id, Delivery.state == DeliveryState.PENDING)
    held = exists().where(Hold.conversation_id == Conversation.id, Hold.until > clocks.now)
    query = (
        select(Conversation.id, Conversation.channel, Conversation.updated_at)
        .where(Conversation.updated_at < clocks.ago(clocks.transcript_days), ~on_its_way, ~held)
        .order_by(Conversation.updated_at, Conversation.id)
        .limit(limit)
    )
    return [ExpiredConversation(*row) for row in session.execute(query)]


def expired_inquiries(session: Session, clocks: Clocks, limit: int | None) -> list[ExpiredInquiry]:
    """Inquiries that ended long enough ago, the oldest first; those that wait for us never expire."""
    query = (
        select(Inquiry.id, Inquiry.reference, Inquiry.state, _ended_at)
        .where(Inquiry.state.in_(_MAY_EXPIRE), _inquiry_is_over(session, clocks))
        .order_by(Inquiry.id)
        .limit(limit)
    )
    return [ExpiredInquiry(*row) for row in session.execute(query)]


def count_others(session: Session, clocks: Clocks) -> dict[str, int]:
    """How many rows `delete_others` would delete, by table; tables without any are left out."""
    counts = {
        name: session.scalar(select(func.count()).select_from(rows).where(is_over)) or 0
        for name, rows, is_over in _others(session, clocks)
    }
    return {name: count for name, count in counts.items() if count}


def delete_others(session: Session, clocks: Clocks) -> None:
    """Delete old audit records and sessions, and what stays of a chat or delivery when what it belonged to is gone."""
    for _, rows, is_over in _others(session, clocks):
        session.execute(delete(rows).where(is_over))


def _others(session: Session, clocks: Clocks) -> Iterator[tuple[str, Table | TableClause, ColumnElement[bool]]]:
    unused = clocks.ago(clocks.transcript_days)
    audit = Base.metadata.tables[AuditRecord.__tablename__]
    yield audit.name, audit, audit.c.at < clocks.ago(clocks.audit_days)
    sessions = Base.metadata.tables[StaffSession.__tablename__]
    yield sessions.name, sessions, sessions.c.expires_at < clocks.now
    attempts = Base.metadata.tables[StaffAttempt.__tablename__]
    yield attempts.name, attempts, attempts.c.at < clocks.now - ATTEMPTS_KEPT
    deliveries = Base.metadata.tables[Delivery.__tablename__]
    is_nobodys = deliveries.c.conversation_id.is_(None) & deliveries.c.inquiry_id.is_(None)
    yield deliveries.name, deliveries, is_nobodys & (deliveries.c.settled_at < unused)
    if telegram.are_there(session.connection()):
        updates, chats = telegram.UPDATES, telegram.CHATS
        yield updates.name, updates, (updates.c.state == telegram.DONE) & (updates.c.received_at < unused)
        yield chats.name, chats, chats.c.conversation_id.is_(None) & (chats.c.updated_at < unused)


def _inquiry_is_over(session: Session, clocks: Clocks) -> ColumnElement[bool]:
    """Its time is up by the setting, or by what its asker was told if that is sooner."""
    told = session.scalars(
        select(Inquiry.consent_days).where(Inquiry.consent_days < clocks.inquiry_days).distinct()
    ).all()
    sooner = ((Inquiry.consent_days == days) & (_ended_at < clocks.ago(days)) for days in told if days is not None)
    return or_(_ended_at < clocks.ago(clocks.inquiry_days), *sooner)
