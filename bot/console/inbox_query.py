"""The filter of the inbox as in its address."""

from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Self
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from bot.console.formats import parse_day
from bot.console.vocabulary import TECHNOLOGY
from bot.errors import InvalidField
from bot.inquiries import Cursor, EntityValue, InquiryFilter, Sort, parse_cursor
from bot.inquiries.states import DONE
from bot.store import InquiryState

NOBODY = "-"
"""As assignee: inquiries that nobody has."""

_TEXT_MAX_CHARACTERS = 200


class View(StrEnum):
    """What the inbox shows before it is filtered further."""

    NEW = "new"
    MINE = "mine"
    UNASSIGNED = "unassigned"
    WAITING = "waiting"
    OVERDUE = "overdue"
    ALL = "all"


_LIVING = tuple(state for state in InquiryState if state not in DONE)
_SORTS = {View.WAITING: Sort.WAITING, View.OVERDUE: Sort.DUE}


@dataclass(frozen=True, slots=True)
class InboxQuery:
    """What somebody wants to see. Every field is as typed; what cannot be is left out of account."""

    view: str = View.NEW
    state: str = ""
    topic: str = ""
    language: str = ""
    channel: str = ""
    technology: str = ""
    assignee: str = ""
    tag: str = ""
    since: str = ""
    until: str = ""
    q: str = ""
    sort: str = ""
    after: str = ""

    @classmethod
    def of(cls, parameters: QueryParams) -> Self:
        """What an address asks for."""
        given = {
            item.name: parameters[item.name].strip()[:_TEXT_MAX_CHARACTERS]
            for item in fields(cls)
            if parameters.get(item.name)
        }
        query = cls(**given)
        return query if query.view in list(View) else replace(query, view=View.ALL)

    @property
    def is_filtered(self) -> bool:
        """Whether more is asked for than a view."""
        return any(getattr(self, item.name) for item in fields(self) if item.name not in ("view", "sort", "after"))

    @property
    def order(self) -> Sort:
        """The order asked for, or the view's own."""
        return Sort(self.sort) if self.sort in list(Sort) else _SORTS.get(View(self.view), Sort.NEWEST)

    @property
    def cursor(self) -> Cursor | None:
        """Where the page begins; the first page for what is no cursor."""
        try:
            return parse_cursor(self.after) if self.after else None
        except InvalidField:
            return None

    def filter(self, me: str) -> InquiryFilter:
        """The filter for the inquiry service; `me` is who looks."""
        view = View(self.view)
        states: tuple[InquiryState, ...] = ()
        if self.state in list(InquiryState):
            states = (InquiryState(self.state),)
        elif view is View.NEW:
            states = (InquiryState.NEW,)
        elif view in (View.MINE, View.UNASSIGNED):
            states = _LIVING
        assignee = me if view is View.MINE else self.assignee if self.assignee != NOBODY else ""
        return InquiryFilter(
            states=states,
            topic=self.topic or None,
            language=self.language or None,
            channel=self.channel or None,
            assignee=assignee or None,
            unassigned=view is View.UNASSIGNED or self.assignee == NOBODY,
            overdue=view is View.OVERDUE,
            entity=EntityValue(TECHNOLOGY, self.technology) if self.technology else None,
            tag=self.tag.lower() or None,
            logged_from=parse_day(self.since),
            logged_before=parse_day(self.until, end=True),
            text=self.q or None,
        )

    def address(self, **changes: str) -> str:
        """The query of an address with changes, beginning with a question mark; other filters begin on page one."""
        changed = replace(self, **{"after": "", **changes})
        given = {item.name: getattr(changed, item.name) for item in fields(changed) if getattr(changed, item.name)}
        return f"?{urlencode(given)}"

    @property
    def kept(self) -> str:
        """What is kept of it as a saved view: without words looked for, which may be somebody's name."""
        return self.address(q="").removeprefix("?")
