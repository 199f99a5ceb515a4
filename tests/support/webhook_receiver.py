"""A real HTTP server that takes webhooks, checks their signature as its documentation says, and answers as told."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections import deque
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.support.local_server import LocalServer

KEY = b"a key of thirty-two random bytes"
SECRET = f"whsec_{base64.b64encode(KEY).decode()}"
WAIT_SECONDS = 20.0


@dataclass
class Hook:
    """A webhook as it came in."""

    headers: dict[str, str]
    body: bytes

    @property
    def content(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self.body)
        return content

    @property
    def is_genuine(self) -> bool:
        """As docs/delivery.md tells receivers to find out."""
        signed = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.".encode() + self.body
        expected = "v1," + base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest()).decode()
        return hmac.compare_digest(self.headers["webhook-signature"], expected)


class WebhookReceiver:
    """Takes webhooks at `url` as long as the block lasts."""

    def __init__(self) -> None:
        self.hooks: list[Hook] = []
        self.elsewhere = 0
        self._answers: deque[Response] = deque()
        self._changed = asyncio.Condition()

    @property
    def url(self) -> str:
        return f"{self._server.url}/hook"

    def answer(self, status: int, **headers: str) -> None:
        """Answer the next webhook so."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._answers.append(Response(status_code=status, headers=named))

    async def wait_for(self, count: int) -> list[Hook]:
        """Return once so many webhooks have come in."""
        async with self._changed:
            await asyncio.wait_for(self._changed.wait_for(lambda: len(self.hooks) >= count), WAIT_SECONDS)
        return self.hooks

    async def _take(self, request: Request) -> Response:
        body = await request.body()
        async with self._changed:
            self.hooks.append(Hook(dict(request.headers), body))
            self._changed.notify_all()
        return self._answers.popleft() if self._answers else Response(status_code=204)

    async def _other(self, _request: Request) -> Response:
        self.elsewhere += 1
        return Response(status_code=204)

    async def __aenter__(self) -> Self:
        routes = [Route("/hook", self._take, methods=["POST"]), Route("/other", self._other, methods=["GET", "POST"])]
        self._server = LocalServer(Starlette(routes=routes))
        await self._server.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._server.__aexit__(kind, error, trace)
