"""The dialogue engine as seen from here: one turn in, replies out, over a kept HTTP connection."""

import asyncio
import json
import logging
import ssl
from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any

import httpx
from pydantic import Base64Bytes, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from bot.errors import EngineTimeout, EngineUnavailable
from bot.knowledge import Language
from bot.settings import Settings

RETRY_AFTER_SECONDS = 1.0
"""A failed action or a starting engine is asked once more after so long."""

READY_TIMEOUT_SECONDS = 2.0

KEEP_ALIVE_SECONDS = 4.0
"""Shorter than the 5 s after which Sanic, under the engine, closes an idle connection: a reused one must be alive."""

MAX_CONNECTIONS = 100

MEANINGS_MAX = 64
"""Texts in one call for their meanings; the engine refuses more."""

_CHANNEL = "/webhooks/gateway"

_log = logging.getLogger(__name__)

Pause = Callable[[float], Awaitable[None]]


class _EngineModel(BaseModel):
    model_config = ConfigDict(frozen=True, coerce_numbers_to_str=True)


class TurnRequest(_EngineModel):
    """One message for the engine and what it has to know of the conversation."""

    conversation: str
    text: str
    language: Language
    pinned: bool
    payload: str | None
    previous_entry: str | None
    asks: str | None
    message_id: int
    new_session: bool


class EngineButton(_EngineModel):
    """A button as the engine offers it: what it shows, and what pressing it tells the engine."""

    title: str
    payload: str


class ReplyDetails(_EngineModel):
    """What the engine says about a reply besides its text."""

    response: str | None = None
    entry: str | None = None
    asks: str | None = None
    erase_conversation: bool = False


def _nothing_to(default: Callable[[], Any]) -> BeforeValidator:
    return BeforeValidator(lambda value: default() if value is None else value)


class EngineReply(_EngineModel):
    """One message of the engine."""

    text: Annotated[str, _nothing_to(str)] = ""
    buttons: Annotated[tuple[EngineButton, ...], _nothing_to(tuple)] = ()
    custom: Annotated[ReplyDetails, _nothing_to(ReplyDetails)] = Field(default_factory=ReplyDetails)


class EngineEntity(_EngineModel):
    """Something the engine recognised in the visitor's message."""

    entity: str
    value: str


class TurnResult(_EngineModel):
    """The engine's answer to one turn."""

    replies: tuple[EngineReply, ...]
    intent: str | None = None
    entry: str | None = None
    confidence: float | None = None
    entities: tuple[EngineEntity, ...] = ()
    language: Language
    pinned: bool
    in_form: bool = False

    @property
    def erases_conversation(self) -> bool:
        """Whether the visitor has just had the conversation erased."""
        return any(reply.custom.erase_conversation for reply in self.replies)


class Meanings(_EngineModel):
    """What texts mean: one vector each, in signed bytes, and the name of what made them."""

    encoder: str = Field(max_length=16)
    vectors: tuple[Base64Bytes, ...]


class _Passing(EngineUnavailable):
    """A failure that may be over in a second."""


def open_engine_connections(settings: Settings) -> httpx.AsyncClient:
    """A client with kept connections to the engine; close it with `aclose`."""
    return open_local_connections(
        base_url=settings.engine_url,
        headers={"Authorization": f"Bearer {settings.engine_token.get_secret_value()}"},
        timeout=settings.engine_timeout_seconds,
    )


