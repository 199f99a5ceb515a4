"""The real knowledge base: three equal languages, sourced, dated, and nothing of the founding document forgotten."""

from __future__ import annotations

import re
from functools import cache

from bot.knowledge import LANGUAGES, Entry, KnowledgeBase, Language, load_knowledge
from bot.knowledge.check import check
from bot.knowledge.entry import QUESTIONS_MIN
from bot.knowledge.facts import Fact, load_facts
from tests.unit.knowledge.files import ROOT

ENTRIES_MIN = 45
LONG_BEFORE_ANY_REVIEW = "2000-01"
HANGUL = re.compile(r"[가-힣]")
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
MONEY = re.compile(
    r"\d[\d.,]*\s*(?:Mio\.|Millionen|Mrd\.|Milliarden|million|billion|만|억|천)?\s*"
    r"(?:€|Euro?s?\b|EUR\b|US-Dollar|유로|달러)|[€$]\s?\d",
    re.IGNORECASE,
)
UNDATED = {
    Language.KOREAN: re.compile(r"날짜|시점"),
    Language.GERMAN: re.compile(r"undatiert|kein(?:en)? Datum|ohne Datum"),
    Language.ENGLISH: re.compile(r"undated|no date|not dated|without a date"),
}
ADDRESS = re.compile(r"https?://|www\.|\S@\S+\.\S")
TELEPHONE = re.compile(r"\+\d{2}[\s\d/()-]{6,}|\b0\d{2,4}[\s/-]\d{4,}")
LEFTOVER = re.compile(r"TODO|FIXME|XXX|\bid:\s|```|\*\*|  ")


@cache
def knowledge() -> KnowledgeBase:
    return load_knowledge(ROOT / "data" / "knowledge")


@cache
def facts() -> dict[str, Fact]:
    return {fact.id: fact for fact in load_facts(ROOT / "data" / "facts")}


def entries() -> list[Entry]:
    return list(knowledge().entries.values())


def answers() -> list[tuple[Entry, Language, str]]:
    return [(entry, language, entry.answer[language]) for entry in entries() for language in LANGUAGES]


def test_the_data_folder_holds_no_mistake_and_no_near_duplicate() -> None:
    report = check(ROOT / "data", LONG_BEFORE_ANY_REVIEW)

    assert report.mistakes == ()
    assert report.near_duplicates == ()


def test_there_are_as_many_entries_as_promised() -> None:
    assert len(entries()) >= ENTRIES_MIN


def test_each_topic_is_titled_in_each_language_and_has_entries() -> None:
    assert [topic.id for topic in knowledge().topics if set(topic.title) != set(LANGUAGES) or not topic.entries] == []


def test_each_entry_is_asked_and_answered_in_each_language() -> None:
    for entry in entries():
        assert set(entry.questions) == set(entry.answer) == set(LANGUAGES), entry.id
    short = [
        (entry.id, language)
        for entry in entries()
        for language in LANGUAGES
        if len(set(entry.questions[language])) < QUESTIONS_MIN
    ]

    assert short == []


def test_each_answer_leads_on_to_entries_that_exist_and_to_none_twice() -> None:
    wrong = [
        entry.id
        for entry in entries()
        if not entry.follow_ups
        or len(set(entry.follow_ups)) < len(entry.follow_ups)
        or not set(entry.follow_ups) <= set(knowledge().entries)
    ]

    assert wrong == []


def test_each_entry_rests_on_facts_of_the_sheets() -> None:
    assert {fact for entry in entries() for fact in entry.facts} - set(facts()) == set()


def test_every_fact_of_the_founding_document_is_told() -> None:
    seed = {fact.id for fact in facts().values() if fact.is_seed}

    assert seed, "the sheets hold the founding document's facts"
    assert seed - {fact for entry in entries() for fact in entry.facts} == set()


def test_no_entry_is_dated_after_its_newest_fact() -> None:
    """Where a fact has no date, its entry's date is the editor's to judge."""
    wrong = []
    for entry in entries():
        dates = [facts()[fact].as_of for fact in entry.facts]
        newest = max((date for date in dates if date is not None), default=None)
        if entry.as_of is None or newest is None or None in dates:
            continue
        shared = min(len(newest), len(entry.as_of))
        if entry.as_of[:shared] > newest[:shared]:
            wrong.append((entry.id, entry.as_of, newest))

    assert wrong == []


def test_an_amount_of_money_stands_with_a_year_or_is_said_to_be_undated() -> None:
    wrong = [
        (entry.id, language.value)
        for entry, language, answer in answers()
        if MONEY.search(answer) and not YEAR.search(answer) and not UNDATED[language].search(answer)
    ]

    assert wrong == []


def test_an_entry_without_a_date_says_so_where_it_states_an_amount() -> None:
    wrong = [
        (entry.id, language.value)
        for entry, language, answer in answers()
        if entry.as_of is None and MONEY.search(answer) and not UNDATED[language].search(answer)
    ]

    assert wrong == []


def test_years_are_the_same_in_each_language() -> None:
    wrong = [entry.id for entry in entries() if len({_years(entry, language) for language in LANGUAGES}) > 1]

    assert wrong == []


def test_no_answer_gives_an_address_or_telephone_number() -> None:
    """Links are the sources' to show; numbers are the operator's settings."""
    wrong = [
        (entry.id, language.value)
        for entry, language, answer in answers()
        if ADDRESS.search(answer) or TELEPHONE.search(answer)
    ]

    assert wrong == []


def test_korean_titles_answers_and_most_questions_are_in_hangul() -> None:
    wrong = [
        entry.id
        for entry in entries()
        if not HANGUL.search(entry.answer[Language.KOREAN])
        or not HANGUL.search(entry.title(Language.KOREAN))
        or sum(bool(HANGUL.search(text)) for text in entry.questions[Language.KOREAN]) < QUESTIONS_MIN - 2
    ]

    assert wrong == []


def test_an_answer_reads_as_finished_text() -> None:
    wrong = [
        (entry.id, language.value, answer[-20:])
        for entry, language, answer in answers()
        if LEFTOVER.search(answer) or answer[-1] not in ".!?)”“\"'"
    ]

    assert wrong == []


def _years(entry: Entry, language: Language) -> frozenset[str]:
    return frozenset(YEAR.findall(entry.answer[language]))
