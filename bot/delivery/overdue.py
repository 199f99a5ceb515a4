"""Finding inquiries whose reply is overdue, and telling staff once of each due date that has passed."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.delivery.inquiries import InquiryOutbox
from bot.store import DeliveryKind, Inquiry

BATCH = 100

LOOK_BACK = timedelta(days=7)
"""What was due longer ago has been told of, or was overdue before there was anybody to tell."""


def notify_overdue(session: Session, outbox: InquiryOutbox, now: datetime, *, after_id: int = 0) -> int | None:
    """Put in notices for a batch of inquiries; returns the id to go on after, or None at the end.

    `due_at` is set exactly while the asker waits for a reply, so no state has to be looked at.
    """
    query = (
        select(Inquiry)
        .where(Inquiry.due_at < now, Inquiry.due_at >= now - LOOK_BACK, Inquiry.id > after_id)
        .order_by(Inquiry.id)
        .limit(BATCH)
    )
    found = session.scalars(query).all()
    for inquiry in found:
        assert inquiry.due_at is not None  # noqa: S101 (the query says so)
        key = f"overdue:{inquiry.id}:{int(inquiry.due_at.timestamp())}"
        outbox.notify(session, inquiry, DeliveryKind.INQUIRY_OVERDUE, key)
    return found[-1].id if len(found) == BATCH else None
