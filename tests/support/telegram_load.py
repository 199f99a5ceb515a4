"""Many people at once before the real Telegram process: how fast it answers, and whether it loses anything."""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.bot_api import BotApi, Person
from tests.support.bot_api.faults import Failure
from tests.support.bot_api.state import BOT, Json
from tests.support.telegram_face import TelegramWorld, telegram_world
from tests.support.telegram_process import TelegramProcess, environment_of, telegram_process

LANGUAGES = ("ko", "de", "en")
ECHO = "echo: "
FAULTS_SHARE = 0.1
DUPLICATES_SHARE = 0.1
NO_LIMIT = "1000000"


class TimedApi(BotApi):
    """An emulated Bot API that notes when a chat has had its answer."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: dict[int, asyncio.Future[float]] = {}

    def message(self, chat_id: int, sender: Json, **content: Any) -> Json:
        """As the real one; who waits for the bot in this chat is told the time."""
        made = super().message(chat_id, sender, **content)
        if sender["id"] == BOT["id"]:
            waiting = self.waiting.pop(chat_id, None)
            if waiting is not None:
                waiting.set_result(time.perf_counter())
        return made

    async def answered(self, person: Person, text: str) -> float:
        """Have a text answered; the seconds from the update to the answer."""
        self.waiting[person.id] = asyncio.get_running_loop().create_future()
        waiting, started = self.waiting[person.id], time.perf_counter()
        await person.writes(text)
        return await waiting - started


@dataclass(frozen=True)
class Pace:
    """How fast it went: seconds from update to answer of each message, and how long all took together."""

    times: Sequence[float]
    seconds: float

    @property
    def rate(self) -> float:
        """Messages a second."""
        return len(self.times) / self.seconds

    @property
    def p95(self) -> float:
        """What 95 of 100 answers took at most."""
        return sorted(self.times)[int(len(self.times) * 0.95)]


async def talk(api: TimedApi, texts: Callable[[str], Sequence[str]], people: int, every_seconds: float = 0.0) -> Pace:
    """As many `people` at once write, each as soon as what they wrote before is answered.

    Arguments:
        texts: what people of a language write.
        every_seconds: how long a person reads and types between an answer and the next text.
    """
    persons = [Person(api, f"Person {number}", LANGUAGES[number % 3]) for number in range(people)]
    for person in persons:
        await api.answered(person, "/start")
    chance = random.Random(1)

    async def one(person: Person) -> list[float]:
        await asyncio.sleep(chance.uniform(0, every_seconds))
        times = []
        for text in texts(person.user["language_code"]):
            times.append(await api.answered(person, text))
            await asyncio.sleep(max(0.0, every_seconds - times[-1]))
        return times

    started = time.perf_counter()
    lists = await asyncio.gather(*(one(person) for person in persons))
    return Pace([seconds for times in lists for seconds in times], time.perf_counter() - started)


@dataclass
class Outcome:
    """What became of the updates: how many were never answered, answered again, or answered too early or late."""

    updates: int
    lost: int = 0
    repeated: int = 0
    out_of_order: int = 0
    faults: int = 0
    duplicates: int = 0
    seconds: float = 0.0
    heard: list[list[str]] = field(default_factory=list, repr=False)


class Trial:
    """Updates under faults: calls that fail, updates that come twice, and a process that ends in the middle."""

    def __init__(self, folder: Path, people: int, messages: int) -> None:
        self._folder = folder
        self._people = people
        self._messages = messages
        self._chance = random.Random(7)

    async def run(self, *, restarts: int, kills: int = 0, timeouts: int = 0) -> Outcome:
        """Hand in all updates while the process is stopped `restarts` and killed `kills` times."""
        outcome = Outcome(self._people * self._messages)
        ends = [False] * restarts + [True] * kills
        self._chance.shuffle(ends)
        async with telegram_world(self._folder) as world:
            at_once = [failure for failure in Failure if failure is not Failure.TIMEOUT]
            world.faults.often(FAULTS_SHARE, *at_once)
            world.faults.plan("sendMessage", Failure.TIMEOUT, timeouts)
            persons = [Person(world.api, f"Person {n}", LANGUAGES[n % 3]) for n in range(self._people)]
            started = time.perf_counter()
            said = 0
            for number, killed in enumerate(ends, start=1):
                async with self._running(world) as process:
                    until = self._messages * number // (len(ends) + 1)
                    outcome.duplicates += await self._say(world, persons, said, until)
                    said = until
                    half = sum(len(_echoes(person)) for person in persons) + self._people
                    await world.api.wait_for(lambda half=half: sum(map(_heard, persons)) >= half, 300)
                    await (process.kill() if killed else process.stop())
            async with self._running(world):
                outcome.duplicates += await self._say(world, persons, said, self._messages)
                await world.api.wait_for(lambda: all(_is_complete(person, self._messages) for person in persons), 600)
            outcome.seconds = time.perf_counter() - started
            outcome.faults = world.faults.happened
            outcome.heard = [_echoes(person) for person in persons]
        for echoes in outcome.heard:
            first = list(dict.fromkeys(echoes))
            outcome.lost += self._messages - len(first)
            outcome.repeated += len(echoes) - len(first)
            outcome.out_of_order += sum(one > other for one, other in itertools.pairwise(first))
        return outcome

    @asynccontextmanager
    async def _running(self, world: TelegramWorld) -> AsyncIterator[TelegramProcess]:
        url = world.settings.telegram_base_url.removesuffix("/bot")
        log = self._folder / "telegram.log"
        async with telegram_process(environment_of(world), url, log, telegram_messages_per_second=NO_LIMIT) as process:
            yield process

    async def _say(self, world: TelegramWorld, persons: Sequence[Person], start: int, end: int) -> int:
        duplicates = 0
        for number in range(start, end):
            for person in persons:
                update = await person.writes(f"{number:04}")
                if self._chance.random() < DUPLICATES_SHARE:
                    world.api.updates.append(update)
                    duplicates += 1
        return duplicates


def _echoes(person: Person) -> list[str]:
    return [text.removeprefix(ECHO) for text in person.texts if text.startswith(ECHO)]


def _heard(person: Person) -> int:
    return len(_echoes(person))


def _is_complete(person: Person, messages: int) -> bool:
    return person.texts[-1:] == [f"{ECHO}{messages - 1:04}"]
