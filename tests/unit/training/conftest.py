"""A small project with an engine that is a shell script: it trains at once and is measured at what a file says."""

import json
from pathlib import Path

import pytest

from bot.processes import engine
from bot.processes.engine import TRAINED_ON, model_path
from bot.proposals import Proposals
from bot.store import Store
from bot.training import Trainings
from bot.training.work import work
from tests.unit.proposals.conftest import data, frozen

__all__ = ["data", "frozen"]

GOOD = {"right, all": 0.9, "right, ko": 0.9, "wrong entry": 0.05}

SCRIPT = """#!/bin/sh
case "$*" in
*bot.evaluation*)
    if [ -e {root}/unmeasured ]; then echo 'no such file' >&2; exit 1; fi
    case "$PWD" in */var/training/*) cat {root}/new.json ;; *) cat {root}/old.json ;; esac ;;
*train*)
    if [ -e {root}/broken ]; then echo 'the domain is wrong' >&2; exit 1; fi
    name=$(echo "$*" | sed 's/.*--fixed-model-name \\([^ ]*\\).*/\\1/')
    mkdir -p models; echo model > "models/$name" ;;
esac
"""


@pytest.fixture
def root(data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project; `old.json` and `new.json` hold the figures of the model in use and of the one trained beside it."""
    root = data.parent
    monkeypatch.chdir(root)
    for pattern in TRAINED_ON:
        if not pattern.startswith("data/"):
            path = root / pattern.replace("*", "something")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("first", "utf-8")
    (root / "var").mkdir()
    python = root / engine.PYTHON
    python.parent.mkdir(parents=True)
    python.write_text(SCRIPT.replace("{root}", str(root)), "utf-8")
    python.chmod(0o755)
    measured_at(root, GOOD, GOOD)
    model_path(root).parent.mkdir()
    model_path(root).write_text("model", "utf-8")
    return root


def measured_at(root: Path, old: dict[str, float], new: dict[str, float]) -> None:
    (root / "old.json").write_text(json.dumps(old), "utf-8")
    (root / "new.json").write_text(json.dumps(new), "utf-8")


class Restarts(list[str]):
    """Counts what would start the processes again."""

    def __call__(self) -> bool:
        self.append("restart")
        return True


@pytest.fixture
def restarts() -> Restarts:
    return Restarts()


@pytest.fixture
def proposals(store: Store, data: Path, frozen: Path) -> Proposals:
    return Proposals(store, data, frozen=frozen)


@pytest.fixture
def trainings(store: Store, root: Path, restarts: Restarts) -> Trainings:
    """Does the work at once instead of in a process of its own."""
    return Trainings(store, root, start=lambda number: work(store, root, number), restart=restarts)
