"""Rasa's starter assistant, as `rasa init` makes it: the yardstick, on the same machine in the same run."""

import contextlib
import hashlib
import itertools
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import httpx
import yaml

from bot.processes.engine import engine_environment, rasa_command
from tests.bench.process import finish, running
from tests.support.local_server import free_port

FOLDER = Path("var/bench/rasa-init")
"""Kept between runs: training takes a minute. Made anew when the engine's lock changes."""

LOCK = Path("engine/uv.lock")
_ANNOTATION = re.compile(r"\[([^\]]+)\](\([^)]*\)|\{[^}]*\})")


def prepare() -> Path:
    """The trained starter assistant's folder."""
    stamp = FOLDER / "engine-lock.sha256"
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if not (stamp.exists() and stamp.read_text() == digest):
        shutil.rmtree(FOLDER, ignore_errors=True)
        FOLDER.mkdir(parents=True)
        command = [*_rasa(), "init", "--no-prompt", "--init-dir", str(FOLDER.resolve())]
        finish(command, FOLDER, engine_environment())
        stamp.write_text(digest)
    return FOLDER


def sentences() -> Iterator[str]:
    """The sentences of the starter's own training data, intent by intent in turn, without end."""
    data = yaml.safe_load((FOLDER / "data" / "nlu.yml").read_text(encoding="utf-8"))
    examples = [
        [_ANNOTATION.sub(r"\1", line[2:]) for line in intent["examples"].splitlines()] for intent in data["nlu"]
    ]
    return itertools.chain.from_iterable(zip(*(itertools.cycle(lines) for lines in examples), strict=False))


@contextlib.contextmanager
def running_starter(log: Path) -> Iterator[str]:
    """The starter with its REST channel and trackers in memory, as long as the block lasts; yields its address."""
    port = str(free_port())
    url = f"http://127.0.0.1:{port}"
    command = [*_rasa(), "run", "--interface", "127.0.0.1", "--port", port]
    with running(command, FOLDER, engine_environment(), f"{url}/webhooks/rest/", log):
        yield url


class StarterVisitor:
    """One sender's conversation with the starter over one kept connection."""

    def __init__(self, url: str, sender: str) -> None:
        self._client = httpx.Client(base_url=url, timeout=60.0, trust_env=False)
        self._sender = sender

    def say(self, text: str) -> None:
        """Type a message and wait for the replies."""
        body = {"sender": self._sender, "message": text}
        self._client.post("/webhooks/rest/webhook", json=body).raise_for_status()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()


def _rasa() -> list[str]:
    """Rasa's command by its full path, for another folder."""
    python, *arguments = rasa_command()
    return [str(Path(python).absolute()), *arguments]
