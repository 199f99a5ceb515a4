"""Real processes for measuring: started, waited for, and stopped again."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import httpx

from bot.settings import ENVIRONMENT_PREFIX

READY_SECONDS = 240.0
POLL_SECONDS = 0.05
STOP_SECONDS = 30.0
PROC = Path("/proc")


class ProcessError(Exception):
    """A process ended or did not get ready; the text holds the end of its log."""


def plain_environment() -> dict[str, str]:
    """The environment without this installation's settings: what is measured is the default."""
    return {name: value for name, value in os.environ.items() if not name.startswith(ENVIRONMENT_PREFIX)}


def finish(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> float:
    """Run a command to its end and return the seconds it took.

    Raises:
        ProcessError: it ended with another status than 0.
    """
    started = time.perf_counter()
    process = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if process.returncode != 0:
        raise ProcessError(f"{command[0]}: {(process.stdout + process.stderr)[-2000:]}")
    return time.perf_counter() - started


@contextlib.contextmanager
def running(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], ready_url: str, log: Path
) -> Iterator[tuple[int, float]]:
    """A process as long as the block lasts: its id, and the seconds until `ready_url` answered 200.

    Raises:
        ProcessError: it did not get ready.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=output, stderr=output, start_new_session=True
        )
        try:
            _wait(process, ready_url, log)
            yield process.pid, time.perf_counter() - started
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def child_of(parent: int, program: str) -> int:
    """The id of the child of `parent` that was started as `program`.

    Raises:
        ProcessError: there is none.
    """
    for children in (PROC / str(parent) / "task").glob("*/children"):
        for child in children.read_text().split():
            if (PROC / child / "cmdline").read_bytes().split(b"\0")[0].decode() == program:
                return int(child)
    raise ProcessError(f"process {parent} has no child {program}")


def resident_megabytes(pid: int) -> float:
    """Resident memory of a process (Linux only)."""
    for line in (PROC / str(pid) / "status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise ProcessError(f"process {pid} has no memory of its own")


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.perf_counter() + READY_SECONDS
    with httpx.Client(timeout=30.0, trust_env=False) as client:
        while time.perf_counter() < deadline and process.poll() is None:
            with contextlib.suppress(httpx.HTTPError):
                if client.get(url).status_code == httpx.codes.OK:
                    return
            time.sleep(POLL_SECONDS)
    raise ProcessError(f"{url} did not answer: {log.read_text(errors='replace')[-2000:]}")
