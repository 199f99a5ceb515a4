"""The Telegram process as `bot run` starts it, with any settings."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from bot.settings import variable_name
from tests.support.bot_api.state import TOKEN
from tests.support.local_server import free_port
from tests.support.telegram_face import TelegramWorld

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class TelegramProcess:
    """One run of the process.

    Arguments:
        url: where it says that it is ready, and where its webhook is.
    """

    process: asyncio.subprocess.Process
    url: str

    async def kill(self) -> None:
        """End it at once, as a crash does."""
        self.process.kill()
        await self.process.wait()

    async def stop(self) -> None:
        """End it as `bot run` does: what it is at, it finishes."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        await self.process.wait()


@asynccontextmanager
async def telegram_process(
    environment: Mapping[str, str], api_url: str, log: Path, **settings: str
) -> AsyncIterator[TelegramProcess]:
    """The process, ready, before the emulated Bot API at `api_url`; `settings` go before those in `environment`."""
    port = free_port()
    given = {
        "telegram_token": TOKEN,
        "telegram_base_url": f"{api_url}/bot",
        "telegram_rate_limit": "1000000/minute",
        "telegram_port": str(port),
        **settings,
    }
    merged = {**environment, **{variable_name(name): value for name, value in given.items()}}
    with log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot.telegram", cwd=ROOT, env=merged, stdout=output, stderr=output
        )
    running = TelegramProcess(process, f"http://127.0.0.1:{port}")
    try:
        async with httpx.AsyncClient(trust_env=False) as client:
            while process.returncode is None:
                try:
                    await client.get(f"{running.url}/readyz")
                    break
                except httpx.TransportError:
                    await asyncio.sleep(0.05)
        yield running
    finally:
        await running.stop()


def environment_of(world: TelegramWorld) -> dict[str, str]:
    """What the process needs to know of a world: its database and its engine."""
    given = {
        "database_url": world.settings.database_url,
        "secret_key": world.settings.secret_key.get_secret_value(),
        "engine_token": world.settings.engine_token.get_secret_value(),
        "engine_port": str(world.settings.engine_port),
    }
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
    return environment | {variable_name(name): value for name, value in given.items()}
