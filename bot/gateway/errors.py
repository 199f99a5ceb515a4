"""One shape for every error: {"error": {"code", "message"}}. Messages never quote what was sent."""

import http
import logging
import traceback
from collections.abc import Sequence
from typing import Any, cast

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.errors import (
    AssistantError,
    Conflict,
    EngineError,
    InvalidField,
    NotFound,
    RateLimited,
    StoreError,
    Unauthorized,
)

UNAVAILABLE_RETRY_SECONDS = 5

_FIELD_PROBLEMS = {
    "missing": "is required",
    "string_type": "must be a text",
    "string_unicode": "must be a text",
    "string_too_long": "is too long",
    "string_too_short": "is too short",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "greater_than_equal": "is too small",
    "less_than_equal": "is too large",
    "bool_type": "must be true or false",
    "uuid_type": "must be a UUID",
    "uuid_parsing": "must be a UUID",
    "enum": "must be one of ko, de, en",
    "text_or_button": "must be given, or button, but not both",
    "empty": "must say something",
    "unknown_button": "is not a button of this conversation, or no longer",
}
_NOT_VALID = "is not valid"

_log = logging.getLogger(__name__)


def error_response(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> JSONResponse:
    """A response in the one shape."""
    return JSONResponse({"error": {"code": code, "message": message}}, status, headers)


def add_error_handlers(app: FastAPI) -> None:
    """Give every error that a route raises its response."""
    app.add_exception_handler(AssistantError, _assistant_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_error)


class UnexpectedErrors:
    """ASGI middleware that answers what no handler expected, inside the middleware that adds headers.

    Starlette's own stands outside all others, so its answer would lack them.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on, and answer if it fails."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def watched_send(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watched_send)
        except Exception as error:
            # The text of an unknown error may quote a message; where it happened is enough to find it.
            places = "".join(traceback.format_tb(error.__traceback__))
            _log.error("unexpected %s\n%s", type(error).__name__, places)
            if started:
                raise
            response = error_response(500, "internal", "something went wrong on the server")
            await response(scope, receive, send)


async def _assistant_error(_request: Request, error: Exception) -> JSONResponse:
    match error:
        case InvalidField():
            return error_response(422, error.code, _field_message(error.field, error.code, error.limit))
        case NotFound():
            return error_response(404, error.code, f"no such {error.what}")
        case Unauthorized():
            headers = {"WWW-Authenticate": "Bearer"}
            return error_response(401, error.code, "a valid token is required", headers)
        case RateLimited():
            headers = {"Retry-After": str(error.retry_after_seconds)}
            return error_response(429, error.code, f"try again in {error.retry_after_seconds} s", headers)
        case Conflict():
            return error_response(409, error.code, "somebody else changed this meanwhile; try again")
        case EngineError() | StoreError():
            _log.error("%s: %s", error.code, error)
            headers = {"Retry-After": str(UNAVAILABLE_RETRY_SECONDS)}
            return error_response(503, error.code, "a part of the service is not available; try again", headers)
        case _:
            raise error


async def _validation_error(_request: Request, error: Exception) -> JSONResponse:
    first: dict[str, Any] = cast("RequestValidationError", error).errors()[0]
    kind = str(first["type"])
    if kind == "json_invalid":
        return error_response(400, "invalid_json", "the body is not valid JSON")
    return error_response(422, "invalid_field", _field_message(_field(first["loc"]), kind, None))


async def _http_error(_request: Request, error: Exception) -> JSONResponse:
    raised = cast("HTTPException", error)
    phrase = http.HTTPStatus(raised.status_code).phrase
    code = phrase.lower().replace(" ", "_").replace("-", "_")
    return error_response(raised.status_code, code, phrase.lower(), dict(raised.headers or {}))


def _field(location: Sequence[int | str]) -> str:
    # The first part says where the field stands: body, query, path, header. Names from the client are not quoted.
    return str(location[1]) if len(location) > 1 else str(location[0])


def _field_message(field: str, kind: str, limit: int | None) -> str:
    if limit is not None:
        return f"{field}: must have at most {limit} characters"
    return f"{field}: {_FIELD_PROBLEMS.get(kind, _NOT_VALID)}"
