"""Adding to files that people edit leaves every other character as it was."""

import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge import Language
from bot.proposals.content import EntryDraft, Questions, SourceDraft
from bot.proposals.yaml_edit import with_entry, with_fact, with_questions
from tests.unit.proposals.conftest import entry

FILE = "topic: visa\nentries:" + entry("visa-one", "eins") + entry("visa-two", "zwei")

LINES = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40)


def questions_of(file: str, place: int) -> dict[str, list[str]]:
    questions: dict[str, list[str]] = yaml.safe_load(file)["entries"][place]["questions"]
    return questions


def test_questions_are_added_at_the_end_of_a_list_however_it_is_written() -> None:
    new = {Language.KOREAN: ("새 질문?",), Language.GERMAN: ("Neue Frage?",), Language.ENGLISH: ()}

    after = with_questions(FILE, "visa-two", new)
    assert questions_of(after, 1)["ko"] == [*questions_of(FILE, 1)["ko"], "새 질문?"]
    assert questions_of(after, 1)["de"] == [*questions_of(FILE, 1)["de"], "Neue Frage?"]
    assert questions_of(after, 1)["en"] == questions_of(FILE, 1)["en"]
    assert questions_of(after, 0) == questions_of(FILE, 0)
    added = set(after.splitlines()) - set(FILE.splitlines())
    assert len(added) == 2
    assert "# written by hand" in after


def test_a_question_that_is_there_already_changes_nothing() -> None:
    known = questions_of(FILE, 0)["ko"][0]

    assert with_questions(FILE, "visa-one", {Language.KOREAN: (known,)}) == FILE


@given(LINES, LINES)
def test_whatever_somebody_types_comes_back_as_one_text_and_nothing_else_changes(korean: str, german: str) -> None:
    after = with_questions(FILE, "visa-one", {Language.KOREAN: (korean,), Language.GERMAN: (german,)})

    found = questions_of(after, 0)
    assert found["ko"][-1] == korean
    assert found["de"][-1] == german
    assert questions_of(after, 1) == questions_of(FILE, 1)


@given(LINES)
def test_a_new_entry_holds_what_was_written_and_nothing_more(text: str) -> None:
    draft = EntryDraft(
        id="visa-three",
        topic="visa",
        new_fact=text,
        as_of="2026",
        review_by="2027-01",
        sources=(SourceDraft(title=text, url="https://example.org"), SourceDraft(title="Paper")),
        follow_ups=("visa-one",),
        questions=Questions(by_language={Language.GERMAN: ("Was?",)}),
        answer=dict.fromkeys(Language, text),
    )

    added = yaml.safe_load(with_entry(FILE, draft))["entries"][-1]
    assert added["answer"] == {"ko": text, "de": text, "en": text}
    assert added["sources"] == [{"title": text, "url": "https://example.org"}, {"title": "Paper", "url": None}]
    assert added["facts"] == ["staff-visa-three"]
    (fact,) = yaml.safe_load(with_fact(None, draft))["facts"]
    assert (fact["id"], fact["fact"], fact["as_of"]) == ("staff-visa-three", text, "2026")
