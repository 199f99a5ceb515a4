"""The gateway on a real port, with a scripted engine behind it, and visitors who call it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio

from bot.conversations.engine import no_tls
from bot.gateway import create_app, server_config
from bot.settings import Settings
from tests.support.assistant import make_settings, make_store, no_pause, sample_knowledge, sample_responses
from tests.support.local_server import LocalServer, free_port
from tests.support.scripted_engine import ScriptedEngine


@dataclass
class Visitor:
    """A conversation through the chat API."""

    http: httpx.AsyncClient
    id: str
    token: str
    messages: list[dict[str, Any]]

    @property
    def url(self) -> str:
        return f"/api/conversations/{self.id}"

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    async def post(self, **body: Any) -> httpx.Response:
        content = {"client_id": str(uuid4())} | body
        return await self.http.post(f"{self.url}/messages", json=content, headers=self.headers)

    async def say(self, text: str) -> dict[str, Any]:
        """The last reply to `text`."""
        response = await self.post(text=text)
        assert response.status_code == 200, response.text
        reply: dict[str, Any] = response.json()["messages"][-1]
        return reply

    async def history(self, after: int = 0) -> list[dict[str, Any]]:
        response = await self.http.get(f"{self.url}/messages", params={"after": after}, headers=self.headers)
        messages: list[dict[str, Any]] = response.json()["messages"]
        return messages


OpenGateway = Callable[..., Awaitable[httpx.AsyncClient]]


@pytest_asyncio.fixture
async def engine() -> AsyncIterator[ScriptedEngine]:
    async with ScriptedEngine() as scripted:
        yield scripted


@pytest.fixture
def settings(tmp_path: Path, engine: ScriptedEngine) -> Settings:
    return make_settings(tmp_path, engine.port, actions_port=free_port(), engine_timeout_seconds=5)


@pytest_asyncio.fixture
async def open_gateway(settings: Settings) -> AsyncIterator[OpenGateway]:
    """Starts a gateway with changed settings and returns a client of it; several may run."""
    make_store(settings).close()
    async with AsyncExitStack() as stack:

        async def open_one(**changes: Any) -> httpx.AsyncClient:
            changed = settings.model_copy(update=changes)
            app = create_app(
                changed,
                knowledge=sample_knowledge(),
                responses=sample_responses(),
                pause=no_pause,
            )
            server = await stack.enter_async_context(LocalServer(app, server_config(changed, app)))
            return await stack.enter_async_context(httpx.AsyncClient(base_url=server.url, timeout=10, verify=no_tls()))

        yield open_one


@pytest_asyncio.fixture
async def http(open_gateway: OpenGateway) -> httpx.AsyncClient:
    return await open_gateway()


async def start(http: httpx.AsyncClient, language: str | None = "en") -> Visitor:
    """A visitor with a new conversation."""
    response = await http.post("/api/conversations", json={"language": language})
    assert response.status_code == 201, response.text
    body = response.json()
    return Visitor(http, body["id"], body["token"], body["messages"])


@pytest_asyncio.fixture
async def visitor(http: httpx.AsyncClient) -> Visitor:
    return await start(http)
