"""Moments and spans as people write them."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_decimal, format_percent

from bot.knowledge import Language

OFFICE_TIME = ZoneInfo("Europe/Berlin")
_LOCALES = {Language.KOREAN: Locale("ko"), Language.GERMAN: Locale("de"), Language.ENGLISH: Locale("en", "GB")}

_MOMENTS = {Language.KOREAN: "y. M. d. HH:mm", Language.GERMAN: "dd.MM.y, HH:mm", Language.ENGLISH: "d MMM y, HH:mm"}
"""The short forms of the locale data leave out the century, or say PM in Korean."""


def filters(language: Language) -> dict[str, Callable[..., str]]:
    """The filters of templates in a language, by name."""
    locale = _LOCALES[language]

    def moment(value: datetime | None) -> str:
        """Date and time in Hessen."""
        if value is None:
            return ""
        return str(format_datetime(value.astimezone(OFFICE_TIME), _MOMENTS[language], locale=locale))

    def span(value: timedelta) -> str:
        """How long, in the largest unit that fits."""
        return str(format_timedelta(value, granularity="minute", threshold=1.5, locale=locale))

    def number(value: float) -> str:
        return str(format_decimal(value, locale=locale))

    def share(value: float) -> str:
        return str(format_percent(value, locale=locale))

    one_digit = locale.percent_formats[None].pattern.replace("0", "0.0")

    def percent(value: float) -> str:
        """A share with one digit after the comma, as models differ by less than a percent."""
        return str(format_percent(value, format=one_digit, locale=locale))

    def day(value: date) -> str:
        return str(format_date(value, "short", locale=locale))

    return {
        "day": day,
        "percent": percent,
        "moment": moment,
        "machine": machine,
        "field": field,
        "span": span,
        "number": number,
        "share": share,
    }


def machine(value: datetime) -> str:
    """For `<time datetime>`."""
    return value.astimezone(UTC).isoformat(timespec="seconds")


def field(value: datetime | None) -> str:
    """For `<input type="datetime-local">`, in the time of Hessen."""
    return "" if value is None else value.astimezone(OFFICE_TIME).strftime("%Y-%m-%dT%H:%M")


def parse_field(text: str) -> datetime | None:
    """What such an input sends; None if it is empty or no moment."""
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=OFFICE_TIME)


def parse_day(text: str, *, end: bool = False) -> datetime | None:
    """The beginning of a day in Hessen, or its end, from `<input type="date">`; None if it is empty or no day."""
    try:
        day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=OFFICE_TIME)
    except ValueError:
        return None
    return day + timedelta(days=1) if end else day
