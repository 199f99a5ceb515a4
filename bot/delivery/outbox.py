"""The outbox: what is put in, claimed, and marked, each within a transaction of the caller's.

A row is put in by the transaction that causes it, so it is there if and only if the change is. A worker claims rows
for as long as a lease; if it dies, they are due again. So everything is delivered at least once, and it is for the
channel to recognise a repeat by the row's id.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.elements import ColumnElement

from bot.delivery.records import ClaimedDelivery, DeliverySummary, claimed
from bot.delivery.retries import RetryPolicy
from bot.errors import Conflict, LeaseLost, NotFound
from bot.store import Delivery, DeliveryKind, DeliveryState, Inquiry

ABANDONED = "its worker ended each time"
LIST_LIMIT = 50
ERROR_MAX_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """Something to tell.

    Arguments:
        key: the same for the same thing, which is then told once however often it is put in.
        channel: `web`, `telegram`, `email` or `webhook`.
        language: `ko`, `de` or `en`.
        conversation_id: where it is told, for the channels that conversations are held through.
        inquiry_id: what it is about.
        text: what a person wrote.
    """

    key: str
    kind: DeliveryKind
    channel: str
    language: str
    conversation_id: str | None = None
    inquiry_id: int | None = None
    text: str | None = None


def put(session: Session, new: NewDelivery, now: datetime) -> None:
    """Put something into the outbox, unless it was before. It is delivered once the transaction is committed."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    values = {
        "key": new.key,
        "kind": new.kind,
        "channel": new.channel,
        "language": new.language,
        "conversation_id": new.conversation_id,
        "inquiry_id": new.inquiry_id,
        "text": new.text,
        "due_at": now,
        "created_at": now,
    }
    session.execute(insert(Delivery).values(values).on_conflict_do_nothing(index_elements=["key"]))


def has_due(session: Session, channel: str, now: datetime) -> bool:
    """Whether `claim` would find something; takes no lock."""
    return bool(session.scalar(select(exists().where(_is_due(channel, now)))))


def claim(
    session: Session, channel: str, now: datetime, *, limit: int, lease_seconds: float, policy: RetryPolicy
) -> tuple[ClaimedDelivery, ...]:
    """Claim up to `limit` due deliveries of a channel, oldest first; nobody else gets them before the lease ends.

    Within a conversation they come one by one: the next is due when the one before has arrived or failed for good.
    One whose workers died `policy.attempts` times is marked failed, so that it cannot go on killing workers.
    """
    lease = secrets.token_hex(16)
    query = (
        select(Delivery)
        .where(_is_due(channel, now))
        .order_by(Delivery.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Delivery)
    )
    found = []
    for row in session.scalars(query):
        if row.attempts >= policy.attempts:
            row.state, row.lease, row.error, row.settled_at = DeliveryState.FAILED, None, ABANDONED, now
            continue
        row.attempts += 1
        row.lease = lease
        row.due_at = now + timedelta(seconds=lease_seconds)
        found.append(claimed(row, lease))
    return tuple(found)


def mark_delivered(session: Session, delivery: ClaimedDelivery, now: datetime) -> None:
    """It has arrived. Its text has served its purpose and is deleted.

    Raises:
        LeaseLost: the lease ended meanwhile, or the delivery was erased.
    """
    _settle(session, delivery, {"state": DeliveryState.DELIVERED, "text": None, "error": None, "settled_at": now})


def postpone(
    session: Session,
    delivery: ClaimedDelivery,
    now: datetime,
    *,
    error: str,
    policy: RetryPolicy,
    retry_after_seconds: float | None = None,
) -> DeliveryState:
    """It did not arrive: try again after a pause, or, after the last attempt, mark it failed; returns which.

    Raises:
        LeaseLost: as for `mark_delivered`.
    """
    if delivery.attempts >= policy.attempts:
        mark_failed(session, delivery, now, error=error)
        return DeliveryState.FAILED
    pause = policy.pause_seconds(delivery.attempts, retry_after_seconds)
    _settle(session, delivery, {"due_at": now + timedelta(seconds=pause), "error": error[:ERROR_MAX_CHARACTERS]})
    return DeliveryState.PENDING


