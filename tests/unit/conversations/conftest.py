"""A conversation service on a real database, with a scripted engine behind real HTTP."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from bot.conversations import Conversations, EngineClient, open_engine_connections
from bot.settings import Settings
from bot.store import Store
from tests.support.assistant import make_settings, make_store, no_pause, sample_knowledge, sample_responses
from tests.support.scripted_engine import ScriptedEngine


@dataclass
class Assistant:
    """The service and what it stands on; `restarted` is the same after a crash of the process."""

    settings: Settings
    store: Store
    engine: ScriptedEngine
    connections: httpx.AsyncClient
    conversations: Conversations

    def restarted(self, **changes: object) -> Conversations:
        settings = self.settings.model_copy(update=changes)
        client = EngineClient(self.connections, settings, pause=no_pause)
        return Conversations(self.store, client, sample_knowledge(), sample_responses(), settings, pause=no_pause)


@pytest_asyncio.fixture
async def engine() -> AsyncIterator[ScriptedEngine]:
    async with ScriptedEngine() as scripted:
        yield scripted


@pytest.fixture
def settings(tmp_path: Path, engine: ScriptedEngine) -> Settings:
    return make_settings(tmp_path, engine.port, engine_session_turns=3)


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    opened = make_store(settings)
    yield opened
    opened.close()


@pytest_asyncio.fixture
async def assistant(settings: Settings, store: Store, engine: ScriptedEngine) -> AsyncIterator[Assistant]:
    async with open_engine_connections(settings) as connections:
        client = EngineClient(connections, settings, pause=no_pause)
        conversations = Conversations(store, client, sample_knowledge(), sample_responses(), settings, pause=no_pause)
        yield Assistant(settings, store, engine, connections, conversations)


@pytest.fixture
def conversations(assistant: Assistant) -> Conversations:
    return assistant.conversations
