"""The Telegram process as `bot run` starts it, before an emulated Bot API: killed, pushed to, and its log."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from bot.settings import variable_name
from tests.support.bot_api import Person
from tests.support.bot_api.state import TOKEN
from tests.support.local_server import free_port
from tests.support.telegram_face import TelegramWorld, telegram_world

pytestmark = pytest.mark.asyncio

ROOT = Path(__file__).parents[2]


class Process:
    """One run of the Telegram process."""

    def __init__(self, process: asyncio.subprocess.Process, url: str) -> None:
        self.process = process
        self.url = url

    async def kill(self) -> None:
        """End it at once, as a crash does."""
        self.process.kill()
        await self.process.wait()


@asynccontextmanager
async def running(world: TelegramWorld, log: Path, **settings: str) -> AsyncIterator[Process]:
    """The process of `world`, ready."""
    port = free_port()
    given = {
        "database_url": world.settings.database_url,
        "secret_key": world.settings.secret_key.get_secret_value(),
        "engine_token": world.settings.engine_token.get_secret_value(),
        "engine_port": str(world.settings.engine_port),
        "telegram_token": TOKEN,
        "telegram_base_url": world.settings.telegram_base_url,
        "telegram_rate_limit": "1000/minute",
        "telegram_port": str(port),
        **settings,
    }
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
    environment |= {variable_name(name): value for name, value in given.items()}
    with log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot.telegram", cwd=ROOT, env=environment, stdout=output, stderr=output
        )
    url = f"http://127.0.0.1:{port}"
    try:
        async with httpx.AsyncClient() as client:
            while process.returncode is None:
                try:
                    await client.get(f"{url}/readyz")
                    break
                except httpx.TransportError:
                    await asyncio.sleep(0.05)
        yield Process(process, url)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
            await process.wait()


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "telegram.log"


async def test_killed_in_the_middle_it_answers_everything_once_and_in_order(tmp_path: Path, log: Path) -> None:
    async with telegram_world(tmp_path) as world:
        people = [Person(world.api, f"Person {number}", ("ko", "de", "en")[number % 3]) for number in range(10)]
        said = 0
        for _ in range(3):
            async with running(world, log) as process:
                for _ in range(4):
                    for person in people:
                        await person.writes(f"message {said}")
                    said += 1
                await people[0].hears_text(f"message {said - 2}")
                await process.kill()
        async with running(world, log):
            for person in people:
                await person.hears_text(f"message {said - 1}")

    wanted = [f"echo: message {number}" for number in range(said)]
    for person in people:
        echoes = [text for text in person.texts if text.startswith("echo: ")]
        # Between Telegram's taking a message and its being noted lies an instant in which a crash repeats it.
        assert list(dict.fromkeys(echoes)) == wanted
        assert len(echoes) <= said + 3


async def test_the_log_holds_neither_the_token_nor_what_people_write(tmp_path: Path, log: Path) -> None:
    async with telegram_world(tmp_path) as world:
        person = Person(world.api, "Minji Kim", "ko")
        async with running(world, log, log_level="debug"):
            await person.writes("my secret is hunter2")
            await person.hears(2)

    written = log.read_text(encoding="utf-8")
    assert "hunter2" not in written
    assert TOKEN not in written
    assert "Minji" not in written


async def test_a_wrong_token_is_said_without_the_token(tmp_path: Path, log: Path) -> None:
    async with telegram_world(tmp_path) as world, running(world, log, telegram_token="1:wrong") as process:
        assert await process.process.wait() == 1

    written = log.read_text(encoding="utf-8")
    assert "BOT_TELEGRAM_TOKEN is not known to Telegram" in written
    assert "1:wrong" not in written


async def test_the_webhook_takes_updates_only_with_its_secret_and_answers_at_once(tmp_path: Path, log: Path) -> None:
    address, secret = "https://bot.example.org/telegram", "a-secret-of-the-webhook"
    async with telegram_world(tmp_path) as world:
        person = Person(world.api, "Jens Weber", "de")
        settings = {"telegram_webhook_url": address, "telegram_webhook_secret": secret}
        async with running(world, log, **settings) as process, httpx.AsyncClient() as client:
            await world.api.wait_for(lambda: world.api.webhook["url"] == address)
            assert world.api.webhook["secret_token"] == secret
            update = await person.writes("Hallo")
            header = "X-Telegram-Bot-Api-Secret-Token"
            refused = await client.post(f"{process.url}/telegram", json=update, headers={header: "wrong"})
            twice = [
                await client.post(f"{process.url}/telegram", json=update, headers={header: secret}) for _ in range(2)
            ]
            broken = await client.post(f"{process.url}/telegram", content=b"{", headers={header: secret})
            await person.hears(2)

    assert refused.status_code == 403
    assert [response.status_code for response in (*twice, broken)] == [200, 200, 200]
    assert person.texts[1:] == ["echo: Hallo"]


async def test_menus_and_descriptions_are_set_in_each_language(tmp_path: Path, log: Path) -> None:
    async with telegram_world(tmp_path) as world, running(world, log):
        await world.api.wait_for(lambda: ("short_description", "en") in world.api.profile)

    for language in ("", "ko", "de", "en"):
        commands = [command["command"] for command in world.api.profile["commands", language]]
        assert commands == ["start", "topics", "inquiry", "status", "language", "privacy", "delete", "help"]
        assert 0 < len(world.api.profile["name", language]) <= 64
        assert 0 < len(world.api.profile["short_description", language]) <= 120
        assert 0 < len(world.api.profile["description", language]) <= 512