def mark_failed(session: Session, delivery: ClaimedDelivery, now: datetime, *, error: str) -> None:
    """It will not arrive as it is. It is kept for staff to see, who can have it tried again.

    Raises:
        LeaseLost: as for `mark_delivered`.
    """
    _settle(
        session,
        delivery,
        {"state": DeliveryState.FAILED, "error": error[:ERROR_MAX_CHARACTERS], "settled_at": now},
    )


def list_deliveries(
    session: Session,
    state: DeliveryState | None = None,
    channel: str | None = None,
    *,
    limit: int | None = LIST_LIMIT,
    before_id: int | None = None,
    inquiry_id: int | None = None,
) -> tuple[DeliverySummary, ...]:
    """Deliveries for staff, newest first: at most `limit` (None for all), those with an id below `before_id`.

    With `inquiry_id`, only those about this inquiry.
    """
    query = select(Delivery, Inquiry.reference).outerjoin(Inquiry, Inquiry.id == Delivery.inquiry_id)
    conditions = [
        Delivery.state == state if state is not None else None,
        Delivery.channel == channel if channel is not None else None,
        Delivery.id < before_id if before_id is not None else None,
        Delivery.inquiry_id == inquiry_id if inquiry_id is not None else None,
    ]
    for condition in conditions:
        if condition is not None:
            query = query.where(condition)
    rows = session.execute(query.order_by(Delivery.id.desc()).limit(limit)).all()
    return tuple(_summary(row, reference) for row, reference in rows)


def requeue(session: Session, delivery_id: int, now: datetime) -> DeliverySummary:
    """Have a failed delivery tried again, with all its attempts.

    Raises:
        NotFound: no such delivery.
        Conflict: it has not failed.
    """
    row = session.get(Delivery, delivery_id, with_for_update=True)
    if row is None:
        raise NotFound("delivery")
    if row.state is not DeliveryState.FAILED:
        raise Conflict(f"delivery {delivery_id} is {row.state}; only one that failed can be tried again")
    row.state, row.attempts, row.lease, row.due_at, row.settled_at = DeliveryState.PENDING, 0, None, now, None
    return _summary(row, session.scalar(select(Inquiry.reference).where(Inquiry.id == row.inquiry_id)))


def _is_due(channel: str, now: datetime) -> ColumnElement[bool]:
    earlier = aliased(Delivery)
    waits_for_another = exists().where(
        earlier.conversation_id == Delivery.conversation_id,
        earlier.channel == Delivery.channel,
        earlier.state == DeliveryState.PENDING,
        earlier.id < Delivery.id,
    )
    return (
        (Delivery.state == DeliveryState.PENDING)
        & (Delivery.channel == channel)
        & (Delivery.due_at <= now)
        & ~waits_for_another
    )


def _settle(session: Session, delivery: ClaimedDelivery, values: dict[str, object]) -> None:
    mine = (
        update(Delivery)
        .where(Delivery.id == delivery.id, Delivery.lease == delivery.lease, Delivery.state == DeliveryState.PENDING)
        .values(lease=None, **values)
        .returning(Delivery.id)
    )
    if session.scalar(mine) is None:
        raise LeaseLost


def _summary(row: Delivery, reference: str | None) -> DeliverySummary:
    return DeliverySummary(
        id=row.id,
        kind=row.kind,
        channel=row.channel,
        state=row.state,
        reference=reference,
        conversation_id=row.conversation_id,
        attempts=row.attempts,
        error=row.error,
        due_at=row.due_at,
        created_at=row.created_at,
        settled_at=row.settled_at,
    )
