"""What the dashboard shows of a period: every figure is added up by the database, over indexes that begin with time.

So a month among a million cases takes as long as a month among a few thousand.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Float, case, cast, extract, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.inquiries.states import NOT_COUNTED
from bot.insight.period import Period
from bot.store import Conversation, Feedback, Inquiry, Message, Outcome

TOP_ENTRIES = 15

REPLY_HOURS = (1, 4, 24, 48, 120)
"""Bounds of the times to a first reply, in hours."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many of what."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Day:
    """How much there was on one day."""

    day: date
    conversations: int
    inquiries: int
    questions: int


@dataclass(frozen=True, slots=True)
class Answers:
    """What became of typed questions."""

    answered: int
    clarified: int
    refused: int
    failed: int

    @property
    def asked(self) -> int:
        """All of them."""
        return self.answered + self.clarified + self.refused + self.failed


@dataclass(frozen=True, slots=True)
class Replies:
    """First replies to the inquiries logged in the period.

    Arguments:
        logged: inquiries, without spam and duplicates.
        replied: those that have a reply. in_time: of these, by the due date.
        late: those without a reply whose due date is over.
        mean_hours: until the first reply, nights and weekends included; None without a reply.
        within: how many had one within so many hours, none of them counted twice; the last are later than that.
    """

    logged: int
    replied: int
    in_time: int
    late: int
    mean_hours: float | None
    within: tuple[tuple[int | None, int], ...]


@dataclass(frozen=True, slots=True)
class Ratings:
    """What visitors said of answers."""

    helpful: int
    not_helpful: int


