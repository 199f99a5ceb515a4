"""Working time in Hessen: office hours from Monday to Friday, public holidays left out."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays

ZONE = ZoneInfo("Europe/Berlin")
SATURDAY = 5


@dataclass(frozen=True)
class BusinessHours:
    """When the office is open, in local time.

    Arguments:
        opens, closes: on every working day; `opens` comes first.
    """

    opens: time = time(9)
    closes: time = time(17)
    _holidays: holidays.HolidayBase = field(
        default_factory=lambda: holidays.country_holidays("DE", subdiv="HE"), init=False, repr=False, compare=False
    )

    @classmethod
    def of(cls, text: str) -> "BusinessHours":
        """Office hours as in the setting `BOT_OFFICE_HOURS`, such as "09:00-17:00"."""
        opens, closes = (time.fromisoformat(part.strip()) for part in text.split("-"))
        return cls(opens, closes)

    def is_working_day(self, day: date) -> bool:
        """Whether the office opens on this day."""
        return day.weekday() < SATURDAY and day not in self._holidays

    def after(self, moment: datetime, days: int) -> datetime:
        """The moment, in UTC, by which as much working time has gone by since `moment` as `days` working days have.

        What comes in before the office opens, or when it stays closed, counts from the next opening; what comes in
        on Tuesday at 11 and has two days is due on Thursday at 11.
        """
        left = days * (_on(date.min, self.closes) - _on(date.min, self.opens))
        for day, begins in self._working_days(moment.astimezone(ZONE).replace(tzinfo=None)):
            rest = _on(day, self.closes) - begins
            if left <= rest:
                return (begins + left).replace(tzinfo=ZONE).astimezone(UTC)
            left -= rest
        raise AssertionError("working days never end")

    def _working_days(self, moment: datetime) -> Iterator[tuple[date, datetime]]:
        """From a local moment on: every working day with when its working time begins."""
        day = moment.date()
        while True:
            begins = max(moment, _on(day, self.opens))
            if self.is_working_day(day) and begins < _on(day, self.closes):
                yield day, begins
            day += timedelta(days=1)


def _on(day: date, at: time) -> datetime:
    return datetime.combine(day, at)
