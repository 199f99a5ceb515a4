"""The `bot` command: what it prints for people and programs, and its status when something is wrong."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli.main import app
from tests.unit.knowledge.files import ROOT


def bot(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_every_command_explains_itself() -> None:
    for group in ((), ("knowledge",), ("inquiries",), ("db",), ("run",), ("train",), ("chat",)):
        assert bot(*group, "--help").exit_code == 0, group


def test_an_unknown_command_is_an_error() -> None:
    assert bot("no-such-command").exit_code == 2


# knowledge check


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the real data to work in."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "data"


def test_a_sound_knowledge_base_passes_the_check(data: Path) -> None:
    result = bot("knowledge", "check")

    assert result.exit_code == 0
    assert "wrong:" not in result.stdout
    assert "entries; questions:" in result.stdout.splitlines()[-1]


def test_the_check_is_read_by_programs_too(data: Path) -> None:
    report = json.loads(bot("knowledge", "check", "--json").stdout)

    assert report["mistakes"] == []
    assert report["entries"] >= 45
    assert set(report["questions"]) == {"ko", "de", "en"}


def test_a_mistake_is_said_with_its_place_and_fails_the_check(data: Path) -> None:
    path = data / "knowledge" / "visa.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("facts:", "fakts:", 1), encoding="utf-8")

    result = bot("knowledge", "check")
    assert result.exit_code == 1
    assert "wrong: visa.yml: visa-" in result.stdout
    assert "fakts: is not a field here" in result.stdout


def test_broken_yaml_fails_the_check_without_a_traceback(data: Path) -> None:
    (data / "knowledge" / "visa.yml").write_text("topic: [")

    result = bot("knowledge", "check")
    assert result.exit_code == 1
    assert "wrong: visa.yml: line " in result.stdout
    assert "Traceback" not in result.output


# settings and database


def test_a_wrong_setting_is_named_without_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_SECRET_KEY", "k" * 64)
    monkeypatch.setenv("BOT_PORT", "high")

    for command in (("run",), ("inquiries", "list"), ("db", "upgrade"), ("chat",)):
        result = bot(*command)
        assert result.exit_code == 1, command
        assert "BOT_PORT" in result.stderr, command


def test_the_database_is_brought_up_to_date_and_says_where_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'new.sqlite3'}"
    monkeypatch.setenv("BOT_DATABASE_URL", url)
    monkeypatch.setenv("BOT_SECRET_KEY", "k" * 64)

    first, again = bot("db", "upgrade"), bot("db", "upgrade")
    assert first.exit_code == again.exit_code == 0
    assert first.stdout == again.stdout != "None\n"
    assert bot("inquiries", "list").stdout == "No inquiries.\n"


def test_chat_without_an_assistant_says_how_to_start_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_SECRET_KEY", "k" * 64)

    result = bot("chat", "--url", "http://127.0.0.1:9")
    assert result.exit_code == 1
    assert "make run" in result.stderr
