"""Keeping personal data no longer than the privacy notice says."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.store import Conversation, Inquiry

BATCH = 500
"""Conversations in one transaction: writers of turns wait no longer than for one batch."""


@dataclass(frozen=True)
class Expired:
    """What was deleted, or would be: ids of conversations and references of inquiries."""

    conversations: tuple[str, ...]
    inquiries: tuple[str, ...]


def find_expired(session: Session, before: datetime) -> Expired:
    """At most a batch of conversations without a message since `before`, and of inquiries logged before it."""
    old = select(Conversation.id).where(Conversation.updated_at < before).order_by(Conversation.updated_at).limit(BATCH)
    logged = select(Inquiry.reference).where(Inquiry.created_at < before).order_by(Inquiry.created_at).limit(BATCH)
    return Expired(tuple(session.scalars(old)), tuple(session.scalars(logged)))


def delete_expired(session: Session, expired: Expired) -> None:
    """Delete what `find_expired` found, with messages, buttons, ratings, transcripts and histories."""
    session.execute(delete(Conversation).where(Conversation.id.in_(expired.conversations)))
    session.execute(delete(Inquiry).where(Inquiry.reference.in_(expired.inquiries)))
