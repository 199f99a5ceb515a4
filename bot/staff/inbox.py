"""The list of inquiries as a member of staff sees it: who asks, what is new to them, who else is at it."""

from dataclasses import dataclass

from sqlalchemy import func, select

from bot.inquiries import Cursor, Inquiries, InquiryFilter, InquirySummary, Sort
from bot.inquiries.states import DONE
from bot.staff.member import StaffMember
from bot.staff.readings import Readings
from bot.staff.trail import INQUIRIES, Trail
from bot.store import AuditAction, Inquiry, Store

EXCERPT_CHARACTERS = 160
PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One inquiry in the list.

    `excerpt` is how its message begins; `is_unread`: something happened to it since this member last had it open;
    `colleagues` have it open now.
    """

    summary: InquirySummary
    name: str
    company: str | None
    excerpt: str
    is_unread: bool
    colleagues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InboxPage:
    """Some rows of the list; `next` is where the following page begins, None if this is the last."""

    rows: tuple[InboxRow, ...]
    next: Cursor | None


class Inbox:
    """Lists inquiries for one member of staff; every look is in the audit.

    Args:
        store: the database.
        inquiries: the inquiry service.
        readings: who has read what.
        trail: where looks are written down.
    """

    def __init__(self, store: Store, inquiries: Inquiries, readings: Readings, trail: Trail) -> None:
        self._store = store
        self._inquiries = inquiries
        self._readings = readings
        self._trail = trail

    def page(self, member: StaffMember, wanted: InquiryFilter, sort: Sort, after: Cursor | None) -> InboxPage:
        """A page of inquiries that match, from behind `after` on.

        Raises:
            InvalidField: the text of the filter is too short to be looked for.
        """
        page = self._inquiries.list(wanted, sort, after, PAGE_SIZE)
        ids = [summary.id for summary in page.items]
        with self._store.reading() as session:
            excerpt = func.substr(Inquiry.message, 1, EXCERPT_CHARACTERS)
            found = session.execute(
                select(Inquiry.id, Inquiry.name, Inquiry.company, excerpt).where(Inquiry.id.in_(ids))
            )
            people = {row[0]: (row[1], row[2], row[3]) for row in found}
            read = self._readings.versions(session, ids, member.id)
            colleagues = self._readings.colleagues(session, ids, member.id)
        rows = tuple(
            InboxRow(
                summary,
                *people[summary.id],
                summary.state not in DONE and read.get(summary.id, 0) < summary.version,
                tuple(colleagues.get(summary.id, ())),
            )
            for summary in page.items
            if summary.id in people
        )
        if rows:
            self._trail.note(member, AuditAction.VIEWED, {INQUIRIES: len(rows)})
        return InboxPage(rows, page.next)
