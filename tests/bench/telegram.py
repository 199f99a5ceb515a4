"""The Telegram process before an emulated Bot API: many chats at once, and updates under faults."""

import asyncio
import contextlib
import itertools
import logging
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.knowledge import Language
from tests.bench.assistant import make_workspace, running_assistant, train
from tests.bench.measurements import Row
from tests.bench.messages import mixed_messages
from tests.support.bot_api import bot_api_app
from tests.support.bot_api.state import TOKEN
from tests.support.local_server import LocalServer, free_port
from tests.support.telegram_face import telegram_world
from tests.support.telegram_load import NO_LIMIT, Outcome, Pace, TimedApi, Trial, talk
from tests.support.telegram_process import environment_of, telegram_process

CHATS = 50
MESSAGES = 20
PACE_SECONDS = 2.5
"""50 people who write every 2.5 s are 20 messages a second; Telegram takes 30 from a bot."""

UPDATES = 2000
TELEGRAMS_LIMIT = "30"


def telegram_rows(folder: Path, updates: int, say: Callable[[str], None]) -> list[Row]:
    """Measure in `folder`, which is made anew."""
    # Connections that break are part of it.
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return asyncio.run(_rows(folder, updates, say))


async def _rows(folder: Path, updates: int, say: Callable[[str], None]) -> list[Row]:
    say(f"{CHATS} Telegram chats at once, scripted engine")
    rows = await _scripted(folder)
    say(f"{CHATS} Telegram chats at once, real engine")
    rows += await _real(folder / "run")
    say(f"{updates} Telegram updates under faults")
    outcome = await Trial(_made(folder / "restarts"), CHATS, updates // CHATS).run(restarts=4, timeouts=3)
    rows.append(_proof(outcome, "4 restarts, 3 timeouts"))
    say(f"{updates} Telegram updates under faults and kill -9")
    outcome = await Trial(_made(folder / "kills"), CHATS, updates // CHATS).run(restarts=0, kills=4)
    rows.append(_proof(outcome, "4 times kill -9", repeats_allowed=CHATS * 4))
    return rows


async def _scripted(folder: Path) -> list[Row]:
    rows: list[Row] = []
    api = TimedApi()
    async with telegram_world(_made(folder / "scripted")) as world, LocalServer(bot_api_app(api)) as server:
        for limit in (NO_LIMIT, TELEGRAMS_LIMIT):
            async with telegram_process(
                environment_of(world), server.url, folder / "scripted.log", telegram_messages_per_second=limit
            ):
                rows += _pace_rows("scripted engine", limit, await talk(api, _numbers, CHATS))
                if limit == TELEGRAMS_LIMIT:
                    rows.append(_calm_row("scripted engine", await talk(api, _numbers, CHATS, PACE_SECONDS)))
    return rows


async def _real(workspace: Path) -> list[Row]:
    make_workspace(workspace)
    train(workspace, force=False)
    api = TimedApi()
    async with LocalServer(bot_api_app(api)) as server:
        settings = {
            "BOT_TELEGRAM_TOKEN": TOKEN,
            "BOT_TELEGRAM_BASE_URL": f"{server.url}/bot",
            "BOT_TELEGRAM_PORT": str(free_port()),
            "BOT_TELEGRAM_RATE_LIMIT": f"{NO_LIMIT}/minute",
            "BOT_TELEGRAM_MESSAGES_PER_SECOND": NO_LIMIT,
        }
        with contextlib.ExitStack() as stack:
            # In threads: its Telegram process waits for the server in this loop.
            await asyncio.to_thread(stack.enter_context, running_assistant(workspace, **settings))
            rows = _pace_rows("real engine", NO_LIMIT, await talk(api, _questions, CHATS))
            rows.append(_calm_row("real engine", await talk(api, _questions, CHATS, PACE_SECONDS)))
            await asyncio.to_thread(stack.close)
    return rows


def _pace_rows(engine: str, limit: str, pace: Pace) -> list[Row]:
    kept = "no limit" if limit == NO_LIMIT else f"Telegram's limit of {limit}/s"
    name = f"Telegram, {CHATS} chats without a pause, {engine}, {kept}{_load()}"
    return [
        Row(f"{name}: messages a second", f"{pace.rate:.1f}"),
        Row(f"{name}: update to answer, 95th percentile", f"{pace.p95 * 1000:.0f} ms"),
    ]


def _calm_row(engine: str, pace: Pace) -> Row:
    name = f"Telegram, {CHATS} chats, each writing every {PACE_SECONDS} s, {engine}{_load()}"
    return Row(f"{name}: update to answer, 95th percentile", f"{pace.p95 * 1000:.0f} ms at {pace.rate:.1f}/s")


def _proof(outcome: Outcome, ends: str, repeats_allowed: int = 0) -> Row:
    faults = f"{outcome.faults} failed calls, {outcome.duplicates} duplicates, {ends}"
    name = f"Telegram, {outcome.updates} updates with {faults}{_load()}"
    figure = f"{outcome.lost} / {outcome.repeated} / {outcome.out_of_order} in {outcome.seconds:.0f} s"
    met = outcome.lost == outcome.out_of_order == 0 and outcome.repeated <= repeats_allowed
    target = "0 / 0 / 0" if not repeats_allowed else "0 / few / 0"
    return Row(f"{name}: lost / repeated / out of order", figure, target, met)


def _numbers(_language: str) -> Sequence[str]:
    return [f"message {number}" for number in range(MESSAGES)]


def _questions(language: str) -> Sequence[str]:
    return list(itertools.islice(mixed_messages(Language(language)), MESSAGES))


def _load() -> str:
    return f" (load {os.getloadavg()[0]:.1f})"


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder
