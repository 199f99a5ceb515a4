"""Starting the assistant's processes, waiting until they are ready, and starting again what ends."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from bot.processes.engine import engine_environment, rasa_command
from bot.settings import Settings

logger = logging.getLogger(__name__)

READY_SECONDS = 120.0
"""A cold engine on a slow disk takes half a minute; twice that and more is not a start but a fault."""

POLL_SECONDS = 0.1
STOP_SECONDS = 10.0
RESTART_FIRST_SECONDS = 0.2
RESTART_LAST_SECONDS = 10.0
ANY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104 (compared with, not bound to)
LOGS = Path("var/log")
PID_FILE = Path("var/supervisor.pid")

Programs = Callable[[], "tuple[Program, ...]"]


class StartFailed(Exception):
    """A process did not get ready; the text says which, and where its log is."""


@dataclass(frozen=True)
class Program:
    """One process to keep running.

    Arguments:
        name: as its log file is called.
        command: program and arguments.
        ready_url: answers 200 once the process can work.
        environment: all of its environment variables.
    """

    name: str
    command: tuple[str, ...]
    ready_url: str
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))


def programs(settings: Settings, model: Path) -> tuple[Program, ...]:
    """The assistant's processes: the engine with `model`, the actions it calls, and the faces before them."""
    engine = (
        *rasa_command(),
        "run",
        "--model",
        str(model),
        "--interface",
        "127.0.0.1",
        "--port",
        str(settings.engine_port),
        "--endpoints",
        "endpoints.yml",
        "--credentials",
        "credentials.yml",
    )
    # All processes derive the same passwords, also when the key was made just now.
    environment = {**os.environ, "BOT_SECRET_KEY": settings.secret_key.get_secret_value()}
    host = "127.0.0.1" if settings.host in ANY_ADDRESS else settings.host
    address = f"http://{host}:{settings.port}/readyz"
    telegram = Program(
        "telegram",
        (sys.executable, "-m", "bot.telegram"),
        f"http://127.0.0.1:{settings.telegram_port}/readyz",
        environment,
    )
    return (
        Program("engine", engine, f"{settings.engine_url}/webhooks/gateway/", engine_environment(settings)),
        Program("actions", (sys.executable, "-m", "actions.server"), f"{settings.actions_url}/health", environment),
        Program("gateway", (sys.executable, "-m", "bot.processes.web"), address, environment),
        *((telegram,) if settings.telegram_token else ()),
    )


def ask_for_restart() -> bool:
    """From within one of the programs: have all started again, with the model of the files as they are now.

    Returns:
        Whether there is a supervisor to ask: what was started by hand has to be started again by hand.
    """
    try:
        supervisor = int(PID_FILE.read_text())
    except (OSError, ValueError):
        return False
    if supervisor != os.getppid():
        return False
    os.kill(supervisor, signal.SIGHUP)
    return True


class Supervisor:
    """Keeps programs running until it is told to stop.

    Args:
        programs: what to run.
        again: what to run instead after SIGHUP, which ends all programs so that they start again; the same if left out.
    """

    def __init__(self, programs: tuple[Program, ...], again: Programs | None = None) -> None:
        self._programs = {program.name: program for program in programs}
        self._again = again
        self._running: dict[str, asyncio.subprocess.Process] = {}
        self._stopping = asyncio.Event()

    async def run(self, ready: Callable[[], None]) -> None:
        """Start everything, call `ready` once all answer, and stay until SIGINT or SIGTERM.

        Raises:
            StartFailed: a program was not ready in time; all are stopped again.
        """
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._stopping.set)
        loop.add_signal_handler(signal.SIGHUP, self._restart)
        LOGS.mkdir(parents=True, exist_ok=True)
        PID_FILE.write_text(str(os.getpid()))
        keepers = [asyncio.create_task(self._keep(name)) for name in self._programs]
        try:
            async with httpx.AsyncClient(timeout=2.0, trust_env=False) as client:
                waiting = asyncio.create_task(self._wait_for_all(client))
                stopped = asyncio.create_task(self._stopping.wait())
                await asyncio.wait([waiting, stopped], return_when=asyncio.FIRST_COMPLETED)
                stopped.cancel()
                if not waiting.done():
                    waiting.cancel()
                    return
                await waiting
            ready()
            await self._stopping.wait()
        finally:
            self._stopping.set()
            PID_FILE.unlink(missing_ok=True)
            await self._stop()
            await asyncio.gather(*keepers, return_exceptions=True)

    def _restart(self) -> None:
        if self._again is not None:
            self._programs |= {program.name: program for program in self._again() if program.name in self._programs}
        logger.warning("starting everything again, as asked")
        for process in self._running.values():
            _signal_group(process, signal.SIGTERM)

    async def _keep(self, name: str) -> None:
        pause = RESTART_FIRST_SECONDS
        while not self._stopping.is_set():
            program = self._programs[name]
            started = asyncio.get_running_loop().time()
            with (LOGS / f"{program.name}.log").open("ab") as log:
                process = await asyncio.create_subprocess_exec(
                    *program.command,
                    env=dict(program.environment),
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            self._running[program.name] = process
            status = await process.wait()
            if self._stopping.is_set():
                return
            # What ran for a while has earned a quick start; what dies at once is not started in a tight loop.
            lived = asyncio.get_running_loop().time() - started
            pause = RESTART_FIRST_SECONDS if lived > RESTART_LAST_SECONDS else min(pause * 2, RESTART_LAST_SECONDS)
            logger.warning("%s ended with status %s; starting it again in %.1f s", program.name, status, pause)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)

    async def _wait_for_all(self, client: httpx.AsyncClient) -> None:
        await asyncio.gather(*(self._wait(client, program) for program in self._programs.values()))

    async def _wait(self, client: httpx.AsyncClient, program: Program) -> None:
        deadline = asyncio.get_running_loop().time() + READY_SECONDS
        async for _ in _ticks():
            with contextlib.suppress(httpx.HTTPError):
                if (await client.get(program.ready_url)).status_code == httpx.codes.OK:
                    return
            if asyncio.get_running_loop().time() > deadline:
                raise StartFailed(f"{program.name} did not get ready; its log is {LOGS / program.name}.log")

    async def _stop(self) -> None:
        for process in self._running.values():
            _signal_group(process, signal.SIGTERM)
        waits = [asyncio.create_task(process.wait()) for process in self._running.values()]
        if waits:
            _, late = await asyncio.wait(waits, timeout=STOP_SECONDS)
            if late:
                for process in self._running.values():
                    _signal_group(process, signal.SIGKILL)
                await asyncio.wait(late)


def _signal_group(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)


async def _ticks() -> AsyncIterator[None]:
    while True:
        yield
        await asyncio.sleep(POLL_SECONDS)
