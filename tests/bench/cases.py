"""How fast a page of inquiries is among a million, on both kinds of database."""

import shutil
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot.inquiries import Cursor, EntityValue, Inquiries, InquiryFilter, Sort
from bot.store import InquiryState, Store
from bot.store.migrations import upgrade
from tests.bench.case_generator import NOW, STAFF, TAGS, TECHNOLOGIES, fill
from tests.bench.console import console_rows
from tests.bench.insight import insight_rows
from tests.bench.measurements import Row
from tests.support.postgres import running_postgres

COUNT = 1_000_000
TARGET_MS = 100
REPEATS = 9

SERVER_SETTINGS = {"shared_buffers": "1GB", "max_wal_size": "8GB", "random_page_cost": "1.1"}
"""As for a server with a solid-state disk; the rest is as tests have it."""

LAST_YEAR = NOW - timedelta(days=365)
OPEN_STATES = (InquiryState.NEW, InquiryState.OPEN, InquiryState.WAITING)


@dataclass(frozen=True)
class Question:
    """One kind of page; the second page is asked for, too."""

    name: str
    wanted: InquiryFilter
    sort: Sort = Sort.NEWEST
    after: Cursor | None = None


QUESTIONS = (
    Question("all, newest first", InquiryFilter()),
    Question("all, in the middle", InquiryFilter(), after=Cursor(NOW - timedelta(days=900), 1 << 30)),
    Question("one state", InquiryFilter(states=(InquiryState.NEW,))),
    Question("three states", InquiryFilter(states=OPEN_STATES)),
    Question("mine that are open", InquiryFilter(states=OPEN_STATES, assignee=STAFF[3])),
    Question("unassigned and new", InquiryFilter(states=(InquiryState.NEW,), unassigned=True)),
    Question("closed, by topic, language, channel", InquiryFilter((InquiryState.CLOSED,), "visa", "de", "telegram")),
    Question("a rare channel and topic", InquiryFilter(channel="unknown", topic="equity")),
    Question("spam of one assignee", InquiryFilter(states=(InquiryState.SPAM,), assignee=STAFF[7])),
    Question(
        "a topic in a month last year",
        InquiryFilter(topic="visa", logged_from=LAST_YEAR, logged_before=LAST_YEAR + timedelta(days=30)),
    ),
    Question("a tag", InquiryFilter(tag=TAGS[0])),
    Question("a tag, new", InquiryFilter(tag=TAGS[0], states=(InquiryState.NEW,))),
    Question("a technology", InquiryFilter(entity=EntityValue("technology", TECHNOLOGIES[0]))),
    Question("a technology and a tag", InquiryFilter(entity=EntityValue("technology", TECHNOLOGIES[0]), tag=TAGS[0])),
    Question("waiting longest", InquiryFilter(), Sort.WAITING),
    Question("waiting longest, one assignee", InquiryFilter(assignee=STAFF[3]), Sort.WAITING),
    Question("waiting longest, a tag", InquiryFilter(tag=TAGS[0]), Sort.WAITING),
    Question("due next, Korean", InquiryFilter(language="ko"), Sort.DUE),
    Question("overdue, due first", InquiryFilter(overdue=True), Sort.DUE),
    Question("overdue, newest first", InquiryFilter(overdue=True)),
    Question("text: 지원 (in many)", InquiryFilter(text="지원")),
    Question("text: 스마트팜 (in few)", InquiryFilter(text="스마트팜")),
    Question("text: wasserstoffelektro (inside a word, in few)", InquiryFilter(text="wasserstoffelektro")),
    Question("text: hessen (in many)", InquiryFilter(text="hessen")),
    Question("text: two words", InquiryFilter(text="visum förderung")),
    Question("text: a name, 김민준", InquiryFilter(text="김민준")),
    Question("text: an e-mail address", InquiryFilter(text="asker123456@example.com")),
    Question("text: in none", InquiryFilter(text="wasserstoffbrauerei")),
    Question("text in many, new, Korean", InquiryFilter(text="지원", states=(InquiryState.NEW,), language="ko")),
    Question("text in few, waiting longest", InquiryFilter(text="스마트팜"), Sort.WAITING),
    Question("text in many, waiting longest", InquiryFilter(text="지원"), Sort.WAITING),
)


def case_rows(folder: Path, count: int, say: Callable[[str], None]) -> list[Row]:
    """Pages of each kind on SQLite and PostgreSQL."""
    rows: list[Row] = []
    for name, database in (("SQLite", _sqlite), ("PostgreSQL", _postgresql)):
        with database(folder) as url:
            upgrade(url)
            store = Store(url)
            say(f"{count} inquiries on {name}")
            started = time.perf_counter()
            fill(store, count)
            say(f"filled in {time.perf_counter() - started:.0f} s; pages on {name}")
            rows += page_rows(store, f"{count:,} inquiries on {name}", say)
            rows += console_rows(store, f"{count:,} inquiries on {name}", say)
            rows += insight_rows(store, f"{count:,} inquiries on {name}", say)
            store.close()
    return rows


def page_rows(store: Store, title: str, say: Callable[[str], None]) -> list[Row]:
    """The plain list, the slowest kind of page, and all pages; each kind is said on the way."""
    inquiries = Inquiries(store, lambda: NOW)
    everything: list[float] = []
    medians: dict[str, float] = {}
    for question in QUESTIONS:
        times = _times(inquiries, question)
        everything += times
        medians[question.name] = statistics.median(times)
        say(f"{medians[question.name]:6.1f} ms  {question.name}")
    plain, slowest = QUESTIONS[0].name, max(medians, key=lambda name: medians[name])
    late = statistics.quantiles(everything, n=20)[-1]
    return [
        Row(f"{title}: a page, {plain}", f"{medians[plain]:.1f} ms"),
        _row(f"{title}: slowest of {len(QUESTIONS)} kinds of page ({slowest})", medians[slowest]),
        Row(f"{title}: slowest kind to the plain list", f"{medians[slowest] / medians[plain]:.1f}"),
        _row(f"{title}: 95th percentile of all {len(everything)} pages", late),
    ]


def _row(name: str, milliseconds: float) -> Row:
    return Row(name, f"{milliseconds:.1f} ms", f"under {TARGET_MS} ms", milliseconds < TARGET_MS)


def _times(inquiries: Inquiries, question: Question) -> list[float]:
    """Milliseconds of first and second pages; the first time warms up and is not counted."""
    times: list[float] = []
    for repeat in range(REPEATS + 1):
        after = question.after
        for _ in range(2):
            started = time.perf_counter()
            page = inquiries.list(question.wanted, question.sort, after)
            taken = (time.perf_counter() - started) * 1000
            if repeat:
                times.append(taken)
            if page.next is None:
                break
            after = page.next
    return times


@contextmanager
def _sqlite(folder: Path) -> Iterator[str]:
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield f"sqlite:///{folder / 'cases.sqlite3'}"
    finally:
        shutil.rmtree(folder)


@contextmanager
def _postgresql(_folder: Path) -> Iterator[str]:
    with running_postgres(SERVER_SETTINGS) as server:
        url = server.create()
        try:
            yield url
        finally:
            server.drop(url)
