"""The supervisor with real small programs: they start, start again when they end, and all stop."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from bot.processes import supervisor
from bot.processes.supervisor import (
    LOGS,
    PID_FILE,
    Program,
    Programs,
    StartFailed,
    Supervisor,
    ask_for_restart,
    programs,
)
from bot.settings import Settings

pytestmark = pytest.mark.asyncio

PATIENCE_SECONDS = 30.0
"""Far beyond what any of these programs needs; only a fault waits so long."""

SERVER = """
import http.server, os, sys

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = str(os.getpid()).encode()
        self.send_response(int(sys.argv[2]))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass

print("started", os.environ.get("GIVEN"), flush=True)
http.server.HTTPServer.allow_reuse_address = True
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""
"""Answers every request with its process id and the status it was given."""

STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + SERVER


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def program(name: str, code: str = SERVER, status: int = 200) -> Program:
    port = free_port()
    command = (sys.executable, "-c", code, str(port), str(status))
    return Program(name, command, f"http://127.0.0.1:{port}/", {**os.environ, "GIVEN": f"to {name}"})


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Wait for a condition."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await condition():
            await asyncio.sleep(0.02)


async def process_id(program: Program) -> int | None:
    """The program's process id if it answers."""
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=2) as client:
            return int((await client.get(program.ready_url)).text)
    except httpx.HTTPError:
        return None


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@dataclass
class Running:
    """A supervisor at work."""

    task: asyncio.Task[None]
    ready: asyncio.Event = field(default_factory=asyncio.Event)

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        os.kill(os.getpid(), number)
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self.task


Start = Callable[..., Running]


@pytest_asyncio.fixture
async def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Start]:
    """Start programs; whatever still runs at the end of a test is stopped."""
    monkeypatch.chdir(tmp_path)
    begun: list[Running] = []

    def start(*wanted: Program, again: Programs | None = None) -> Running:
        ready = asyncio.Event()
        running = Running(asyncio.create_task(Supervisor(wanted, again).run(ready.set)), ready)
        begun.append(running)
        return running

    yield start
    for running in begun:
        running.task.cancel()
        await asyncio.gather(running.task, return_exceptions=True)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.remove_signal_handler(number)


async def ready(running: Running) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        await running.ready.wait()


async def test_it_is_ready_once_every_program_answers(start: Start) -> None:
    wanted = (program("one"), program("two"))
    running = start(*wanted)

    await ready(running)
    assert all([await process_id(each) for each in wanted])


async def test_each_program_has_its_own_log_and_environment(start: Start, tmp_path: Path) -> None:
    await ready(start(program("one"), program("two")))

    for name in ("one", "two"):
        assert f"started to {name}" in (tmp_path / LOGS / f"{name}.log").read_text()


async def test_a_program_that_is_killed_is_started_again_and_the_other_left_alone(start: Start) -> None:
    one, two = program("one"), program("two")
    await ready(start(one, two))
    first, other = await process_id(one), await process_id(two)
    assert first

    os.kill(first, signal.SIGKILL)

    async def answers_again() -> bool:
        return await process_id(one) not in (None, first)

    await until(answers_again)
    assert await process_id(two) == other


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=str)
async def test_a_signal_stops_every_program(start: Start, number: signal.Signals) -> None:
    wanted = (program("one"), program("two"))
    running = start(*wanted)
    await ready(running)
    pids = [await process_id(each) for each in wanted]

    await running.stop(number)
    assert [pid for pid in pids if pid and is_running(pid)] == []


async def test_asked_to_begin_again_it_starts_every_program_anew_as_it_is_to_be_then(start: Start) -> None:
    """As after a switch of the model: the engine is to be started with another one."""
    before, after = program("one"), program("one")
    other = program("two")
    await ready(start(before, other, again=lambda: (after, other)))
    pids = [await process_id(each) for each in (before, other)]

    os.kill(os.getpid(), signal.SIGHUP)

    async def new_ones_answer() -> bool:
        return None not in (await process_id(after), await process_id(other)) and await process_id(other) != pids[1]

    await until(new_ones_answer)
    assert await process_id(before) is None
    assert [pid for pid in pids if pid and is_running(pid)] == []


async def test_only_a_child_of_the_supervisor_may_ask_for_that(start: Start) -> None:
    """Whoever was started by hand would send the signal to somebody's shell."""
    assert not ask_for_restart()
    await ready(start(program("one")))

    assert PID_FILE.read_text() == str(os.getpid())
    assert not ask_for_restart()


async def test_a_program_that_does_not_listen_is_stopped_all_the_same(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "STOP_SECONDS", 0.2)
    stubborn = program("stubborn", STUBBORN)
    running = start(stubborn)
    await ready(running)
    pid = await process_id(stubborn)

    await running.stop()
    assert pid
    assert not is_running(pid)


async def test_a_signal_before_all_are_ready_stops_them(start: Start, tmp_path: Path) -> None:
    fine, never = program("fine"), program("never", status=503)
    running = start(fine, never)

    async def both_answer() -> bool:
        return None not in (await process_id(fine), await process_id(never))

    await until(both_answer)
    pids = [await process_id(each) for each in (fine, never)]
    await running.stop()
    assert not running.ready.is_set()
    assert [pid for pid in pids if pid and is_running(pid)] == []


@pytest.mark.parametrize(
    "faulty", [program("faulty", status=503), program("faulty", "raise SystemExit(3)")], ids=["not ready", "ends"]
)
async def test_a_program_that_never_gets_ready_is_named_with_its_log_and_all_are_stopped(
    start: Start, monkeypatch: pytest.MonkeyPatch, faulty: Program
) -> None:
    monkeypatch.setattr(supervisor, "READY_SECONDS", 1.0)
    fine = program("fine")
    running = start(fine, faulty)

    with pytest.raises(StartFailed, match=r"faulty did not get ready; its log is var/log/faulty\.log"):
        async with asyncio.timeout(PATIENCE_SECONDS):
            await running.task
    assert not running.ready.is_set()
    assert await process_id(fine) is None


async def test_the_assistants_programs_share_one_key_and_only_loopback_addresses() -> None:
    settings = Settings(secret_key="k" * 64, host="0.0.0.0", port=8090, engine_port=5006, actions_port=5056)

    engine, actions, gateway = programs(settings, Path("models/assistant.tar.gz"))
    assert [each.name for each in (engine, actions, gateway)] == ["engine", "actions", "gateway"]
    assert all(each.ready_url.startswith("http://127.0.0.1:") for each in (engine, actions, gateway))
    assert actions.environment["BOT_SECRET_KEY"] == gateway.environment["BOT_SECRET_KEY"] == "k" * 64
    assert "BOT_SECRET_KEY" not in engine.environment
    assert "127.0.0.1" in engine.command
    assert "models/assistant.tar.gz" in engine.command


async def test_no_password_stands_in_a_command_line() -> None:
    """Every user of the machine can read those."""
    settings = Settings(secret_key="k" * 64, engine_token="engine-password")

    for each in programs(settings, Path("model")):
        assert "kkkk" not in " ".join(each.command)
        assert "engine-password" not in " ".join(each.command)
