"""What a page is made of, and the one door that every page is behind: nobody gets in whom it does not name."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum
from urllib.parse import urlsplit

from anyio import CapacityLimiter, to_thread
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.console.addresses import CODE, HOME, SIGN_IN
from bot.console.cookies import new_form_token, read_token
from bot.console.problems import explain, status_of
from bot.console.services import ConsoleServices
from bot.console.visit import Visit
from bot.errors import AssistantError, PermissionDenied, Unauthorized
from bot.knowledge import LANGUAGES, Language
from bot.knowledge.preference import preferred_language
from bot.staff import SignedIn
from bot.store import StaffRole

THREADS = 8
"""Pages work in threads; not more than the database has connections for."""

REFRESH = "x-refresh"
"""On a call that a page makes by itself: it keeps no session from becoming idle, so that a screen left open does."""

FORM_MAX_FIELDS = 400
FORM_TOKEN = "form_token"  # noqa: S105 (the name of a field)

Handler = Callable[[Visit], Response]
StreamHandler = Callable[[Visit], Awaitable[Response]]
ServicesOf = Callable[[], ConsoleServices]


class Door(Enum):
    """Who gets in besides those with a role."""

    ANYBODY = "anybody"
    """Also who is not signed in: only what signing in needs."""

    PENDING = "pending"
    """Whose second factor is still to come."""


Needed = StaffRole | Door


@dataclass(frozen=True, slots=True)
class Page:
    """One address with one method: who gets in, and what happens then."""

    path: str
    method: str
    needed: Needed
    handler: Handler | StreamHandler
    is_stream: bool = False


class Pages:
    """The pages of one module, collected by decorators: `@pages.get("/path")` above `def page(visit: Visit)`.

    A page whose decorator names nobody is for readers if it shows something, for agents if it changes something.
    """

    def __init__(self) -> None:
        self.all: list[Page] = []

    def get(self, path: str, needed: Needed = StaffRole.READER) -> Callable[[Handler], Handler]:
        """A page that shows something."""
        return self._page(path, "GET", needed)

    def post(self, path: str, needed: Needed = StaffRole.AGENT) -> Callable[[Handler], Handler]:
        """A form that changes something; it has to bring the token of its session."""
        return self._page(path, "POST", needed)

    def stream(self, path: str, needed: Needed = StaffRole.READER) -> Callable[[StreamHandler], StreamHandler]:
        """A stream of events; the function is a coroutine."""

        def keep(handler: StreamHandler) -> StreamHandler:
            self.all.append(Page(path, "GET", needed, handler, is_stream=True))
            return handler

        return keep

    def _page(self, path: str, method: str, needed: Needed) -> Callable[[Handler], Handler]:
        def keep(handler: Handler) -> Handler:
            self.all.append(Page(path, method, needed, handler))
            return handler

        return keep


def routes_of(pages: list[Page], services_of: ServicesOf) -> list[Route]:
    """The routes of pages, each behind the door."""
    limiter = CapacityLimiter(THREADS)
    return [
        Route(page.path, _endpoint(page, services_of, limiter), methods=[page.method])
        for page in sorted(pages, key=_breadth)
    ]


def _breadth(page: Page) -> tuple[bool, bool]:
    """The first route that matches answers: plain addresses come before patterns, and the one for all others last."""
    return ":path}" in page.path, "{" in page.path


def _endpoint(
    page: Page, services_of: ServicesOf, limiter: CapacityLimiter
) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        form = await request.form(max_files=0, max_fields=FORM_MAX_FIELDS) if page.method == "POST" else FormData()
        services = services_of()

        def work() -> Response | Visit:
            visit = _visit(request, services, form, touch=not page.is_stream and REFRESH not in request.headers)
            try:
                _let_in(page, visit)
                if page.is_stream:
                    return visit
                answered = page.handler(visit)
                assert isinstance(answered, Response)  # noqa: S101 (only streams are coroutines)
                return answered
            except AssistantError as error:
                return _refused(visit, error)

        worked = await to_thread.run_sync(work, limiter=limiter)
        if isinstance(worked, Response):
            return worked
        streamed = page.handler(worked)
        assert not isinstance(streamed, Response)  # noqa: S101 (as above)
        return await streamed

    return answer


def _visit(request: Request, services: ConsoleServices, form: FormData, *, touch: bool) -> Visit:
    token = read_token(request, services.settings)
    signed_in: SignedIn | None = None
    if token:
        try:
            signed_in = services.sessions.find(token, touch=touch)
        except Unauthorized:
            signed_in = None
    language = signed_in.member.language if signed_in else _asked_language(request)
    return Visit(request, services, token or new_form_token(), signed_in, language, form)


def _asked_language(request: Request) -> Language:
    asked = request.query_params.get("language")
    if asked in [language.value for language in LANGUAGES]:
        return Language(asked)
    return preferred_language(request.headers.get("accept-language"))


def _let_in(page: Page, visit: Visit) -> None:
    """Let this call through.

    Raises:
        Unauthorized: nobody is signed in, or not yet.
        PermissionDenied: the role does not allow it, or the form is not ours.
    """
    if page.needed is Door.PENDING:
        if visit.signed_in is None or not visit.signed_in.is_pending:
            raise Unauthorized
    elif page.needed is not Door.ANYBODY:
        if visit.signed_in is None or visit.signed_in.is_pending:
            raise Unauthorized
        if not visit.may(page.needed):
            raise PermissionDenied
    if page.method == "POST":
        _check_form(visit)


def _check_form(visit: Visit) -> None:
    if not _is_from_here(visit):
        raise PermissionDenied("the form was sent from another site")
    if not visit.services.sessions.is_form_token(visit.token, visit.sent(FORM_TOKEN)):
        raise PermissionDenied("the form is not of this session")


def _is_from_here(visit: Visit) -> bool:
    headers = visit.request.headers
    if headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return False
    origin = headers.get("origin")
    here = (headers.get("host", ""), urlsplit(visit.services.settings.base_url).netloc)
    return origin is None or urlsplit(origin).netloc in here


def _refused(visit: Visit, error: AssistantError) -> Response:
    if isinstance(error, Unauthorized) and visit.request.method == "GET":
        pending = visit.signed_in is not None and visit.signed_in.is_pending
        # After signing in they are where they wanted to go, such as from the link in an e-mail.
        wanted = {"next": visit.path} if visit.path != HOME else {}
        return visit.go(CODE if pending else SIGN_IN, parameters=wanted)
    # A session that ended while somebody wrote must not take what they have written.
    written = visit.sent("text") if _is_from_here(visit) else ""
    return visit.render("problem.html", status_of(error), problem=explain(error, visit.say), written=written)
