"""A dialogue engine over real HTTP that does what the test says: answer, hang, fail, or say nothing."""

import asyncio
import base64
import hashlib
from collections import deque
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Self

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.support.local_server import LocalServer

ENGINE_TOKEN = "the-engine's-password"

_Answer = Callable[[dict[str, Any]], Awaitable[Response]]


class ScriptedEngine:
    """Answers turn by turn from a script; past its end it repeats what it is told.

    `turns` holds the requests as they came, `forgotten` the conversations it was told to forget, `meanings` the texts
    whose vectors were asked for; `encoder` is what it says made them.
    """

    def __init__(self) -> None:
        self.turns: list[dict[str, Any]] = []
        self.forgotten: list[str] = []
        self.meanings: list[list[str]] = []
        self.encoder = "first"
        self.is_ready = True
        self.can_forget = True
        self._script: deque[_Answer] = deque()
        self._gates: list[asyncio.Event] = []
        self._changed = asyncio.Condition()
        routes = [
            Route("/webhooks/gateway/", self._status),
            Route("/webhooks/gateway/turns", self._turn, methods=["POST"]),
            Route("/webhooks/gateway/meanings", self._meanings, methods=["POST"]),
            Route("/webhooks/gateway/conversations/{id}", self._forget, methods=["DELETE"]),
        ]
        self._server = LocalServer(Starlette(routes=routes))

    @property
    def port(self) -> int:
        return self._server.port

    async def __aenter__(self) -> Self:
        await self._server.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for gate in self._gates:
            gate.set()
        await self._server.__aexit__(kind, error, trace)

    def answer(self, *replies: dict[str, Any], **result: Any) -> None:
        """Answer one turn with `replies` (see `reply`); `result` overrides fields of the answer."""

        async def answer(turn: dict[str, Any]) -> Response:
            return JSONResponse(_result(turn, list(replies), **result))

        self._script.append(answer)

    def hang(self, times: int = 1) -> asyncio.Event:
        """Keep turns waiting until the event is set, or the test ends."""
        gate = asyncio.Event()
        self._gates.append(gate)

        async def wait(turn: dict[str, Any]) -> Response:
            await gate.wait()
            return JSONResponse(_echo(turn))

        self._script.extend([wait] * times)
        return gate

    def fail(self, status: int = 500, times: int = 1) -> None:
        """Answer with an HTTP error."""

        async def fail(_turn: dict[str, Any]) -> Response:
            return Response("engine trouble", status)

        self._script.extend([fail] * times)

    def say(self, body: str) -> None:
        """Answer with status 200 and this body, whatever it is."""

        async def say(_turn: dict[str, Any]) -> Response:
            return Response(body, media_type="application/json")

        self._script.append(say)

    def say_nothing(self, times: int = 1) -> None:
        """Answer without a reply, as the engine does when an action fails."""

        async def nothing(turn: dict[str, Any]) -> Response:
            return JSONResponse(_result(turn, []))

        self._script.extend([nothing] * times)

    async def wait_for_turns(self, count: int) -> None:
        """Return once `count` turns have come in."""
        async with self._changed:
            await asyncio.wait_for(self._changed.wait_for(lambda: len(self.turns) >= count), 10)

    async def _turn(self, request: Request) -> Response:
        if not _is_authorized(request):
            return Response(status_code=401)
        turn = await request.json()
        async with self._changed:
            self.turns.append(turn)
            self._changed.notify_all()
        if self._script:
            return await self._script.popleft()(turn)
        return JSONResponse(_echo(turn))

    async def _forget(self, request: Request) -> Response:
        if not _is_authorized(request):
            return Response(status_code=401)
        if not self.can_forget:
            return Response(status_code=500)
        self.forgotten.append(request.path_params["id"])
        return Response(status_code=204)

    async def _meanings(self, request: Request) -> Response:
        if not _is_authorized(request):
            return Response(status_code=401)
        if not self.is_ready:
            return Response(status_code=503)
        texts = (await request.json())["texts"]
        self.meanings.append(texts)
        vectors = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in texts]
        return JSONResponse({"encoder": self.encoder, "vectors": vectors})

    async def _status(self, _request: Request) -> Response:
        return JSONResponse({"status": "ok"}, 200 if self.is_ready else 503)


def reply(
    text: str,
    *,
    entry: str | None = None,
    asks: str | None = None,
    buttons: dict[str, str] | None = None,
    erase_conversation: bool = False,
) -> dict[str, Any]:
    """A reply of the engine; `buttons` maps titles to payloads."""
    return {
        "text": text,
        "buttons": [{"title": title, "payload": payload} for title, payload in (buttons or {}).items()],
        "custom": {"response": None, "entry": entry, "asks": asks, "erase_conversation": erase_conversation},
    }


def _echo(turn: dict[str, Any]) -> dict[str, Any]:
    return _result(turn, [reply(f"echo: {turn['text']}")])


def _result(turn: dict[str, Any], replies: list[dict[str, Any]], **changes: Any) -> dict[str, Any]:
    result = {
        "replies": replies,
        "intent": "faq",
        "entry": None,
        "confidence": 0.9,
        "entities": [],
        "language": turn["language"],
        "pinned": turn["pinned"],
        "in_form": False,
    }
    return result | changes


def _is_authorized(request: Request) -> bool:
    return request.headers.get("Authorization") == f"Bearer {ENGINE_TOKEN}"
