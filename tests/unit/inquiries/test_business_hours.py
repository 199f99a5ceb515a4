"""Due dates count office hours in Hessen: no nights, no weekends, no holidays, and summer time as it comes."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.inquiries import BusinessHours

BERLIN = ZoneInfo("Europe/Berlin")
SEOUL = ZoneInfo("Asia/Seoul")
HOURS = BusinessHours()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("logged", "days", "due"),
    [
        ("2026-03-03T11:00", 2, "2026-03-05T11:00"),  # Tuesday to Thursday
        ("2026-03-06T16:00", 1, "2026-03-09T16:00"),  # over a weekend
        ("2026-03-07T12:00", 1, "2026-03-09T17:00"),  # Saturday counts from Monday's opening
        ("2026-03-03T06:00", 1, "2026-03-03T17:00"),  # before the office opens
        ("2026-03-03T17:00", 1, "2026-03-04T17:00"),  # as it closes
        ("2026-03-03T23:59", 1, "2026-03-04T17:00"),
        ("2026-04-02T10:00", 2, "2026-04-08T10:00"),  # over Good Friday and Easter Monday
        ("2026-06-03T15:00", 1, "2026-06-05T15:00"),  # Corpus Christi is a holiday in Hessen
        ("2026-10-30T10:00", 1, "2026-11-02T10:00"),  # Reformation Day is none
        ("2026-12-23T10:00", 2, "2026-12-28T10:00"),
        ("2026-12-31T10:00", 1, "2027-01-04T10:00"),  # the next year's holidays are known, too
        ("2026-03-27T10:00", 1, "2026-03-30T10:00"),  # the clocks go forward between them
        ("2026-10-23T10:00", 1, "2026-10-26T10:00"),  # and back
    ],
)
def test_a_due_date_counts_working_time_only(logged: str, days: int, due: str) -> None:
    assert HOURS.after(at(logged), days) == at(due)


def test_the_askers_time_zone_makes_no_difference() -> None:
    moment = at("2026-03-03T11:00")
    assert HOURS.after(moment.astimezone(SEOUL), 2) == HOURS.after(moment, 2)


def test_other_office_hours_count_their_own_length() -> None:
    short = BusinessHours.of("10:00-12:30")
    assert short == BusinessHours(time(10), time(12, 30))
    assert short.after(at("2026-03-03T12:00"), 1) == at("2026-03-04T12:00")
    assert short.after(at("2026-03-03T09:00"), 2) == at("2026-03-04T12:30")


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 6, 4), False),  # Corpus Christi
        (date(2026, 10, 3), False),
        (date(2026, 3, 8), False),  # Sunday
        (date(2026, 11, 1), False),  # All Saints' is none in Hessen, but a Sunday
        (date(2027, 11, 1), True),
        (date(2026, 3, 9), True),
    ],
)
def test_working_days_are_those_of_hessen(day: date, works: bool) -> None:
    assert HOURS.is_working_day(day) is works
