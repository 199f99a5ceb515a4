"""The console as one ASGI application, which the web process mounts under /staff."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route, Router
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from bot.console import (
    account,
    case,
    case_changes,
    dashboard,
    export,
    gaps,
    inbox,
    inbox_changes,
    missing,
    new_entry,
    privacy,
    proposals,
    sign_in,
    streams,
)
from bot.console.addresses import BASE
from bot.console.headers import ConsoleHeaders
from bot.console.pages import Page, routes_of
from bot.console.rendering import STATIC
from bot.console.services import ConsoleServices, make_services
from bot.errors import StoreError
from bot.knowledge import KnowledgeBase, Responses
from bot.settings import Settings
from bot.store import Store

_MODULES = (
    sign_in,
    account,
    inbox,
    inbox_changes,
    export,
    streams,
    case,
    case_changes,
    gaps,
    new_entry,
    proposals,
    dashboard,
    privacy,
    missing,
)

PAGES: tuple[Page, ...] = tuple(page for module in _MODULES for page in module.pages.all)
"""Every page there is. A new module of pages is added here; what is not here has no address."""

BODY_MAX_BYTES = 256 * 1024
"""A reply of 10,000 Korean characters is 90,000 bytes in a form."""

YEAR_SECONDS = 365 * 24 * 3600


class Console:
    """The staff face. `app` answers once `opened` is entered.

    Args:
        settings: of this process.
    """

    path = BASE
    body_max_bytes = BODY_MAX_BYTES

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._services: ConsoleServices | None = None
        self.routes: tuple[BaseRoute, ...] = (
            Mount("/static", _LastingFiles(directory=STATIC)),
            Route("/", _home),
            *routes_of(list(PAGES), self._opened_services),
        )
        self.app = ConsoleHeaders(Router(self.routes, redirect_slashes=False, default=_nothing))

    @asynccontextmanager
    async def opened(self, store: Store, knowledge: KnowledgeBase, responses: Responses) -> AsyncIterator[None]:
        """Answer as long as the block lasts.

        Raises:
            KnowledgeError: a data file has mistakes.
            StoreError: the database cannot be read.
        """
        self._services = make_services(self._settings, store, knowledge, responses)
        async with self._services.live.running():
            yield

    def _opened_services(self) -> ConsoleServices:
        if self._services is None:
            raise StoreError("the console is not open")
        return self._services


class _LastingFiles(StaticFiles):
    """Files whose address changes when they do."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        if isinstance(response, FileResponse):
            response.headers["cache-control"] = f"private, max-age={YEAR_SECONDS}, immutable"
        return response


async def _home(_request: object) -> Response:
    return Response(status_code=303, headers={"location": f"{BASE}/inquiries"})


async def _nothing(scope: Scope, receive: Receive, send: Send) -> None:
    raise HTTPException(404)
