"""What the list changes: several inquiries at once, and saved views."""

from collections.abc import Callable

from starlette.datastructures import QueryParams
from starlette.responses import Response

from bot.console.addresses import BASE, HOME, own_path
from bot.console.inbox import assignees
from bot.console.inbox_query import NOBODY, InboxQuery
from bot.console.pages import Pages
from bot.console.visit import Visit
from bot.errors import Conflict, IllegalTransition, InvalidField, NotFound
from bot.inquiries import Case, staff
from bot.staff.trail import INQUIRIES
from bot.store import AuditAction, InquiryState, StaffRole

BULK_MAX = 200

pages = Pages()


@pages.post("/inquiries/bulk")
def change_selected(visit: Visit) -> Response:
    """Assign, close or tag all that are selected; what one cannot take does not keep the others from it."""
    back = own_path(visit.sent("back"))
    references = list(dict.fromkeys(visit.sent_list("reference")))[:BULK_MAX]
    if not references:
        return visit.go(back, done="bulk-none")
    change = _change(visit)
    refused = 0
    for reference in references:
        try:
            with visit.services.inquiries.change(reference, staff(visit.member.name)) as case:
                change(case)
                visit.services.trail.add(
                    case.session, visit.member, AuditAction.CHANGED, {INQUIRIES: 1}, (case.inquiry.email,)
                )
        except (IllegalTransition, Conflict, NotFound):
            refused += 1
    return visit.go(back, done="bulk-some" if refused else "bulk")


@pages.post("/views", StaffRole.READER)
def save_view(visit: Visit) -> Response:
    """Keep the filter under a name."""
    query = InboxQuery.of(QueryParams(visit.sent("query")))
    view = visit.services.saved_views.save(visit.member.id, visit.sent("name"), query.kept)
    return visit.go(f"{HOME}?{view.query}", done="view-saved")


@pages.post("/views/{view:int}/delete", StaffRole.READER)
def delete_view(visit: Visit) -> Response:
    """Keep a view no longer; only one's own."""
    visit.services.saved_views.delete(visit.member.id, int(visit.parameter("view")))
    return visit.go(f"{BASE}/inquiries", done="view-deleted")


def _change(visit: Visit) -> Callable[[Case], object]:
    """What is to be done with each.

    Raises:
        InvalidField: nothing that can be done.
    """
    match visit.sent("action"):
        case "assign":
            assignee = known_assignee(visit, visit.sent("assignee"))
            return lambda case: case.assign(assignee)
        case "close":
            return lambda case: case.change_state(InquiryState.CLOSED)
        case "tag":
            tag = visit.sent("tag")
            return lambda case: case.tag(tag)
        case _:
            raise InvalidField("action", "unknown")


def known_assignee(visit: Visit, assignee: str) -> str | None:
    """Who an inquiry is given to; None for nobody.

    Raises:
        InvalidField: nobody of that name may answer.
    """
    if assignee == NOBODY:
        return None
    if assignee not in assignees(visit):
        raise InvalidField("assignee", "unknown")
    return assignee
