"""The Telegram face in the test's own process, before an emulated Bot API and a scripted engine."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.knowledge import KnowledgeBase, Responses, load_responses
from bot.settings import Settings
from bot.store import Store
from bot.telegram.service import Face, open_face
from tests.support.assistant import RESPONSES, make_settings, make_store, no_pause, sample_knowledge
from tests.support.bot_api import BotApi, Faults, bot_api_app
from tests.support.bot_api.state import TOKEN
from tests.support.local_server import LocalServer
from tests.support.scripted_engine import ScriptedEngine


@dataclass
class TelegramWorld:
    """Everything around the face; `running` runs it, as often as a test likes."""

    api: BotApi
    faults: Faults
    engine: ScriptedEngine
    settings: Settings
    store: Store
    knowledge: KnowledgeBase = field(default_factory=sample_knowledge)
    responses: Responses = field(default_factory=lambda: load_responses(RESPONSES))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Face]:
        """The face, polling."""
        async with open_face(self.settings, self.knowledge, self.responses, pause=no_pause) as face:
            receiving = asyncio.create_task(face.receiver.run())
            try:
                yield face
            finally:
                receiving.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await receiving


@asynccontextmanager
async def telegram_world(folder: Path, **changes: Any) -> AsyncIterator[TelegramWorld]:
    """A world with nobody in it; `changes` are settings."""
    api, faults = BotApi(), Faults()
    async with ScriptedEngine() as engine, LocalServer(bot_api_app(api, faults)) as server:
        settings = make_settings(
            folder,
            engine.port,
            telegram_token=SecretStr(TOKEN),
            telegram_base_url=f"{server.url}/bot",
            telegram_rate_limit="1000/minute",
            **changes,
        )
        store = make_store(settings)
        try:
            yield TelegramWorld(api, faults, engine, settings, store)
        finally:
            store.close()
