from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.support.bot_api import Person
from tests.support.telegram_face import TelegramWorld, telegram_world


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[TelegramWorld]:
    async with telegram_world(tmp_path) as made:
        yield made


@pytest_asyncio.fixture
async def minji(world: TelegramWorld) -> Person:
    return Person(world.api, "Minji Kim", "ko")
