"""Our assistant as `bot run` starts it, in a folder of its own: a copy, with other ports, databases and logs."""

import contextlib
import shutil
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import httpx

from bot.knowledge import Language
from bot.processes.engine import MODELS, PYTHON, model_path
from tests.bench.process import child_of, finish, plain_environment, running
from tests.support.local_server import free_port

COPIED = ("bot", "actions", "data", "config.yml", "domain.yml", "credentials.yml", "endpoints.yml")
"""What `bot train` and `bot run` read from the current folder; a copy, so that nobody's edits disturb a run."""

BOT = str(Path(sys.executable).with_name("bot"))
NO_LIMIT = "1000000/minute"


@dataclass(frozen=True)
class RunningAssistant:
    """Where it is reached, the engine's process, and how long all took to get ready."""

    url: str
    engine_pid: int
    ready_seconds: float


def make_workspace(folder: Path) -> None:
    """Make `folder` look like the project, with an empty var and the model if there is one for these files."""
    folder.mkdir(parents=True)
    for name in COPIED:
        if Path(name).is_dir():
            shutil.copytree(name, folder / name)
        else:
            shutil.copy(name, folder)
    (folder / "engine").symlink_to(Path("engine").resolve())
    (folder / MODELS).mkdir()
    model = model_path()
    if model.exists():
        shutil.copy(model, folder / model)


def train(workspace: Path, *, force: bool) -> float:
    """Train in a workspace, if due or always; return the seconds it took."""
    return finish([BOT, "train", *(["--force"] if force else [])], workspace, plain_environment())


@contextlib.contextmanager
def running_assistant(workspace: Path, **settings: str) -> Iterator[RunningAssistant]:
    """`bot run` as long as the block lasts, with more settings as environment variables."""
    port, engine_port, actions_port = free_port(), free_port(), free_port()
    environment = plain_environment() | {
        "BOT_PORT": str(port),
        "BOT_ENGINE_PORT": str(engine_port),
        "BOT_ACTIONS_PORT": str(actions_port),
        "BOT_RATE_LIMIT_CONVERSATIONS": NO_LIMIT,
        "BOT_RATE_LIMIT_MESSAGES": NO_LIMIT,
        **settings,
    }
    url = f"http://127.0.0.1:{port}"
    log = workspace / "bot-run.log"
    with running([BOT, "run"], workspace, environment, f"{url}/readyz", log) as (pid, seconds):
        yield RunningAssistant(url, child_of(pid, str(PYTHON)), seconds)


class Visitor:
    """One visitor's conversation over one kept connection."""

    def __init__(self, url: str, language: Language) -> None:
        self._client = httpx.Client(base_url=url, timeout=60.0, trust_env=False)
        started = self._call("/api/conversations", {"language": language.value})
        self._path = f"/api/conversations/{started['id']}/messages"
        self._client.headers["Authorization"] = f"Bearer {started['token']}"
        self.latest: list[dict[str, Any]] = started["messages"]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    @property
    def asked(self) -> str | None:
        """The field that the assistant asked for last."""
        asks: str | None = self.latest[-1]["asks"]
        return asks

    def say(self, text: str) -> None:
        """Type a message and wait for the replies."""
        self._post({"text": text})

    def press_first(self) -> None:
        """Press the first button of the last message that has any."""
        button = next(message["buttons"][0] for message in reversed(self.latest) if message["buttons"])
        self._post({"button": button["id"]})

    def _post(self, body: dict[str, str]) -> None:
        self.latest = self._call(self._path, {"client_id": str(uuid.uuid4()), **body})["messages"]

    def _call(self, path: str, body: dict[str, str]) -> dict[str, Any]:
        response = self._client.post(path, json=body)
        response.raise_for_status()
        answer: dict[str, Any] = response.json()
        return answer
