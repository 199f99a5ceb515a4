"""The real assistant for tests: `bot run` with all of its processes, on free ports and with data of its own."""

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

import httpx

from bot.conversations.engine import no_tls
from tests.support.local_server import free_port

REPOSITORY = Path(__file__).parents[2]
SHARED = (
    "actions",
    "bot",
    "config.yml",
    "credentials.yml",
    "data",
    "domain.yml",
    "endpoints.yml",
    "engine",
    "models",
)
"""What `bot run` reads from its working folder; linked into a folder where `var/` is the test's own."""

WAIT_SECONDS = 90.0
"""An engine that was killed is up again in 10 to 20 s on an idle machine."""

STOP_SECONDS = 30.0
LOG_LINES_SHOWN = 40

Part = Literal["engine", "actions", "gateway"]
COMMAND_OF: dict[Part, str] = {"engine": "rasa", "actions": "actions.server", "gateway": "bot.processes.web"}
"""What tells a process's command line from the others'."""


class RunningAssistant:
    """Runs from entering the block to leaving it.

    Arguments:
        folder: an empty folder for database, tracker, key and logs.
        settings: environment variables that differ from the ones below.
    """

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("BOT_")},
            "BOT_PORT": str(self.port),
            "BOT_ENGINE_PORT": str(free_port()),
            "BOT_ACTIONS_PORT": str(free_port()),
            "BOT_SECRET_KEY": secrets.token_hex(32),
            "BOT_DATABASE_URL": f"sqlite:///{folder / 'assistant.sqlite3'}",
            "BOT_TRACKER_URL": f"sqlite:///{folder / 'tracker.sqlite3'}",
            # Every test comes from the same address.
            "BOT_RATE_LIMIT_CONVERSATIONS": "100000/minute",
            "BOT_RATE_LIMIT_MESSAGES": "100000/minute",
            **settings,
        }

    def __enter__(self) -> Self:
        (REPOSITORY / "models").mkdir(exist_ok=True)
        for name in SHARED:
            (self.folder / name).symlink_to(REPOSITORY / name)
        self._errors = (self.folder / "run.log").open("w")
        self._process = subprocess.Popen(
            self._command("run"),
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )
        assert self._process.stdout is not None
        # `bot run` gives up by itself if a process does not get ready; then its output ends.
        if not any(line.startswith("Ready") for line in self._process.stdout):
            self._stop()
            raise RuntimeError(f"the assistant did not start\n{self.logs()}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def run(self, *arguments: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run a `bot` command with this assistant's settings; `text` is typed into it."""
        return subprocess.run(
            self._command(*arguments),
            cwd=self.folder,
            env=self.environment,
            input=text if text is not None else "",
            capture_output=True,
            text=True,
            timeout=WAIT_SECONDS,
            check=False,
        )

    def client(self) -> httpx.Client:
        """An HTTP client of the gateway; close it."""
        return httpx.Client(base_url=self.url, timeout=WAIT_SECONDS, verify=no_tls(), trust_env=False)

    def parts(self) -> dict[str, str]:
        """What /readyz says of each part; nothing while the gateway is down."""
        try:
            with self.client() as client:
                parts: dict[str, str] = client.get("/readyz").json()["parts"]
        except httpx.HTTPError:
            return {}
        return parts

    def wait_until_ready(self) -> None:
        """Return once every part answers."""

        def ready() -> bool:
            return set(self.parts().values()) == {"ok"}

        self.wait_until(ready, "the assistant is ready")

    def wait_until(self, holds: Callable[[], bool], what: str) -> None:
        """Return once `holds()`; the error says `what` was waited for, and shows the logs."""
        deadline = time.monotonic() + WAIT_SECONDS
        while not holds():
            if time.monotonic() > deadline:
                raise TimeoutError(f"waited {WAIT_SECONDS:.0f} s in vain until {what}\n{self.logs()}")
            time.sleep(0.05)

    def pid(self, part: Part) -> int:
        """The process id of a part.

        Raises:
            LookupError: it is not running.
        """
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
        for child in children:
            try:
                command = Path(f"/proc/{child}/cmdline").read_text().split("\0")
            except OSError:
                continue
            if COMMAND_OF[part] in command:
                return int(child)
        raise LookupError(part)

    def kill(self, part: Part) -> None:
        """End a part as a crash does; return once it is gone."""
        pid = self.pid(part)
        os.kill(pid, signal.SIGKILL)

        def gone() -> bool:
            try:
                return self.pid(part) != pid
            except LookupError:
                return True

        self.wait_until(gone, f"{part} is gone")

    @contextmanager
    def suspended(self, part: Part) -> Iterator[None]:
        """A part that hangs: it takes connections and answers nothing. It goes on afterwards, if it still lives."""
        pid = self.pid(part)
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            # The test may have killed it.
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)

    def logs(self) -> str:
        """The last lines of all logs."""
        files = (self.folder / "run.log", *sorted((self.folder / "var" / "log").glob("*.log")))
        shown = (
            f"--- {file.name}\n" + "\n".join(file.read_text(errors="replace").splitlines()[-LOG_LINES_SHOWN:])
            for file in files
        )
        return "\n".join(shown)

    def _command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-c", "from bot.cli import main; main()", *arguments]

    def _stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            for part in COMMAND_OF:
                try:
                    os.kill(self.pid(part), signal.SIGKILL)
                except LookupError:
                    continue
            self._process.kill()
            self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._errors.close()
