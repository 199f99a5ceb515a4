"""When training is due: whenever a file has changed that the model is made of, and at no other time."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.errors import ConfigurationError
from bot.processes import engine
from bot.processes.engine import MODELS, MODELS_KEPT, TRAINED_ON, engine_environment, model_path, train
from bot.settings import Settings

ROOT = Path(__file__).parents[3]

TRAINED_FILES = [pattern.replace("*", "something") for pattern in TRAINED_ON]
OTHER_FILES = [
    "README.md",
    "data/facts/sheet.yml",
    "data/knowledge/notes.txt",
    "data/knowledge/deeper/topic.yml",
    "endpoints.yml",
    "credentials.yml",
    "actions/fallback.py",
    "bot/gateway/app.py",
    "bot/inquiries/service.py",
    "models/assistant-0123456789abcdef.tar.gz",
    "var/assistant.sqlite3",
    "uv.lock",
]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one file for each thing that a model is made of."""
    monkeypatch.chdir(tmp_path)
    for name in TRAINED_FILES:
        write(tmp_path / name, "first")
    return tmp_path


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("name", TRAINED_FILES)
def test_a_changed_file_that_is_trained_on_makes_another_model(project: Path, name: str) -> None:
    before = model_path()

    write(project / name, "second")
    assert model_path() != before
    write(project / name, "first")
    assert model_path() == before


@pytest.mark.parametrize("name", [name for name in TRAINED_FILES if "something" in name])
def test_a_file_more_less_or_renamed_makes_another_model(project: Path, name: str) -> None:
    before = model_path()

    new = project / name.replace("something", "another")
    write(new, "first")
    with_another = model_path()
    (project / name).unlink()
    assert len({before, with_another, model_path()}) == 3


@pytest.mark.parametrize("name", OTHER_FILES)
def test_any_other_file_leaves_the_model_as_it_is(project: Path, name: str) -> None:
    before = model_path()

    write(project / name, "anything")
    assert model_path() == before


def test_the_time_of_a_file_says_nothing(project: Path) -> None:
    before = model_path()

    os.utime(project / "config.yml", (0, 0))
    assert model_path() == before


def test_every_pattern_finds_files_in_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pattern that finds nothing watches nothing."""
    monkeypatch.chdir(ROOT)

    assert [pattern for pattern in TRAINED_ON if not list(Path().glob(pattern))] == []


def test_a_model_that_is_there_is_not_trained_again(project: Path) -> None:
    write(model_path(), "a model")

    assert train() == (model_path(), False)


def test_without_the_engines_environment_the_error_says_what_to_do(project: Path) -> None:
    with pytest.raises(ConfigurationError, match="make setup"):
        train()


def fake_rasa(project: Path, program: str) -> None:
    """A Rasa that does what `program`, a shell script, says; its last argument but two names the model."""
    path = project / engine.PYTHON
    write(path, f"#!/bin/sh\n{program}\n")
    path.chmod(0o755)


def test_a_training_that_fails_says_rasas_last_lines(project: Path) -> None:
    fake_rasa(project, "echo 'the domain is wrong' >&2; exit 1")

    with pytest.raises(ConfigurationError, match="the domain is wrong"):
        train()


def test_a_training_that_leaves_no_model_is_a_failure(project: Path) -> None:
    fake_rasa(project, "exit 0")

    with pytest.raises(ConfigurationError, match="training failed"):
        train()


def test_after_training_the_latest_models_are_kept_and_no_more(project: Path) -> None:
    for age in range(MODELS_KEPT + 2):
        old = project / MODELS / f"assistant-{age:016x}.tar.gz"
        write(old, "old")
        os.utime(old, (1_000_000 - age, 1_000_000 - age))
    fake_rasa(project, f"echo new > {model_path()}")

    model, trained = train()
    assert trained
    kept = {path.name for path in (project / MODELS).iterdir()}
    newest_of_the_old = {f"assistant-{age:016x}.tar.gz" for age in range(MODELS_KEPT - 1)}
    assert kept == {model.name} | newest_of_the_old


def test_the_engine_gets_no_setting_but_those_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_SMTP_URL", "smtps://user:password@example.com")
    monkeypatch.setenv("BOT_MAIL_FROM", "inquiries@example.com")
    settings = Settings(secret_key="k" * 64, engine_token="secret", tracker_url="sqlite:///tracker.sqlite3")

    environment = engine_environment(settings)
    given = {name: value for name, value in environment.items() if name.startswith("BOT_")}
    assert given == {
        "BOT_ENGINE_TOKEN": "secret",
        "BOT_ACTIONS_WEBHOOK": f"{settings.actions_url}/webhook",
        "BOT_TRACKER_URL": "sqlite:///tracker.sqlite3",
    }
    assert environment["RASA_TELEMETRY_ENABLED"] == "false"
