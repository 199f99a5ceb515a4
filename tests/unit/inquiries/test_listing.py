"""Lists hold what matches, all of it, in order, and each inquiry on one page."""

import itertools
import random
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.errors import InvalidField
from bot.inquiries import Cursor, EntityValue, Inquiries, InquiryFilter, InquirySummary, Sort, parse_cursor
from bot.inquiries.filter import PAGE_SIZE_MAX
from bot.store import Inquiry, InquiryEntity, InquiryState, InquiryTag, Store
from tests.unit.inquiries.cases import MONDAY, Clock, draft

COUNT = 120
HYDROGEN = EntityValue("technology", "hydrogen")
NOW = MONDAY + timedelta(days=20)


@pytest.fixture
def inquiries(store: Store) -> Inquiries:
    """`COUNT` inquiries of all kinds, some logged at the same moment."""
    chance = random.Random(1)
    clock = Clock()
    service = Inquiries(store, clock)
    for number in range(COUNT):
        if chance.random() < 0.7:
            clock.pass_by(hours=chance.randint(1, 8))
        service.log(
            draft(
                str(number),
                topic=chance.choice(["visa", "funding"]),
                language=chance.choice(["ko", "de"]),
                message=chance.choice(["창업지원을 찾고 있어요", "Wir suchen Wasserstofftechnik", "지원 Wasserstoff"]),
            )
        )
    with store.session() as session:
        rows = session.query(Inquiry).order_by(Inquiry.id).all()
        for row in rows:
            row.state = chance.choice(list(InquiryState))
            row.assignee = chance.choice([None, "anna", "ben"])
            row.channel = chance.choice(["web", "telegram"])
            waits = row.state in (InquiryState.NEW, InquiryState.OPEN)
            row.waiting_since = row.created_at if waits else None
            row.due_at = row.created_at + timedelta(days=chance.randint(1, 20)) if waits else None
            if chance.random() < 0.4:
                row.tags.append(InquiryTag(tag="fair", logged_at=row.created_at))
            if chance.random() < 0.4:
                row.entities.append(
                    InquiryEntity(entity="technology", value="hydrogen", position=0, logged_at=row.created_at)
                )
    clock.now = NOW
    return service


def all_pages(inquiries: Inquiries, wanted: InquiryFilter, sort: Sort, limit: int) -> list[InquirySummary]:
    found: list[InquirySummary] = []
    after: Cursor | None = None
    while True:
        page = inquiries.list(wanted, sort, after, limit)
        assert len(page.items) == limit or page.next is None
        found += page.items
        if page.next is None:
            return found
        after = parse_cursor(str(page.next))


FILTERS: dict[str, tuple[dict[str, object], Callable[[Inquiry], bool]]] = {
    "state": ({"states": (InquiryState.NEW,)}, lambda row: row.state is InquiryState.NEW),
    "states": (
        {"states": (InquiryState.OPEN, InquiryState.CLOSED, InquiryState.NEW)},
        lambda row: row.state in (InquiryState.OPEN, InquiryState.CLOSED, InquiryState.NEW),
    ),
    "topic": ({"topic": "visa"}, lambda row: row.topic == "visa"),
    "language": ({"language": "ko"}, lambda row: row.language == "ko"),
    "channel": ({"channel": "telegram"}, lambda row: row.channel == "telegram"),
    "assignee": ({"assignee": "anna"}, lambda row: row.assignee == "anna"),
    "unassigned": ({"unassigned": True}, lambda row: row.assignee is None),
    "overdue": ({"overdue": True}, lambda row: row.due_at is not None and row.due_at < NOW),
    "tag": ({"tag": "fair"}, lambda row: [tag.tag for tag in row.tags] == ["fair"]),
    "entity": ({"entity": HYDROGEN}, lambda row: len(row.entities) == 1),
    "from": ({"logged_from": MONDAY + timedelta(days=5)}, lambda row: row.created_at >= MONDAY + timedelta(days=5)),
    "before": ({"logged_before": MONDAY + timedelta(days=9)}, lambda row: row.created_at < MONDAY + timedelta(days=9)),
    "text": ({"text": "지원"}, lambda row: "지원" in row.message),
}
COMBINATIONS = [
    names
    for size in (0, 1, 2, len(FILTERS) - 1)
    for names in itertools.combinations(FILTERS, size)
    if not {"state", "states"} <= set(names)
]


@pytest.mark.parametrize("sort", Sort)
def test_every_filter_and_order_lists_what_matches_page_by_page(
    store: Store, inquiries: Inquiries, sort: Sort, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store.reading() as session:
        rows = session.query(Inquiry).all()
        for row in rows:
            _ = row.tags, row.entities
    # With 0 candidates all words count as common ones, which are found on the way through the list.
    for names, candidates in itertools.product(COMBINATIONS, (0, COUNT)):
        if candidates == 0 and "text" not in names:
            continue
        monkeypatch.setattr("bot.inquiries.text_search.CANDIDATES", candidates)
        monkeypatch.setattr("bot.inquiries.text_search.PROBE_HITS", candidates + 1)
        fields = {key: value for name in names for key, value in FILTERS[name][0].items()}
        matching = [row for row in rows if all(FILTERS[name][1](row) for name in names)]
        found = all_pages(inquiries, InquiryFilter(**fields), sort, limit=19)
        assert [item.id for item in found] == expected(matching, sort), names


def expected(rows: list[Inquiry], sort: Sort) -> list[int]:
    if sort is Sort.NEWEST:
        return [row.id for row in sorted(rows, key=lambda row: (row.created_at, row.id), reverse=True)]
    column = "waiting_since" if sort is Sort.WAITING else "due_at"
    waiting = [row for row in rows if getattr(row, column) is not None]
    return [row.id for row in sorted(waiting, key=lambda row: (getattr(row, column), row.id))]


def test_a_summary_holds_what_is_stored(store: Store, inquiries: Inquiries) -> None:
    (item,) = inquiries.list(limit=1).items
    detail = inquiries.get(item.reference)
    assert item == detail.summary


def test_what_is_logged_between_two_pages_moves_nothing(inquiries: Inquiries) -> None:
    first = inquiries.list(limit=5)
    second = inquiries.list(limit=5, after=first.next)
    inquiries.log(draft("later"))
    assert inquiries.list(limit=5, after=first.next) == second


def test_the_export_holds_every_inquiry_once_in_order(store: Store, inquiries: Inquiries) -> None:
    with store.session() as session:
        session.execute(update(Inquiry).values(created_at=MONDAY).where(Inquiry.id % 2 == 0))
    exported = [detail.summary for detail in inquiries.export()]
    assert exported == all_pages(inquiries, InquiryFilter(), Sort.NEWEST, limit=PAGE_SIZE_MAX)
    assert len(exported) == COUNT


@pytest.mark.parametrize("limit", [0, -1, PAGE_SIZE_MAX + 1])
def test_a_page_has_bounds(store: Store, limit: int) -> None:
    with pytest.raises(InvalidField, match="limit"):
        Inquiries(store).list(limit=limit)


@pytest.mark.parametrize("text", ["", "  ", "?!", "a", "x y"])
def test_words_too_short_to_be_looked_for_are_refused(store: Store, text: str) -> None:
    with pytest.raises(InvalidField, match="too_short"):
        Inquiries(store).list(InquiryFilter(text=text))


@pytest.mark.parametrize("text", ["", "1", "x-1", "20260302T090000.000000Z-", "20260302T090000.000000Z-x", "; DROP"])
def test_a_cursor_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InvalidField, match="cursor"):
        parse_cursor(text)
