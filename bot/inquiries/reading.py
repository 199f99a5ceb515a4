"""Rows of the database as the records that faces are given."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.inquiries.actor import Actor
from bot.inquiries.records import (
    EntityValue,
    HistoryEvent,
    InquiryDetail,
    InquirySummary,
    Note,
    Reply,
    TranscriptLine,
    TranscriptSource,
)
from bot.store import Inquiry, InquiryEvent, InquiryNote, InquiryReply, TranscriptRecord

Row = TypeVar("Row", InquiryNote, InquiryReply, InquiryEvent)


SUMMARY = (
    Inquiry.id,
    Inquiry.reference,
    Inquiry.version,
    Inquiry.state,
    Inquiry.priority,
    Inquiry.channel,
    Inquiry.language,
    Inquiry.topic,
    Inquiry.country,
    Inquiry.assignee,
    Inquiry.due_at,
    Inquiry.waiting_since,
    Inquiry.created_at,
    Inquiry.updated_at,
)
"""The columns of a summary, in the order of its fields: a list reads no transcripts."""


def summary_of(inquiry: Inquiry) -> InquirySummary:
    """What a list shows of an inquiry."""
    return InquirySummary(*(getattr(inquiry, column.key) for column in SUMMARY))


def details_of(session: Session, inquiries: Sequence[Inquiry]) -> list[InquiryDetail]:
    """Everything about some inquiries, in their order; as many queries for a page as for one."""
    ids = [inquiry.id for inquiry in inquiries]
    notes = _by_inquiry(session, InquiryNote, ids)
    replies = _by_inquiry(session, InquiryReply, ids)
    history = _by_inquiry(session, InquiryEvent, ids)
    originals = _references(session, Inquiry.id, {i.duplicate_of_id for i in inquiries if i.duplicate_of_id})
    duplicates = _references(session, Inquiry.duplicate_of_id, ids)
    return [
        InquiryDetail(
            summary=summary_of(inquiry),
            message=inquiry.message,
            name=inquiry.name,
            company=inquiry.company,
            email=inquiry.email,
            consent_version=inquiry.consent_version,
            consented_at=inquiry.consented_at,
            first_reply_at=inquiry.first_reply_at,
            closed_at=inquiry.closed_at,
            duplicate_of=next(iter(originals[inquiry.duplicate_of_id]), None),
            duplicates=tuple(duplicates[inquiry.id]),
            tags=tuple(tag.tag for tag in inquiry.tags),
            transcript=tuple(_line(record) for record in inquiry.transcript),
            entities=tuple(EntityValue(row.entity, row.value) for row in inquiry.entities),
            notes=tuple(_note(row) for row in notes[inquiry.id]),
            replies=tuple(_reply(row) for row in replies[inquiry.id]),
            history=tuple(_event(row) for row in history[inquiry.id]),
        )
        for inquiry in inquiries
    ]


def _by_inquiry(session: Session, table: type[Row], ids: Sequence[int]) -> Mapping[int, list[Row]]:
    found: defaultdict[int, list[Row]] = defaultdict(list)
    for row in session.scalars(select(table).where(table.inquiry_id.in_(ids)).order_by(table.id)):
        found[row.inquiry_id].append(row)
    return found


def _references(
    session: Session, key: InstrumentedAttribute[Any], keys: Collection[int]
) -> Mapping[int | None, list[str]]:
    """References of inquiries by the value of a column."""
    found: defaultdict[int | None, list[str]] = defaultdict(list)
    for value, reference in session.execute(select(key, Inquiry.reference).where(key.in_(keys)).order_by(Inquiry.id)):
        found[value].append(reference)
    return found


def _line(record: TranscriptRecord) -> TranscriptLine:
    at = datetime.fromisoformat(record["at"])
    sources = tuple(TranscriptSource(**source) for source in record.get("sources", ()))
    confidence = record.get("confidence")
    return TranscriptLine(
        record["sender"], record["text"], record["language"], record["entry"], at, confidence, sources
    )


def _note(row: InquiryNote) -> Note:
    return Note(row.id, row.author, row.text, row.created_at)


def _reply(row: InquiryReply) -> Reply:
    return Reply(row.id, row.author, row.language, row.text, row.created_at)


def _event(row: InquiryEvent) -> HistoryEvent:
    return HistoryEvent(row.at, Actor(row.actor, row.actor_name), row.event, row.old_value, row.new_value)
