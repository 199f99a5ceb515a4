"""Deliveries as their workers and staff see them."""

from dataclasses import dataclass
from datetime import datetime

from bot.knowledge import Language
from bot.store import Delivery, DeliveryKind, DeliveryState


@dataclass(frozen=True, slots=True)
class ClaimedDelivery:
    """One thing to tell, claimed by this worker until its lease ends.

    Arguments:
        id: the same whenever it is tried again, so that whoever receives it can tell a repeat.
        language: what it is told in.
        text: what a person wrote, as it was written; None where the kind says it all.
        attempts: how often it has been tried, this time included.
        lease: proves that the delivery is this worker's.
    """

    id: int
    kind: DeliveryKind
    channel: str
    language: Language
    conversation_id: str | None
    inquiry_id: int | None
    text: str | None
    attempts: int
    lease: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class DeliverySummary:
    """What staff see of a delivery; never its text. `error` is why the last attempt failed."""

    id: int
    kind: DeliveryKind
    channel: str
    state: DeliveryState
    reference: str | None
    conversation_id: str | None
    attempts: int
    error: str | None
    due_at: datetime
    created_at: datetime
    settled_at: datetime | None


def claimed(row: Delivery, lease: str) -> ClaimedDelivery:
    """What a worker is told of a row that it has claimed."""
    return ClaimedDelivery(
        id=row.id,
        kind=row.kind,
        channel=row.channel,
        language=Language(row.language),
        conversation_id=row.conversation_id,
        inquiry_id=row.inquiry_id,
        text=row.text,
        attempts=row.attempts,
        lease=lease,
        created_at=row.created_at,
    )
