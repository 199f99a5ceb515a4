"""`bot inquiries`: what operators list, change and export, and what they are told when it cannot be done."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli.main import app
from bot.inquiries import CONSENT_VERSION, Inquiries, InquiryDraft, staff
from bot.inquiries.export import CSV_COLUMNS, safe_cell
from bot.inquiries.filter import PAGE_SIZE_MAX
from bot.store import InquiryState, Store

MESSAGE = "Wir suchen ein Büro,\nin Kassel."
FORMULA = '=HYPERLINK("https://example.com";"open")'


@pytest.fixture
def database(url: str, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A fresh database that the command is set to; of each kind."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOT_DATABASE_URL", url)
    monkeypatch.setenv("BOT_SECRET_KEY", "k" * 64)
    return store


def bot(*arguments: str, text: str | None = None) -> Result:
    return CliRunner().invoke(app, ["inquiries", *arguments], input=text)


def log(store: Store, number: int = 0, name: str = "Minsu Kim", message: str = MESSAGE) -> str:
    draft = InquiryDraft(
        conversation_id=None,
        language="de",
        topic="visa",
        message=message,
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


def listed(*arguments: str) -> list[str]:
    return [item["reference"] for item in json.loads(bot("list", *arguments, "--json").stdout)["items"]]


def test_no_inquiries_are_said_to_be_none(database: Store) -> None:
    assert bot("list").stdout == "No inquiries.\n"
    assert json.loads(bot("list", "--json").stdout) == {"items": [], "next": None}


def test_inquiries_are_listed_newest_first(database: Store) -> None:
    references = [log(database, number) for number in range(3)]

    lines = bot("list").stdout.splitlines()
    assert [line.split()[0] for line in lines] == references[::-1]
    assert listed("--limit", "1") == references[-1:]


def test_inquiries_are_listed_by_state(database: Store) -> None:
    new, withdrawn = log(database, 1), log(database, 2)
    Inquiries(database).withdraw(withdrawn, None, "kim@example.com")

    assert listed("--state", "new") == [new]
    assert listed("--state", "new", "--state", "withdrawn") == [withdrawn, new]


def test_one_inquiry_is_shown_with_all_that_was_said(database: Store) -> None:
    reference = log(database)

    result = bot("show", reference.lower())
    for part in (reference, "Minsu Kim", "kim@example.com", "KR", "Wir suchen ein Büro,\nin Kassel.", CONSENT_VERSION):
        assert part in result.stdout
    assert json.loads(bot("show", reference, "--json").stdout)["email"] == "kim@example.com"


@pytest.mark.parametrize("reference", ["nothing", "HE-2026-2222222"])
def test_an_inquiry_that_is_not_there_is_said_in_one_line(database: Store, reference: str) -> None:
    result = bot("show", reference)

    assert result.exit_code == 1
    assert result.stderr.startswith("bot: ")
    assert "Traceback" not in result.output


def test_all_inquiries_are_exported_over_every_page(database: Store) -> None:
    references = [log(database, number) for number in range(PAGE_SIZE_MAX + 3)]

    assert [row["reference"] for row in rows(bot("export"))] == references[::-1]
    lines = bot("export", "--json").stdout.splitlines()
    assert [json.loads(line)["summary"]["reference"] for line in lines] == references[::-1]


def test_a_table_keeps_line_breaks_and_umlauts(database: Store) -> None:
    log(database)

    (row,) = rows(bot("export"))
    assert tuple(row) == CSV_COLUMNS
    assert row["message"] == "Wir suchen ein Büro,\nin Kassel."


def test_a_spreadsheet_never_runs_what_an_asker_wrote(database: Store) -> None:
    log(database, name=FORMULA)

    assert rows(bot("export"))[0]["name"] == f"'{FORMULA}"


@pytest.mark.parametrize("text", ["=1+1", "+49 69", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1"])
def test_a_cell_is_never_a_formula(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Kim", "kim@example.com", "1 - 1 = 0"])
def test_other_cells_stay_as_they_are(text: str) -> None:
    assert safe_cell(text) == text


def test_a_page_says_how_the_list_goes_on(database: Store) -> None:
    references = [log(database, number) for number in range(3)]

    *_, last = bot("list", "--limit", "2").stdout.splitlines()
    assert last.startswith("More: --after ")
    assert listed("--limit", "2", "--after", last.split()[-1]) == references[:1]
    page = json.loads(bot("list", "--limit", "2", "--json").stdout)
    assert page["next"] == last.split()[-1]


def test_inquiries_are_found_by_words_tag_and_time(database: Store) -> None:
    hydrogen, other = log(database, 1, message="Grünwasserstofftechnik aus Korea, 창업지원"), log(database, 2)
    with Inquiries(database).change(hydrogen, staff("anna")) as case:
        case.tag("Messe")
        case.assign("anna")

    for found in (("--text", "wasserstoff"), ("--text", "지원"), ("--tag", "messe"), ("--assignee", "anna")):
        assert listed(*found) == [hydrogen], found
    assert listed("--unassigned") == [other]
    assert listed("--from", "2001-01-01") == [other, hydrogen]
    assert listed("--before", "2001-01-01") == []
    assert listed("--overdue") == []


def test_an_inquiry_is_answered_from_taking_it_on_to_closing_it(database: Store) -> None:
    reference = log(database)

    assert bot("assign", reference, "anna", "--by", "ben").stdout.split()[:3] == [reference, "new", "anna"]
    assert bot("note", reference, "--by", "anna", "--text", "Rückruf am Montag").exit_code == 0
    assert bot("reply", reference, "--by", "anna", text="Guten Tag,\ngern.\n").stdout.split()[1] == "answered"
    assert bot("state", reference, "waiting", "--by", "anna").exit_code == 0
    assert bot("close", reference, "--by", "anna").exit_code == 0

    detail = Inquiries(database).get(reference)
    assert detail.summary.state is InquiryState.CLOSED
    assert [(reply.author, reply.language, reply.text) for reply in detail.replies] == [
        ("anna", "de", "Guten Tag,\ngern.")
    ]
    shown = bot("show", reference).stdout
    for part in ("Rückruf am Montag", "ben: assignee - -> anna", "anna: state waiting -> closed"):
        assert part in shown, shown


def test_a_change_is_told_to_programs_too(database: Store) -> None:
    reference = log(database)

    changed = json.loads(bot("assign", reference, "anna", "--json").stdout)
    assert (changed["assignee"], changed["version"]) == ("anna", 2)
    assert json.loads(bot("assign", reference, "--json").stdout)["assignee"] is None


def test_a_reply_handed_in_twice_is_stored_once(database: Store) -> None:
    reference = log(database)

    for _ in range(2):
        assert bot("reply", reference, "--text", "Gern.", "--key", "k1", "--then", "waiting").exit_code == 0
    assert len(Inquiries(database).get(reference).replies) == 1


def test_one_inquiry_goes_on_instead_of_its_duplicate(database: Store) -> None:
    first, second = log(database, 1), log(database, 2)

    assert bot("state", second, "duplicate", "--of", first).exit_code == 0
    assert f"Duplicate of {first}" in bot("show", second).stdout
    assert f"Duplicates: {second}" in bot("show", first).stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("reply", "REF", "--text", " "), "reply: empty"),
        (("state", "REF", "duplicate"), "needs_original"),
        (("state", "REF", "duplicate", "--of", "REF"), "itself"),
        (("assign", "REF", "anna", "--version", "7"), "was changed meanwhile"),
        (("state", "REF", "new"), "cannot become new by staff; possible: waiting, "),
        (("list", "--text", "?"), "too_short"),
        (("list", "--after", "nonsense"), "cursor"),
        (("export", "--text", "?"), "too_short"),
        (("close", "HE-2026-2222222"), "not a reference"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(database: Store, arguments: tuple[str, ...], said: str) -> None:
    reference = log(database)
    bot("state", reference, "open")

    result = bot(*(reference if word == "REF" else word for word in arguments))
    assert result.exit_code == 1
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert Inquiries(database).get(reference).summary.version == 2


def test_a_database_without_tables_is_said_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOT_DATABASE_URL", f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    monkeypatch.setenv("BOT_SECRET_KEY", "k" * 64)

    result = bot("list")
    assert result.exit_code == 1
    assert result.stderr.startswith("bot: ")
