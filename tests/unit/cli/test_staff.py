"""`bot staff`: accounts are made, listed, shut and opened; passwords are never arguments."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import staff
from bot.cli.main import app
from bot.settings import load_settings
from bot.staff import SignIn
from bot.store import Store
from bot.store.migrations import upgrade

PASSWORD = "Ein Satz, den sich jemand merkt."


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A fresh database that the command is set to."""
    url = f"sqlite:///{tmp_path / 'assistant.sqlite3'}"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOT_DATABASE_URL", url)
    monkeypatch.setenv("BOT_SECRET_KEY", "k" * 64)
    upgrade(url)
    store = Store(url)
    yield store
    store.close()


def bot(*arguments: str, password: str | None = None) -> Result:
    return CliRunner().invoke(app, ["staff", *arguments], input=None if password is None else f"{password}\n")


def test_the_first_account_is_made_and_lets_somebody_in(database: Store) -> None:
    made = bot("add", "anna", "--role", "admin", "--language", "ko", "--json", password=PASSWORD)
    assert made.exit_code == 0, made.output
    assert json.loads(made.output) | {"id": 1, "created_at": ""} == {
        "id": 1,
        "name": "anna",
        "role": "admin",
        "language": "ko",
        "has_second_factor": False,
        "disabled_at": None,
        "created_at": "",
    }
    SignIn(database, load_settings()).by_password("anna", PASSWORD, "here")


def test_accounts_are_listed_shut_and_opened_again(database: Store) -> None:
    assert "bot staff add" in bot("list").output
    bot("add", "anna", password=PASSWORD)
    assert "anna  agent  de  password only  open" in bot("list").output
    assert "disabled" in bot("disable", "anna").output
    assert "admin" in bot("reset", "anna", "--role", "admin", password="Noch ein langer Satz.").output
    assert [member["disabled_at"] for member in json.loads(bot("list", "--json").output)] == [None]


@pytest.mark.parametrize(
    ("arguments", "password"),
    [
        (("add", "anna"), "kurz"),
        (("add", "anna"), ""),
        (("add", " "), PASSWORD),
        (("disable", "nobody"), None),
        (("reset", "nobody"), PASSWORD),
    ],
)
def test_what_cannot_be_done_is_one_line_and_status_1(
    database: Store, arguments: tuple[str, ...], password: str | None
) -> None:
    result = bot(*arguments, password=password)
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert PASSWORD not in result.output


def test_no_command_takes_a_password_as_an_argument() -> None:
    for command in (staff.add, staff.reset, staff.disable, staff.list_accounts):
        assert "password" not in inspect.signature(command).parameters
