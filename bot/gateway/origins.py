"""Which websites may embed the widget: an exact answer to browsers that ask for another origin (CORS)."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.gateway.errors import error_response

METHODS = "GET, POST, DELETE"
HEADERS = "Authorization, Content-Type, Last-Event-ID"
EXPOSED = "Retry-After"
PREFLIGHT_SECONDS = "7200"
"""The longest that Chromium remembers an answer; fewer would cost a round trip more often."""

_PATHS = ("/api/", "/widget/", "/widget.js")
"""What the widget calls; `/widget.json` is among them. Everything else is for this origin only."""


class AllowedOrigins:
    """ASGI middleware that lets listed origins read answers, and no other; credentials such as cookies never count.

    Starlette's own answers a refused preflight with text, where every error here has one shape, and has no paths.
    """

    def __init__(self, app: ASGIApp, origins: frozenset[str]) -> None:
        self._app = app
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a preflight, or pass the call on and say who may read its answer."""
        if scope["type"] != "http" or not scope["path"].startswith(_PATHS):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        allowed = origin is not None and origin in self._origins
        if scope["method"] == "OPTIONS" and origin is not None and "access-control-request-method" in headers:
            await _preflight(origin, allowed=allowed)(scope, receive, send)
            return

        async def send_with_origin(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                # Also without an origin: no cache may give an answer without permission to who has it. Where nobody
                # has it the answer is always the same, and a module that was fetched need not be asked for again.
                if self._origins:
                    answer.add_vary_header("Origin")
                if origin is not None and allowed:
                    answer["Access-Control-Allow-Origin"] = origin
                    answer["Access-Control-Expose-Headers"] = EXPOSED
            await send(message)

        await self._app(scope, receive, send_with_origin)


def _preflight(origin: str, *, allowed: bool) -> Response:
    if not allowed:
        return error_response(403, "origin_not_allowed", "this origin may not call", {"Vary": "Origin"})
    return Response(
        status_code=204,
        headers={
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Allow-Methods": METHODS,
            "Access-Control-Allow-Headers": HEADERS,
            "Access-Control-Max-Age": PREFLIGHT_SECONDS,
            "Vary": "Origin",
        },
    )
