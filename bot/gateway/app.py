"""The gateway's application: routes, middleware, and what is opened for them."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.conversations.engine import Pause
from bot.gateway import api, health
from bot.gateway.body import BodyLimit
from bot.gateway.errors import UnexpectedErrors, add_error_handlers
from bot.gateway.headers import SecurityHeaders
from bot.gateway.neighbours import Neighbour
from bot.gateway.origins import AllowedOrigins
from bot.gateway.pages import add_pages
from bot.gateway.services import open_services
from bot.gateway.widget import load_widget, widget_routes
from bot.knowledge import KnowledgeBase, Responses
from bot.settings import Settings

_TALKATIVE_LOGGERS = ("httpx", "httpcore", "sse_starlette", "sse_starlette.sse")


def create_app(
    settings: Settings,
    *,
    knowledge: KnowledgeBase | None = None,
    responses: Responses | None = None,
    pause: Pause = asyncio.sleep,
    neighbours: Sequence[Neighbour] = (),
) -> FastAPI:
    """The application that a server runs; the database must have its tables already.

    Args:
        settings: of this process. `trusted_proxies` is the server's to apply, not the application's.
        knowledge: read from data/knowledge at start if left out.
        responses: read from data/responses at start if left out.
        pause: how to wait between attempts to reach the engine.
        neighbours: other faces on the same server, such as the staff console.
    """
    # At level "debug" they would log what visitors write.
    for name in _TALKATIVE_LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_services(settings, knowledge, responses, pause) as services, AsyncExitStack() as stack:
            app.state.services = services
            for neighbour in neighbours:
                opened = neighbour.opened(services.store, services.knowledge, services.responses)
                await stack.enter_async_context(opened)
            yield

    app = FastAPI(
        title="Hessen inquiry assistant",
        description="The chat API: conversations in Korean, German and English, answered with sources.",
        openapi_url="/api/openapi.json",
        # The documentation pages would load scripts from elsewhere.
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(AllowedOrigins, origins=settings.embedding_origins),
            Middleware(UnexpectedErrors),
            Middleware(
                BodyLimit,
                max_bytes=settings.body_max_bytes,
                below={f"{neighbour.path}/": neighbour.body_max_bytes for neighbour in neighbours},
            ),
        ],
    )
    add_error_handlers(app)
    app.include_router(api.router)
    app.include_router(api.greeting_router)
    app.include_router(health.router)
    app.include_router(widget_routes(load_widget()))
    add_pages(app)
    for neighbour in neighbours:
        app.add_route(neighbour.path, _to_folder, include_in_schema=False)
        app.mount(neighbour.path, neighbour.app)
    return app


async def _to_folder(request: Request) -> Response:
    return RedirectResponse(f"{request.url.path}/", status_code=308)
