"""The list of inquiries."""

from starlette.responses import Response

from bot.console.inbox_query import InboxQuery, View
from bot.console.pages import Pages
from bot.console.problems import explain
from bot.console.visit import Visit
from bot.errors import InvalidField
from bot.inquiries import Sort
from bot.knowledge import LANGUAGES
from bot.staff import InboxPage
from bot.store import TELEGRAM_CHANNEL, WEB_CHANNEL, InquiryState

CHANNELS = (WEB_CHANNEL, TELEGRAM_CHANNEL)

pages = Pages()


@pages.get("/inquiries")
def show(visit: Visit) -> Response:
    """A page of the list, by the filter in the address."""
    query = InboxQuery.of(visit.request.query_params)
    problem: str | None = None
    # Before the list is read: what comes in meanwhile is then told of, rather than missed.
    latest = visit.services.live.latest
    try:
        page = visit.services.inbox.page(visit.member, query.filter(visit.member.name), query.order, query.cursor)
    except InvalidField as error:
        page, problem = InboxPage((), None), explain(error, visit.say)
    return visit.render(
        "inbox.html",
        query=query,
        page=page,
        problem=problem,
        latest=latest,
        views=list(View),
        sorts=list(Sort),
        states=list(InquiryState),
        channels=CHANNELS,
        content_languages=[language.value for language in LANGUAGES],
        assignees=assignees(visit),
        saved_views=visit.services.saved_views.of(visit.member.id),
    )


def assignees(visit: Visit) -> list[str]:
    """Who inquiries can be given to: everybody whose account is open and who may answer."""
    return sorted(
        (
            member.name
            for member in visit.services.accounts.list()
            if member.disabled_at is None and member.role is not member.role.READER
        ),
        key=str.casefold,
    )