@dataclass(frozen=True, slots=True)
class TopEntry:
    """An entry with how often it was given, and how that was rated."""

    entry: str
    given: int
    helpful: int
    not_helpful: int


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything about a period, as it is at one moment."""

    days: tuple[Day, ...]
    conversations_by_channel: tuple[Count, ...]
    conversations_by_language: tuple[Count, ...]
    inquiries_by_topic: tuple[Count, ...]
    inquiries_by_channel: tuple[Count, ...]
    inquiries_by_language: tuple[Count, ...]
    answers: Answers
    answers_by_language: tuple[tuple[str, Answers], ...]
    ratings: Ratings
    replies: Replies
    top_entries: tuple[TopEntry, ...]


@dataclass(frozen=True, slots=True)
class _Cell:
    day: str
    keys: tuple[str, ...]
    count: int


class Figures:
    """Adds up.

    Args:
        session: a transaction that reads.
        period: the days.
        now: the time in UTC.
    """

    def __init__(self, session: Session, period: Period, now: datetime) -> None:
        self._session = session
        self._period = period
        self._now = now

    def summary(self) -> Summary:
        """Everything.

        Raises:
            StoreError: the database failed.
        """
        conversations = self._cells(Conversation.created_at, (Conversation.channel, Conversation.language))
        inquiries = self._cells(
            Inquiry.created_at,
            (Inquiry.topic, Inquiry.channel, Inquiry.language),
            Inquiry.state.not_in(NOT_COUNTED),
        )
        questions = self._cells(Message.created_at, (Message.outcome, Message.language), Message.outcome.is_not(None))
        languages = sorted({cell.keys[1] for cell in questions})
        return Summary(
            days=self._days(conversations, inquiries, questions),
            conversations_by_channel=_counts(conversations, 0),
            conversations_by_language=_counts(conversations, 1),
            inquiries_by_topic=_counts(inquiries, 0),
            inquiries_by_channel=_counts(inquiries, 1),
            inquiries_by_language=_counts(inquiries, 2),
            answers=_answers(questions),
            answers_by_language=tuple(
                (language, _answers([cell for cell in questions if cell.keys[1] == language])) for language in languages
            ),
            ratings=self._ratings(),
            replies=self._replies(),
            top_entries=self._top_entries(),
        )

    def _cells(
        self, moment: InstrumentedAttribute[datetime], keys: Sequence[Any], *conditions: ColumnElement[bool]
    ) -> list[_Cell]:
        """Counts by day and keys."""
        day = self._period.day_of(self._session, moment).label("day")
        query = select(day, *keys, func.count()).where(self._period.holds(moment), *conditions).group_by(day, *keys)
        return [
            _Cell(str(row[0]), tuple(str(key) for key in row[1:-1]), row[-1]) for row in self._session.execute(query)
        ]

    def _days(
        self, conversations: Sequence[_Cell], inquiries: Sequence[_Cell], questions: Sequence[_Cell]
    ) -> tuple[Day, ...]:
        begun, logged, asked = (_by_day(cells) for cells in (conversations, inquiries, questions))
        return tuple(
            Day(day, begun[day.isoformat()], logged[day.isoformat()], asked[day.isoformat()])
            for day in self._period.days
        )

    def _ratings(self) -> Ratings:
        query = (
            select(Feedback.helpful, func.count())
            .where(self._period.holds(Feedback.created_at))
            .group_by(Feedback.helpful)
        )
        found = {bool(helpful): count for helpful, count in self._session.execute(query)}
        return Ratings(found.get(True, 0), found.get(False, 0))

    def _replies(self) -> Replies:
        hours = self._hours_to_reply()
        replied = Inquiry.first_reply_at.is_not(None)
        late = Inquiry.first_reply_at.is_(None) & (Inquiry.due_at < self._now)
        row = self._session.execute(
            select(
                func.count(),
                _number_of(replied),
                _number_of(Inquiry.replied_in_time.is_(True)),
                _number_of(late),
                func.avg(hours),
                *(_number_of(hours <= bound) for bound in REPLY_HOURS),
            ).where(self._period.holds(Inquiry.created_at), Inquiry.state.not_in(NOT_COUNTED))
        ).one()
        up_to = [0, *(count or 0 for count in row[5:])]
        within = [(bound, up_to[place + 1] - up_to[place]) for place, bound in enumerate(REPLY_HOURS)]
        replies = row[1] or 0
        return Replies(
            logged=row[0],
            replied=replies,
            in_time=row[2] or 0,
            late=row[3] or 0,
            mean_hours=None if row[4] is None else float(row[4]),
            within=(*within, (None, replies - up_to[-1])),
        )

    def _hours_to_reply(self) -> ColumnElement[float]:
        if self._session.get_bind().dialect.name == "postgresql":
            return cast(extract("epoch", Inquiry.first_reply_at - Inquiry.created_at) / 3600.0, Float)
        days = func.julianday(Inquiry.first_reply_at, type_=Float) - func.julianday(Inquiry.created_at, type_=Float)
        return days * 24.0

    def _top_entries(self) -> tuple[TopEntry, ...]:
        given = func.count().label("given")
        top = self._session.execute(
            select(Message.entry, given)
            .where(Message.entry.is_not(None), self._period.holds(Message.created_at))
            .group_by(Message.entry)
            .order_by(given.desc(), Message.entry)
            .limit(TOP_ENTRIES)
        ).all()
        names = [entry for entry, _ in top]
        rated = self._session.execute(
            select(Message.entry, Feedback.helpful, func.count())
            .join(Feedback, Feedback.message_id == Message.id)
            .where(Message.entry.in_(names), self._period.holds(Feedback.created_at))
            .group_by(Message.entry, Feedback.helpful)
        )
        ratings = {(entry, bool(helpful)): count for entry, helpful, count in rated}
        return tuple(
            TopEntry(entry or "", count, ratings.get((entry, True), 0), ratings.get((entry, False), 0))
            for entry, count in top
        )


def _number_of(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _by_day(cells: Sequence[_Cell]) -> Counter[str]:
    return _sum((cell.day, cell.count) for cell in cells)


def _counts(cells: Sequence[_Cell], key: int) -> tuple[Count, ...]:
    """By one key, the most first."""
    counted = _sum((cell.keys[key], cell.count) for cell in cells)
    return tuple(Count(name, count) for name, count in sorted(counted.items(), key=lambda item: (-item[1], item[0])))


def _answers(cells: Sequence[_Cell]) -> Answers:
    counted = _sum((cell.keys[0], cell.count) for cell in cells)
    return Answers(*(counted[outcome.value] for outcome in Outcome))


def _sum(pairs: Iterable[tuple[str, int]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for name, count in pairs:
        total[name] += count
    return total
