"""Rows of the database as the records that faces are given."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.inquiries.actor import Actor
from bot.inquiries.records import (
    EntityValue,
    HistoryEvent,
    InquiryDetail,
    InquirySummary,
    Note,
    Reply,
    TranscriptLine,
)
from bot.store import Inquiry, InquiryEvent, InquiryNote, InquiryReply

Row = TypeVar("Row", InquiryNote, InquiryReply, InquiryEvent)


def summary_of(inquiry: Inquiry) -> InquirySummary:
    """What a list shows of an inquiry."""
    return InquirySummary(
        id=inquiry.id,
        reference=inquiry.reference,
        version=inquiry.version,
        state=inquiry.state,
        priority=inquiry.priority,
        channel=inquiry.channel,
        language=inquiry.language,
        topic=inquiry.topic,
        country=inquiry.country,
        assignee=inquiry.assignee,
        due_at=inquiry.due_at,
        waiting_since=inquiry.waiting_since,
        created_at=inquiry.created_at,
        updated_at=inquiry.updated_at,
    )


def detail_of(session: Session, inquiry: Inquiry) -> InquiryDetail:
    """Everything about an inquiry."""
    original = select(Inquiry.reference).where(Inquiry.id == inquiry.duplicate_of_id)
    duplicates = select(Inquiry.reference).where(Inquiry.duplicate_of_id == inquiry.id).order_by(Inquiry.id)
    return InquiryDetail(
        summary=summary_of(inquiry),
        message=inquiry.message,
        name=inquiry.name,
        company=inquiry.company,
        email=inquiry.email,
        consent_version=inquiry.consent_version,
        consented_at=inquiry.consented_at,
        first_reply_at=inquiry.first_reply_at,
        closed_at=inquiry.closed_at,
        duplicate_of=session.scalar(original),
        duplicates=tuple(session.scalars(duplicates)),
        tags=tuple(tag.tag for tag in inquiry.tags),
        transcript=tuple(
            TranscriptLine(
                line["sender"], line["text"], line["language"], line["entry"], datetime.fromisoformat(line["at"])
            )
            for line in inquiry.transcript
        ),
        entities=tuple(EntityValue(row.entity, row.value) for row in inquiry.entities),
        notes=tuple(_note(row) for row in _of(session, InquiryNote, inquiry)),
        replies=tuple(_reply(row) for row in _of(session, InquiryReply, inquiry)),
        history=tuple(_event(row) for row in _of(session, InquiryEvent, inquiry)),
    )


def _of(session: Session, table: type[Row], inquiry: Inquiry) -> Sequence[Row]:
    return session.scalars(select(table).where(table.inquiry_id == inquiry.id).order_by(table.id)).all()


def _note(row: InquiryNote) -> Note:
    return Note(row.id, row.author, row.text, row.created_at)


def _reply(row: InquiryReply) -> Reply:
    return Reply(row.id, row.author, row.language, row.text, row.created_at)


def _event(row: InquiryEvent) -> HistoryEvent:
    return HistoryEvent(row.at, Actor(row.actor, row.actor_name), row.event, row.old_value, row.new_value)
