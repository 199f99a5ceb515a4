"""Pages of inquiries by filter and order, as fast among a million as among ten.

Every order is that of an index, and a page begins where the one before ended (keyset paging), so that no page reads
what it does not show. First the ids of a page are found in an index that holds all that is filtered by, then their
rows are read.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, literal, select, tuple_, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.errors import InvalidField
from bot.inquiries.filter import PAGE_SIZE_MAX, Cursor, InquiryFilter, Page, Sort
from bot.inquiries.reading import SUMMARY
from bot.inquiries.records import EntityValue, InquirySummary
from bot.inquiries.text_search import text_match
from bot.store import Inquiry, InquiryEntity, InquiryState, InquiryTag, UtcDateTime

Moment = SQLColumnExpression[datetime | None]


def page_of(
    session: Session, wanted: InquiryFilter, sort: Sort, after: Cursor | None, limit: int, now: datetime
) -> Page:
    """At most `limit` inquiries that match, from behind `after` on.

    Raises:
        InvalidField: the limit or the text of the filter cannot be used.
    """
    if not 1 <= limit <= PAGE_SIZE_MAX:
        raise InvalidField("limit", "out_of_range", PAGE_SIZE_MAX)
    # One more than asked for tells whether another page follows.
    found = _find(session, wanted, sort, after, limit + 1, now)
    shown = found[:limit]
    rows = session.execute(select(*SUMMARY).where(Inquiry.id.in_([cursor.id for cursor in shown])))
    by_id = {row.id: InquirySummary(**row._mapping) for row in rows}
    items = tuple(by_id[cursor.id] for cursor in shown)
    return Page(items, shown[-1] if len(found) > limit else None)


def _find(
    session: Session, wanted: InquiryFilter, sort: Sort, after: Cursor | None, limit: int, now: datetime
) -> Sequence[Cursor]:
    query = _Query(session, wanted, sort, after, now)
    if sort is Sort.NEWEST and len(wanted.states) > 1 and not query.names_its_inquiries:
        # Each state has its own part of the index; all together they would have to be sorted first.
        parts = [query.page((state,), limit).subquery() for state in wanted.states]
        merged = union_all(*(select(part.c.at, part.c.id) for part in parts)).subquery()
        statement = select(merged.c.at, merged.c.id).order_by(merged.c.at.desc(), merged.c.id.desc()).limit(limit)
    else:
        statement = query.page(wanted.states, limit)
    return [Cursor(row.at, row.id) for row in session.execute(statement)]


class _Query:
    """The search for ids, but for states."""

    def __init__(
        self, session: Session, wanted: InquiryFilter, sort: Sort, after: Cursor | None, now: datetime
    ) -> None:
        self._sort = sort
        self._wanted = wanted
        self._after = after
        self._now = now
        self._text = None if wanted.text is None else text_match(session, wanted.text)

    def page(self, states: tuple[InquiryState, ...], limit: int) -> Select[datetime | None, int]:
        """The first ids in one of `states`, or in any, with the moment that they are sorted by."""
        at, identifier = self._order()
        query: Select[datetime | None, int] = select(at.label("at"), identifier.label("id")).where(*self._conditions())
        if len(states) == 1:
            query = query.where(Inquiry.state == states[0])
        elif states:
            query = query.where(Inquiry.state.in_(states))
        if self._tag_leads:
            query = query.join(Inquiry, Inquiry.id == InquiryTag.inquiry_id).where(InquiryTag.tag == self._wanted.tag)
        elif self._wanted.entity is not None and self._entity_leads:
            query = query.join(Inquiry, Inquiry.id == InquiryEntity.inquiry_id).where(*_names(self._wanted.entity))
        position = tuple_(at, identifier)
        if self._after is not None:
            cursor = tuple_(literal(self._after.at, UtcDateTime), literal(self._after.id))
            query = query.where(position < cursor if self._sort is Sort.NEWEST else position > cursor)
        if self._sort is Sort.NEWEST:
            return query.order_by(at.desc(), identifier.desc()).limit(limit)
        return query.order_by(at, identifier).limit(limit)

    @property
    def names_its_inquiries(self) -> bool:
        """Whether the words that are looked for have led to a few inquiries already."""
        return self._text is not None and self._text.few

    @property
    def _tag_leads(self) -> bool:
        return self._wanted.tag is not None and self._sort is Sort.NEWEST

    @property
    def _entity_leads(self) -> bool:
        return self._wanted.entity is not None and self._sort is Sort.NEWEST and not self._tag_leads

    def _order(self) -> tuple[Moment, InstrumentedAttribute[int]]:
        """What the list is sorted by; a tag's and an entity's own index is in the order of logging, too."""
        if self._sort is Sort.WAITING:
            return Inquiry.waiting_since, Inquiry.id
        if self._sort is Sort.DUE:
            return Inquiry.due_at, Inquiry.id
        if self._tag_leads:
            return InquiryTag.logged_at, InquiryTag.inquiry_id
        if self._entity_leads:
            return InquiryEntity.logged_at, InquiryEntity.inquiry_id
        return Inquiry.created_at, Inquiry.id

    def _conditions(self) -> list[ColumnElement[bool]]:
        wanted = self._wanted
        conditions: list[ColumnElement[bool]] = []
        at, _ = self._order()
        if self._sort is not Sort.NEWEST:
            conditions.append(at.is_not(None))
        for column, value in (
            (Inquiry.topic, wanted.topic),
            (Inquiry.language, wanted.language),
            (Inquiry.channel, wanted.channel),
            (Inquiry.assignee, wanted.assignee),
        ):
            if value is not None:
                conditions.append(column == value)
        if wanted.unassigned:
            conditions.append(Inquiry.assignee.is_(None))
        if wanted.overdue:
            conditions.append(Inquiry.due_at < self._now)
        logged = at if self._sort is Sort.NEWEST else Inquiry.created_at
        if wanted.logged_from is not None:
            conditions.append(logged >= wanted.logged_from)
        if wanted.logged_before is not None:
            conditions.append(logged < wanted.logged_before)
        if wanted.tag is not None and not self._tag_leads:
            tagged = select(InquiryTag.inquiry_id).where(InquiryTag.tag == wanted.tag)
            conditions.append(Inquiry.id.in_(tagged))
        if wanted.entity is not None and not self._entity_leads:
            named = select(InquiryEntity.inquiry_id).where(*_names(wanted.entity))
            conditions.append(Inquiry.id.in_(named))
        if self._text is not None:
            conditions.append(self._text.condition)
        return conditions


def _names(entity: EntityValue) -> tuple[ColumnElement[bool], ...]:
    return InquiryEntity.entity == entity.entity, InquiryEntity.value == entity.value
