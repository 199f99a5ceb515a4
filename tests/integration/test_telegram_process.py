"""The Telegram process as `bot run` starts it, before an emulated Bot API: killed, pushed to, and its log."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from tests.support.bot_api import Person
from tests.support.bot_api.state import TOKEN
from tests.support.telegram_face import TelegramWorld, telegram_world
from tests.support.telegram_load import Trial
from tests.support.telegram_process import TelegramProcess, environment_of, telegram_process

pytestmark = pytest.mark.asyncio


@asynccontextmanager
async def running(world: TelegramWorld, log: Path, **settings: str) -> AsyncIterator[TelegramProcess]:
    """The process of `world`, ready."""
    url = world.settings.telegram_base_url.removesuffix("/bot")
    async with telegram_process(environment_of(world), url, log, **settings) as process:
        yield process


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


async def test_updates_under_faults_duplicates_and_restarts_are_answered_once_each_and_in_order(tmp_path: Path) -> None:
    """A small one of the proof in `make bench`, which has 2,000 updates."""
    outcome = await Trial(tmp_path, people=10, messages=12).run(restarts=3)

    assert (outcome.lost, outcome.repeated, outcome.out_of_order) == (0, 0, 0)
    assert outcome.faults > 10
    assert outcome.duplicates > 5


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
    assert str(person.id) not in written


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
