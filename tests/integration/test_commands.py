"""The `bot` commands against the running assistant and its database."""

import csv
import io
import json

import pytest

from tests.e2e.form import MESSAGE, NAME, fill
from tests.support.running_assistant import RunningAssistant
from tests.support.visitor import Visitor

EMAIL = "commands@example.com"
QUESTIONS = {
    "ko": "스타트허브 헤센이 뭐예요?",
    "de": "Was ist StartHub Hessen?",
    "en": "What is StartHub Hessen?",
}


@pytest.fixture(scope="module")
def reference(assistant: RunningAssistant) -> str:
    """An inquiry logged by talking."""
    assistant.wait_until_ready()
    with assistant.client() as http:
        visitor = Visitor.start(http, "en")
        fill(visitor, EMAIL)
        text: str = visitor.press("Send")["text"]
    return next(word for word in text.split() if word.startswith("HE-"))


def test_inquiries_are_listed_newest_first(assistant: RunningAssistant, reference: str) -> None:
    listed = assistant.run("inquiries", "list", "--json")

    assert listed.returncode == 0, listed.stderr
    inquiries = json.loads(listed.stdout)["items"]
    assert reference in [inquiry["reference"] for inquiry in inquiries]
    assert [inquiry["id"] for inquiry in inquiries] == sorted((inquiry["id"] for inquiry in inquiries), reverse=True)


def test_inquiries_are_listed_by_state_in_a_table(assistant: RunningAssistant, reference: str) -> None:
    assert reference in assistant.run("inquiries", "list", "--state", "new").stdout
    assert reference not in assistant.run("inquiries", "list", "--state", "withdrawn").stdout


def test_an_inquiry_is_shown_with_its_transcript(assistant: RunningAssistant, reference: str) -> None:
    shown = assistant.run("inquiries", "show", reference, "--json")

    assert shown.returncode == 0, shown.stderr
    inquiry = json.loads(shown.stdout)
    assert (inquiry["name"], inquiry["email"], inquiry["message"]) == (NAME, EMAIL, MESSAGE)
    assert MESSAGE in [line["text"] for line in inquiry["transcript"]]
    assert MESSAGE in assistant.run("inquiries", "show", reference).stdout


@pytest.mark.parametrize("unknown", ["HE-2026-AAAAAAA", "nonsense", "'; DROP TABLE inquiries; --"])
def test_an_unknown_reference_is_said_in_one_line(assistant: RunningAssistant, unknown: str) -> None:
    shown = assistant.run("inquiries", "show", unknown)

    assert shown.returncode == 1
    assert shown.stderr.startswith("bot: ")
    assert len(shown.stderr.splitlines()) == 1


def test_inquiries_are_exported_as_csv_and_as_json_lines(assistant: RunningAssistant, reference: str) -> None:
    table = assistant.run("inquiries", "export")
    lines = assistant.run("inquiries", "export", "--json")

    rows = {row["reference"]: row for row in csv.DictReader(io.StringIO(table.stdout))}
    assert rows[reference]["email"] == EMAIL
    details = [json.loads(line) for line in lines.stdout.splitlines()]
    assert reference in [detail["summary"]["reference"] for detail in details]


def test_the_knowledge_base_is_without_mistakes(assistant: RunningAssistant) -> None:
    checked = assistant.run("knowledge", "check", "--json")

    report = json.loads(checked.stdout)
    assert checked.returncode == 0, report["mistakes"]
    assert report["mistakes"] == []
    assert report["entries"] >= 45


def test_upgrading_a_database_that_is_up_to_date_changes_nothing(assistant: RunningAssistant) -> None:
    first, second = assistant.run("db", "upgrade"), assistant.run("db", "upgrade")

    assert (first.returncode, second.returncode) == (0, 0), first.stderr
    assert first.stdout == second.stdout
    assert first.stdout.strip()


@pytest.mark.parametrize("language", QUESTIONS)
def test_the_terminal_chat_answers_with_sources_and_numbered_buttons(
    assistant: RunningAssistant, language: str
) -> None:
    assistant.wait_until_ready()

    talked = assistant.run("chat", "--language", language, text=f"{QUESTIONS[language]}\n1\n\n")

    assert talked.returncode == 0, talked.stderr
    assert "StartHub" in talked.stdout
    assert "  [" in talked.stdout
    assert "  1) " in talked.stdout


def test_the_terminal_chat_ends_with_its_input(assistant: RunningAssistant) -> None:
    assistant.wait_until_ready()

    assert assistant.run("chat", "--language", "de", text="hallo").returncode == 0


def test_the_terminal_chat_says_that_nothing_answers(assistant: RunningAssistant) -> None:
    talked = assistant.run("chat", "--url", "http://127.0.0.1:1")

    assert talked.returncode == 1
    assert "make run" in talked.stderr
