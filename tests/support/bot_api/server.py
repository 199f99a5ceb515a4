"""The emulator over HTTP: `/bot<token>/<method>`, form or JSON, and the answers' documented envelope."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.support.bot_api.faults import Failure, Faults
from tests.support.bot_api.state import TOKEN, BotApi, Refused


class _DroppedResponse(Response):
    """No answer at all: the connection breaks."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        raise ConnectionAbortedError


def bot_api_app(api: BotApi, faults: Faults | None = None) -> Starlette:
    """The server of `api`; calls fail as `faults` says."""
    chance = faults if faults is not None else Faults()

    async def call(request: Request) -> Response:
        if request.path_params["token"] != TOKEN:
            return _error(401, "Unauthorized")
        method = request.path_params["method"]
        failure = chance.next(method)
        if failure is Failure.TOO_MANY:
            seconds = chance.retry_after_seconds
            return _error(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
        if failure is Failure.DROPPED:
            return _DroppedResponse()
        if failure is Failure.TIMEOUT:
            # No answer until the bot has given up.
            while (await request.receive())["type"] != "http.disconnect":
                pass
            return Response()
        if failure is not None:
            return _error(failure.value, "Internal Server Error")
        try:
            result = await api.call(method, await _parameters(request))
        except Refused as error:
            return _error(error.code, error.description, **error.parameters)
        return JSONResponse({"ok": True, "result": result})

    return Starlette(routes=[Route("/bot{token}/{method}", call, methods=["GET", "POST"])])


async def _parameters(request: Request) -> dict[str, Any]:
    if request.headers.get("content-type", "").startswith("application/json"):
        body = await request.json()
        return dict(body)
    given = {**request.query_params, **dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))}
    return {name: _value(value) for name, value in given.items()}


def _value(value: Any) -> Any:
    # In a form, objects and lists come as JSON, and so do numbers and truth values; a text is just text.
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


def _error(code: int, description: str, **parameters: Any) -> JSONResponse:
    body: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    if parameters:
        body["parameters"] = parameters
    return JSONResponse(body, code)
