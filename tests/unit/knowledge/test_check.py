"""`check`: what is wrong, stale, nearly asked twice, or unused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.knowledge import KnowledgeError
from bot.knowledge.check import check
from bot.knowledge.facts import load_facts
from tests.unit.knowledge.files import entry, response, write, write_responses, write_topic

MONTH = "2026-11"


def fact(fact_id: str) -> dict[str, Any]:
    return {"id": fact_id, "topic": "hub", "fact": "It is free.", "as_of": "2021", "confidence": "high"}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A whole data folder without mistakes."""
    write_topic(tmp_path / "knowledge", entry())
    write(tmp_path / "facts" / "sheet.yml", {"facts": [fact("fact-one")]})
    write_responses(tmp_path / "responses", {"utter_greet": response()})
    write(tmp_path / "terms.yml", {"terms": [{"id": "gmbh", "label": "legal_form", "ko": "a", "de": "b", "en": "c"}]})
    return tmp_path


def test_a_sound_folder_has_nothing_to_say(data: Path) -> None:
    report = check(data, MONTH)

    assert (report.mistakes, report.stale, report.near_duplicates, report.unused_facts) == ((), (), (), ())
    assert report.entries == 1
    assert report.questions == {"ko": 8, "de": 8, "en": 8}


def test_an_entry_is_stale_once_its_review_has_passed(data: Path) -> None:
    write_topic(data / "knowledge", entry(review_by="2026-10"), entry("hub-who", review_by=MONTH))

    assert check(data, MONTH).stale == ("hub-cost",)


def test_questions_that_hardly_differ_are_named_with_their_like(data: Path) -> None:
    cost, who = entry(), entry("hub-who")
    cost["questions"]["de"][1] = "Was kostet die Beratung bei StartHub Hessen heute?"
    who["questions"]["de"][1] = "Was kostet die Beratung bei StartHub Hessen heute so?"
    write_topic(data / "knowledge", cost, who)

    assert check(data, MONTH).near_duplicates == ((cost["questions"]["de"][1], who["questions"]["de"][1]),)


def test_a_message_to_decline_that_an_entry_asks_is_named(data: Path) -> None:
    cost = entry()
    cost["questions"]["de"][1] = "Was kostet die Beratung bei StartHub Hessen heute?"
    write_topic(data / "knowledge", cost)
    declined = "    - Was kostet die Beratung bei StartHub Hessen heute so\n    - Was kostet die Beratung in Bayern"
    (data / "nlu").mkdir()
    (data / "nlu" / "near_misses.yml").write_text(
        f"nlu:\n- intent: out_of_scope\n  examples: |\n{declined}\n{declined}\n", encoding="utf-8"
    )

    asked = cost["questions"]["de"][1]
    assert {first for first, _ in check(data, MONTH).near_duplicates} == {asked}
    assert {second for _, second in check(data, MONTH).near_duplicates} == {declined.splitlines()[0].strip(" -")}


def test_a_broken_file_of_examples_is_a_mistake(data: Path) -> None:
    (data / "nlu").mkdir()
    (data / "nlu" / "near_misses.yml").write_text("nlu: [{intent: out_of_scope}]", encoding="utf-8")

    assert [mistake.file for mistake in check(data, MONTH).mistakes] == ["near_misses.yml"]


def test_one_entry_may_ask_nearly_the_same_twice(data: Path) -> None:
    cost = entry()
    cost["questions"]["de"][1] = "Was kostet die Beratung bei StartHub Hessen heute?"
    cost["questions"]["de"][2] = "Was kostet die Beratung bei StartHub Hessen heute so?"
    write_topic(data / "knowledge", cost)

    assert check(data, MONTH).near_duplicates == ()


def test_a_fact_that_no_sheet_has_is_a_mistake(data: Path) -> None:
    write_topic(data / "knowledge", entry(facts=["fact-one", "fact-two"]))

    assert [str(mistake) for mistake in check(data, MONTH).mistakes] == [
        "hub.yml: hub-cost: facts: names 'fact-two', which no sheet has"
    ]


def test_a_fact_that_no_entry_uses_is_named_once(data: Path) -> None:
    write(data / "facts" / "other.yml", {"facts": [fact("fact-two"), fact("fact-two"), fact("fact-one")]})

    assert check(data, MONTH).unused_facts == ("fact-two",)


def test_mistakes_of_all_kinds_of_files_are_collected(data: Path) -> None:
    write_topic(data / "knowledge", entry(as_of="soon"))
    (data / "facts" / "sheet.yml").write_text("facts: none")
    write_responses(data / "responses", {"greet": response()})
    (data / "terms.yml").write_text("[")

    files = {mistake.file for mistake in check(data, MONTH).mistakes}
    assert files == {"hub.yml", "sheet.yml", "general.yml", "terms.yml"}


def test_a_missing_file_of_terms_is_a_mistake(data: Path) -> None:
    (data / "terms.yml").unlink()

    assert [mistake.file for mistake in check(data, MONTH).mistakes] == ["terms.yml"]


@pytest.mark.parametrize("item", [{"id": "fact-one"}, "just text", {"topic": "hub", "fact": "It is free."}])
def test_a_fact_with_a_field_missing_is_a_mistake_with_its_sheet(tmp_path: Path, item: object) -> None:
    write(tmp_path / "sheet.yml", {"facts": [item]})

    with pytest.raises(KnowledgeError, match=r"sheet\.yml"):
        load_facts(tmp_path)


def test_a_fact_that_is_left_out_for_a_reason_is_not_called_unused(data: Path) -> None:
    write(data / "facts" / "other.yml", {"facts": [fact("fact-two")]})
    write(data / "left_out.yml", {"fact-two": "Nobody could confirm it."})

    report = check(data, MONTH)
    assert (report.mistakes, report.unused_facts, report.left_out) == ((), (), ("fact-two",))


@pytest.mark.parametrize(
    ("left_out", "problem"),
    [
        ({"fact-nine": "It is old."}, "is in no sheet"),
        ({"fact-one": "It is old."}, "is used by an entry"),
        ({"fact-two": ""}, "has no reason"),
        (["fact-two"], "must map ids"),
    ],
)
def test_what_is_left_out_is_a_fact_that_no_entry_uses_with_a_reason(data: Path, left_out: Any, problem: str) -> None:
    write(data / "facts" / "other.yml", {"facts": [fact("fact-two")]})
    write(data / "left_out.yml", left_out)

    assert any(problem in str(mistake) for mistake in check(data, MONTH).mistakes)
