"""The largest request body, whether its size is announced or it comes in chunks."""

from collections.abc import Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.gateway.errors import error_response

DISCARDED_MAX_BYTES = 1024 * 1024
"""A body up to this is read to its end before it is refused: closing a connection on unread data would reset it, and
the client might never see why. A longer one is not worth that."""

_METHODS_WITHOUT_BODY = frozenset({"GET", "HEAD", "OPTIONS"})


class BodyLimit:
    """ASGI middleware that reads the body before the application does, and answers 413 to one above `max_bytes`.

    Bodies here are small. Read first, an oversized one is refused before anything is done with its beginning.
    """

    def __init__(self, app: ASGIApp, max_bytes: int, below: Mapping[str, int] | None = None) -> None:
        """Guard `app`.

        Args:
            app: what is called with bodies that are small enough.
            max_bytes: the limit.
            below: other limits for all paths that begin so.
        """
        self._app = app
        self._usual_max_bytes = max_bytes
        self._below = below or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the body, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        max_bytes = self._limit(scope["path"])
        announced = _announced_length(scope)
        if announced > DISCARDED_MAX_BYTES:
            await self._refuse(scope, receive, send, max_bytes)
            return
        if scope["method"] in _METHODS_WITHOUT_BODY and announced <= max_bytes:
            await self._app(scope, receive, send)
            return
        parts: list[bytes] = []
        size = 0
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            part = message.get("body", b"")
            more = message.get("more_body", False)
            size += len(part)
            if size > DISCARDED_MAX_BYTES:
                break
            if size > max_bytes:
                parts.clear()
            else:
                parts.append(part)
        if size > max_bytes:
            await self._refuse(scope, receive, send, max_bytes, close=more)
            return
        body: Message | None = {"type": "http.request", "body": b"".join(parts), "more_body": False}

        async def receive_again() -> Message:
            nonlocal body
            if body is None:
                return await receive()
            message, body = body, None
            return message

        await self._app(scope, receive_again, send)

    def _limit(self, path: str) -> int:
        found = (limit for beginning, limit in self._below.items() if path.startswith(beginning))
        return next(found, self._usual_max_bytes)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, max_bytes: int, *, close: bool = True) -> None:
        # What is left unread would be taken for the next request.
        headers = {"Connection": "close"} if close else None
        response = error_response(413, "too_large", f"a body may have at most {max_bytes} bytes", headers)
        await response(scope, receive, send)


def _announced_length(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0
