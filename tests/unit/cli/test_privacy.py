"""`bot privacy`: it shows before it deletes, asks, and says what it did, to people and to programs."""

import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli.main import app
from bot.settings import Settings, load_settings
from bot.store import Store, utc_now
from bot.store.migrations import upgrade
from tests.support.person import ANNA, BORIS, found_in, make_other_tables
from tests.unit.knowledge.files import ROOT


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """What the command is set to; it runs where its data is, as the program does."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("BOT_DATABASE_URL", f"sqlite:///{tmp_path / 'assistant.sqlite3'}")
    monkeypatch.setenv("BOT_TRACKER_URL", f"sqlite:///{tmp_path / 'tracker.sqlite3'}")
    monkeypatch.setenv("BOT_SECRET_KEY", "k" * 64)
    monkeypatch.setenv("BOT_ENGINE_PORT", "1")
    monkeypatch.setenv("BOT_RETENTION_TRANSCRIPT_DAYS", "30")
    settings = load_settings()
    upgrade(settings.database_url)
    return settings


@pytest.fixture
def store(settings: Settings) -> Store:
    store = Store(settings.database_url)
    make_other_tables(settings, store)
    return store


def bot(*arguments: str, answer: str | None = None) -> Result:
    return CliRunner().invoke(app, ["privacy", *arguments], input=answer)


def test_erasing_shows_asks_and_erases(settings: Settings, store: Store) -> None:
    reference = ANNA.live(settings, store)
    refused = bot("erase", "--email", ANNA.email, answer="n\n")
    assert refused.exit_code == 1
    assert reference in refused.stdout
    assert "2 telegram_updates" in refused.stdout
    assert found_in(settings.database_url, ANNA.traces)

    done = bot("erase", "--reference", reference, answer="y\n")
    assert done.exit_code == 0
    assert "Erased: 1 conversations" in done.stdout
    for url in (settings.database_url, settings.tracker_url):
        assert found_in(url, ANNA.traces) == []


def test_a_dry_run_erases_nothing_even_with_yes(settings: Settings, store: Store) -> None:
    ANNA.live(settings, store)
    shown = bot("erase", "--conversation", ANNA.conversation_id, "--dry-run", "--yes", "--json")
    assert json.loads(shown.stdout)["counts"]["messages"] == 2
    assert found_in(settings.database_url, ANNA.traces)


def test_programs_have_to_say_yes_and_read_what_was_erased(settings: Settings, store: Store) -> None:
    ANNA.live(settings, store)
    asked = bot("erase", "--email", ANNA.email, "--json")
    assert asked.exit_code == 1
    assert "--yes" in asked.stderr
    done = json.loads(bot("erase", "--email", ANNA.email, "--yes", "--json").stdout)
    assert done["counts"]["engine_events"] == 2
    assert done["swept"] is True
    assert found_in(settings.database_url, ANNA.traces) == []


@pytest.mark.parametrize("command", ["erase", "export"])
def test_exactly_one_person_has_to_be_named(store: Store, command: str, tmp_path: Path) -> None:
    out = ("--out", str(tmp_path / "out.zip")) if command == "export" else ()
    for who in ((), ("--email", ANNA.email, "--reference", "HE-2026-7K3F9QX")):
        said = bot(command, *who, *out)
        assert said.exit_code == 1
        assert "one of --email, --reference and --conversation" in said.stderr


def test_somebody_unknown_is_said_in_a_line(store: Store) -> None:
    said = bot("erase", "--email", ANNA.email)
    assert (said.exit_code, said.stderr) == (1, "bot: no such person\n")


def test_an_export_is_written_and_told(settings: Settings, store: Store, tmp_path: Path) -> None:
    ANNA.live(settings, store)
    out = tmp_path / "anna.zip"
    said = bot("export", "--email", ANNA.email, "--out", str(out))
    assert said.exit_code == 0
    assert "1 inquiries, 1 conversations, 2 messages" in said.stdout
    assert zipfile.is_zipfile(out)
    again = bot("export", "--email", ANNA.email, "--out", str(out))
    assert again.exit_code == 1
    assert "is there already" in again.stderr


def test_expire_lists_first_and_deletes_then(settings: Settings, store: Store) -> None:
    ANNA.live(settings, store, utc_now() - timedelta(days=400))
    BORIS.live(settings, store)
    listed = bot("expire", "--dry-run")
    assert "To delete: " in listed.stdout
    assert "1 inquiries" in listed.stdout
    assert found_in(settings.database_url, ANNA.traces)
    told = json.loads(bot("expire", "--json").stdout)
    assert told["counts"]["inquiries"] == 1
    assert found_in(settings.database_url, (ANNA.email,)) == []
    assert found_in(settings.database_url, (BORIS.email,))


def test_with_nothing_to_expire_it_says_so(store: Store) -> None:
    assert bot("expire").stdout == "Nothing has expired.\n"
