"""Days in Hessen, which is what staff mean by a day, and how each kind of database tells them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, String, case, cast, func, literal, literal_column
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.inquiries.business_hours import ZONE
from bot.store import UtcDateTime


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days, the first and the last included."""

    first: date
    last: date

    @classmethod
    def until(cls, now: datetime, days: int) -> "Period":
        """So many days, the last of which is today."""
        today = now.astimezone(ZONE).date()
        return cls(today - timedelta(days=days - 1), today)

    @property
    def days(self) -> list[date]:
        """Every day of it."""
        return [self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1)]

    @property
    def begins(self) -> datetime:
        """Its first moment, in UTC."""
        return _midnight(self.first)

    @property
    def ends(self) -> datetime:
        """The first moment after it, in UTC."""
        return _midnight(self.last + timedelta(days=1))

    def holds(self, column: InstrumentedAttribute[datetime]) -> ColumnElement[bool]:
        """Whether a moment is in it."""
        return (column >= self.begins) & (column < self.ends)

    def day_of(self, session: Session, column: InstrumentedAttribute[datetime]) -> ColumnElement[Any]:
        """The day of a moment that is in it; `str()` of what comes out is `YYYY-MM-DD`, whatever the database."""
        if session.get_bind().dialect.name == "postgresql":
            return cast(func.timezone(ZONE.key, column), Date)
        # SQLite knows no time zones: it is told how far ahead of UTC Hessen is, and until when.
        offsets = self._offsets()
        last = _sqlite_day(column, offsets[-1][1])
        earlier = [(column < _bound(until), _sqlite_day(column, ahead)) for until, ahead in offsets[:-1]]
        return case(*earlier, else_=last) if earlier else last

    def _offsets(self) -> list[tuple[datetime, timedelta]]:
        """How far ahead of UTC Hessen is, each with the moment until which it is so; clocks change at 01:00 UTC."""
        found: list[tuple[datetime, timedelta]] = []
        for day in [*self.days, self.last + timedelta(days=1)]:
            change = datetime.combine(day, time(1), UTC)
            before, after = _ahead(change - timedelta(seconds=1)), _ahead(change)
            if before != after:
                found.append((change, before))
        return [*found, (self.ends, _ahead(self.ends - timedelta(seconds=1)))]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZONE).astimezone(UTC)


def _ahead(moment: datetime) -> timedelta:
    ahead = moment.astimezone(ZONE).utcoffset()
    assert ahead is not None  # noqa: S101 (for the type: a time with a zone has one)
    return ahead


def _bound(moment: datetime) -> ColumnElement[datetime]:
    return literal(moment, UtcDateTime)


def _sqlite_day(column: InstrumentedAttribute[datetime], ahead: timedelta) -> ColumnElement[str]:
    minutes = int(ahead.total_seconds() // 60)
    return func.date(column, literal_column(f"'+{minutes} minutes'"), type_=String)
