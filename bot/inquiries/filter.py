"""What staff ask a list for: which inquiries, in which order, from where on."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from bot.errors import InvalidField
from bot.inquiries.records import EntityValue, InquirySummary
from bot.store import InquiryState

PAGE_SIZE = 50
PAGE_SIZE_MAX = 200


class Sort(StrEnum):
    """The order of a list."""

    NEWEST = "newest"
    """Logged last comes first."""

    WAITING = "waiting"
    """Who has waited longest for us comes first; only inquiries whose asker waits."""

    DUE = "due"
    """What is due next comes first; only inquiries with a due date."""


@dataclass(frozen=True, slots=True)
class InquiryFilter:
    """Inquiries that match every field that is set.

    Arguments:
        states: any of these; none for all.
        entity: named by the asker, such as `EntityValue("technology", "hydrogen")`.
        overdue: whose due date has passed.
        logged_from, logged_before: with a time zone; the first is included, the second is not.
        text: words that all have to stand in what the asker wrote or in the reference, also inside other words.
    """

    states: tuple[InquiryState, ...] = ()
    topic: str | None = None
    language: str | None = None
    channel: str | None = None
    assignee: str | None = None
    unassigned: bool = False
    overdue: bool = False
    entity: EntityValue | None = None
    tag: str | None = None
    logged_from: datetime | None = None
    logged_before: datetime | None = None
    text: str | None = None


EVERYTHING = InquiryFilter()


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page ended: the last inquiry's moment by which the list is sorted, and its id."""

    at: datetime
    id: int

    def __str__(self) -> str:
        """As text for addresses and command lines, which `parse_cursor` reads."""
        return f"{self.at.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}-{self.id}"


def parse_cursor(text: str) -> Cursor:
    """The cursor that this text stands for.

    Raises:
        InvalidField: "format".
    """
    moment, _, identifier = text.partition("-")
    try:
        return Cursor(datetime.strptime(moment, "%Y%m%dT%H%M%S.%fZ").replace(tzinfo=UTC), int(identifier))
    except ValueError:
        raise InvalidField("cursor", "format") from None


@dataclass(frozen=True, slots=True)
class Page:
    """Some inquiries of a list; `next` is where the following page begins, None if this is the last."""

    items: tuple[InquirySummary, ...]
    next: Cursor | None