def no_tls() -> ssl.SSLContext:
    """Trusts nobody: calls to loopback are plain HTTP, and loading the world's certificates takes 30 ms a client."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def open_local_connections(*, base_url: str, headers: dict[str, str], timeout: float) -> httpx.AsyncClient:
    """A client with kept connections to another process of this machine."""
    return httpx.AsyncClient(
        base_url=base_url,
        headers=headers,
        timeout=timeout,
        verify=no_tls(),
        limits=httpx.Limits(
            max_connections=MAX_CONNECTIONS,
            max_keepalive_connections=MAX_CONNECTIONS,
            keepalive_expiry=KEEP_ALIVE_SECONDS,
        ),
        # A proxy from the environment has no say.
        trust_env=False,
    )


class EngineClient:
    """Asks the engine.

    Args:
        client: from `open_engine_connections`.
        settings: for the timeout.
        pause: waits before the second attempt.
    """

    def __init__(self, client: httpx.AsyncClient, settings: Settings, *, pause: Pause = asyncio.sleep) -> None:
        self._client = client
        self._timeout = settings.engine_timeout_seconds
        self._pause = pause

    async def turn(self, request: TurnRequest) -> TurnResult:
        """Have one message answered; a passing failure is tried again once within the same time limit.

        Raises:
            EngineUnavailable: the engine is down, still loading, refuses the password, or an action failed.
            EngineTimeout: no answer within `Settings.engine_timeout_seconds`.
        """
        try:
            async with asyncio.timeout(self._timeout):
                try:
                    return await self._ask(request)
                except _Passing as failure:
                    _log.warning("engine: %s; asking again", failure)
                await self._pause(RETRY_AFTER_SECONDS)
                return await self._ask(request)
        except TimeoutError:
            raise EngineTimeout(f"no answer within {self._timeout:g} s") from None

    async def forget(self, conversation_id: str) -> None:
        """Have the engine erase what it remembers of a conversation; twice is fine.

        Raises:
            EngineUnavailable, EngineTimeout: it may not have been erased.
        """
        response = await self._send("DELETE", f"{_CHANNEL}/conversations/{conversation_id}")
        if response.status_code not in (httpx.codes.NO_CONTENT, httpx.codes.OK, httpx.codes.NOT_FOUND):
            raise EngineUnavailable(f"status {response.status_code} to an erasure")

    async def meanings(self, texts: Sequence[str]) -> Meanings:
        """Vectors of at most `MEANINGS_MAX` texts; the engine keeps none of them.

        Raises:
            EngineUnavailable, EngineTimeout: no usable answer; it is worth asking again later.
        """
        response = await self._send("POST", f"{_CHANNEL}/meanings", json.dumps({"texts": list(texts)}))
        if response.status_code != httpx.codes.OK:
            raise EngineUnavailable(f"status {response.status_code}")
        try:
            found = Meanings.model_validate_json(response.content)
        except ValidationError as error:
            raise EngineUnavailable(f"an answer with {error.error_count()} mistakes") from None
        if len(found.vectors) != len(texts):
            raise EngineUnavailable("another number of vectors than of texts")
        return found

    async def ready(self) -> bool:
        """Whether the engine would answer a turn now."""
        try:
            response = await self._client.get(f"{_CHANNEL}/", timeout=READY_TIMEOUT_SECONDS)
        except httpx.HTTPError:
            return False
        return response.status_code == httpx.codes.OK

    async def _ask(self, request: TurnRequest) -> TurnResult:
        response = await self._send("POST", f"{_CHANNEL}/turns", request.model_dump_json())
        if response.status_code == httpx.codes.SERVICE_UNAVAILABLE:
            raise _Passing("still loading")
        if response.status_code != httpx.codes.OK:
            raise EngineUnavailable(f"status {response.status_code}")
        try:
            result = TurnResult.model_validate_json(response.content)
        except ValidationError as error:
            # The error's own text would quote the reply, and with it what the visitor wrote.
            raise EngineUnavailable(f"an answer with {error.error_count()} mistakes") from None
        if not any(reply.text.strip() for reply in result.replies):
            raise _Passing("no reply: an action failed")
        return result

    async def _send(self, method: str, path: str, content: str | None = None) -> httpx.Response:
        headers = {"Content-Type": "application/json"} if content is not None else None
        try:
            return await self._client.request(method, path, content=content, headers=headers)
        except httpx.TimeoutException:
            raise EngineTimeout(f"no answer within {self._timeout:g} s") from None
        except httpx.HTTPError as error:
            raise _Passing(f"not reached: {type(error).__name__}") from None
