"""The `bot` command: what it prints for people and programs, and its status when something is wrong."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli.inquiries import CSV_COLUMNS, PAGE, safe_cell
from bot.cli.main import app
from bot.inquiries import CONSENT_VERSION, Inquiries, InquiryDraft
from bot.store import Store
from bot.store.migrations import upgrade
from tests.unit.knowledge.files import ROOT

FORMULA = '=HYPERLINK("https://example.com";"open")'


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A fresh database that the command is set to."""
    url = f"sqlite:///{tmp_path / 'assistant.sqlite3'}"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOT_DATABASE_URL", url)
    monkeypatch.setenv("BOT_SECRET_KEY", "k" * 64)
    upgrade(url)
    return Store(url)


def bot(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def log(store: Store, number: int = 0, name: str = "Minsu Kim") -> str:
    draft = InquiryDraft(
        conversation_id=None,
        language="de",
        topic="visa",
        message="Wir suchen ein Büro,\nin Kassel.",
        name=name,
        company=None,
        email="kim@example.com",
        country="KR",
        consent_version=CONSENT_VERSION,
        idempotency_key=str(number),
    )
    return Inquiries(store).log(draft).reference


def rows(result: Result) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(result.stdout)))


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


# inquiries


def test_no_inquiries_are_said_to_be_none(database: Store) -> None:
    assert bot("inquiries", "list").stdout == "No inquiries.\n"
    assert json.loads(bot("inquiries", "list", "--json").stdout) == []


def test_inquiries_are_listed_newest_first(database: Store) -> None:
    references = [log(database, number) for number in range(3)]

    lines = bot("inquiries", "list").stdout.splitlines()
    assert [line.split()[0] for line in lines] == references[::-1]
    limited = json.loads(bot("inquiries", "list", "--limit", "1", "--json").stdout)
    assert [item["reference"] for item in limited] == references[-1:]


def test_inquiries_are_listed_by_state(database: Store) -> None:
    new, withdrawn = log(database, 1), log(database, 2)
    Inquiries(database).withdraw(withdrawn, None, "kim@example.com")

    listed = json.loads(bot("inquiries", "list", "--state", "new", "--json").stdout)
    assert [item["reference"] for item in listed] == [new]


def test_one_inquiry_is_shown_with_all_that_was_said(database: Store) -> None:
    reference = log(database)

    result = bot("inquiries", "show", reference.lower())
    for part in (reference, "Minsu Kim", "kim@example.com", "KR", "Wir suchen ein Büro,\nin Kassel.", CONSENT_VERSION):
        assert part in result.stdout
    assert json.loads(bot("inquiries", "show", reference, "--json").stdout)["email"] == "kim@example.com"


@pytest.mark.parametrize("reference", ["nothing", "HE-2026-2222222"])
def test_an_inquiry_that_is_not_there_is_said_in_one_line(database: Store, reference: str) -> None:
    result = bot("inquiries", "show", reference)

    assert result.exit_code == 1
    assert result.stderr.startswith("bot: ")
    assert "Traceback" not in result.output


def test_all_inquiries_are_exported_over_every_page(database: Store) -> None:
    references = [log(database, number) for number in range(PAGE + 3)]

    assert [row["reference"] for row in rows(bot("inquiries", "export"))] == references[::-1]
    lines = bot("inquiries", "export", "--json").stdout.splitlines()
    assert [json.loads(line)["summary"]["reference"] for line in lines] == references[::-1]


def test_a_table_keeps_line_breaks_and_umlauts(database: Store) -> None:
    log(database)

    (row,) = rows(bot("inquiries", "export"))
    assert tuple(row) == CSV_COLUMNS
    assert row["message"] == "Wir suchen ein Büro,\nin Kassel."


def test_a_spreadsheet_never_runs_what_an_asker_wrote(database: Store) -> None:
    log(database, name=FORMULA)

    assert rows(bot("inquiries", "export"))[0]["name"] == f"'{FORMULA}"


@pytest.mark.parametrize("text", ["=1+1", "+49 69", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_cell_is_never_a_formula(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Kim", "kim@example.com", "1 - 1 = 0"])
def test_other_cells_stay_as_they_are(text: str) -> None:
    assert safe_cell(text) == text


def test_a_database_without_tables_is_said_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOT_DATABASE_URL", f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    monkeypatch.setenv("BOT_SECRET_KEY", "k" * 64)

    result = bot("inquiries", "list")
    assert result.exit_code == 1
    assert result.stderr.startswith("bot: ")


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
