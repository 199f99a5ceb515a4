"""Loading the knowledge base: what is read, and that every mistake is named by file, entry and field."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.knowledge import KnowledgeError, Language, load_knowledge
from bot.knowledge.entry import ANSWER_MAX_CHARACTERS, QUESTIONS_MIN, TITLE_MAX_CHARACTERS
from tests.unit.knowledge.files import entry, without, write, write_topic


def mistakes_in(folder: Path) -> list[str]:
    with pytest.raises(KnowledgeError) as caught:
        load_knowledge(folder)
    return [str(mistake) for mistake in caught.value.mistakes]


def the_mistake_in(folder: Path) -> str:
    mistakes = mistakes_in(folder)
    assert len(mistakes) == 1, mistakes
    return mistakes[0]


def test_a_topic_is_read_with_all_its_entries(tmp_path: Path) -> None:
    write_topic(tmp_path, entry(), entry("hub-who", follow_ups=["hub-cost"], as_of="2025-03"))

    knowledge = load_knowledge(tmp_path)

    assert list(knowledge.entries) == ["hub-cost", "hub-who"]
    cost = knowledge.entries["hub-cost"]
    assert (cost.topic, cost.as_of, cost.review_by, cost.facts) == ("hub", "2021", "2027-06", ("fact-one",))
    assert [source.url for source in cost.sources] == ["https://example.com/", None]
    assert cost.answer[Language.KOREAN] == "무료예요."
    assert cost.title(Language.GERMAN) == "hub-cost de 0?"
    assert knowledge.entries["hub-who"].follow_ups == ("hub-cost",)


def test_a_topic_is_found_by_its_id(tmp_path: Path) -> None:
    knowledge = load_knowledge(write_topic(tmp_path, entry()))

    topic = knowledge.topic("hub")
    assert topic is not None
    assert topic.title[Language.GERMAN] == "Zentrum"
    assert knowledge.topic("nowhere") is None


def test_topics_come_in_the_order_of_their_files(tmp_path: Path) -> None:
    write_topic(tmp_path, entry("visa-cost"), topic="visa")
    write_topic(tmp_path, entry())

    assert [topic.id for topic in load_knowledge(tmp_path).topics] == ["hub", "visa"]


def test_a_date_may_be_missing_with_a_reason(tmp_path: Path) -> None:
    write_topic(tmp_path, entry(as_of=None, as_of_reason="the page shows no date"))

    assert load_knowledge(tmp_path).entries["hub-cost"].as_of is None


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    assert "holds no *.yml file" in the_mistake_in(tmp_path)


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    assert "holds no *.yml file" in the_mistake_in(tmp_path / "nowhere")


@pytest.mark.parametrize("field", ["id", "facts", "as_of", "review_by", "sources", "follow_ups", "questions", "answer"])
def test_a_missing_field_is_named(tmp_path: Path, field: str) -> None:
    write_topic(tmp_path, without(entry(), field))

    entry_name = "?" if field == "id" else "hub-cost"
    assert the_mistake_in(tmp_path).startswith(f"hub.yml: {entry_name}: {field}: ")


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("facts", "fact-one", "must be a list of texts, not a text"),
        ("facts", [], "is empty"),
        ("facts", [True], "put it in quotation marks"),
        ("follow_ups", {}, "must be a list of texts, not a mapping"),
        ("sources", [], "at least one source"),
        ("sources", "https://example.com", "at least one source"),
        ("questions", ["one?"], "each of ko, de and en"),
        ("answer", "It is free.", "each of ko, de and en"),
        ("review_by", True, "must be a text"),
        ("id", ["hub-cost"], "must be a text, not a list"),
    ],
)
def test_a_wrong_type_is_said(tmp_path: Path, field: str, value: object, said: str) -> None:
    write_topic(tmp_path, entry(**{field: value}))

    mistake = mistakes_in(tmp_path)[0]
    assert f": {field}" in mistake
    assert said in mistake


def test_an_entry_that_is_no_mapping_is_refused(tmp_path: Path) -> None:
    write_topic(tmp_path, "just text")

    assert "hub.yml: ?: must be a mapping of fields, not a text" in mistakes_in(tmp_path)


def test_a_misspelt_field_is_not_ignored(tmp_path: Path) -> None:
    write_topic(tmp_path, entry(followups=["hub-who"]))

    mistake = the_mistake_in(tmp_path)
    assert mistake.startswith("hub.yml: hub-cost: followups: is not a field here")
    assert "follow_ups" in mistake


@pytest.mark.parametrize("wrong", ["Hub-Cost", "hub_cost", "hub--cost", "-hub", "hub cost", "비용"])
def test_an_id_is_kebab_case(tmp_path: Path, wrong: str) -> None:
    write_topic(tmp_path, entry(wrong))

    assert "must be lower-case letters, digits and single hyphens" in the_mistake_in(tmp_path)


def test_an_id_stands_once_in_a_file(tmp_path: Path) -> None:
    write_topic(tmp_path, entry(), entry(questions=entry("hub-other")["questions"]))

    assert the_mistake_in(tmp_path) == "hub.yml: hub-cost: is an id that hub.yml has, too"


def test_an_id_stands_once_over_all_files(tmp_path: Path) -> None:
    write_topic(tmp_path, entry())
    write_topic(tmp_path, entry(questions=entry("visa-cost")["questions"]), topic="visa")

    assert the_mistake_in(tmp_path) == "visa.yml: hub-cost: is an id that hub.yml has, too"


def test_a_key_written_twice_is_a_mistake_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "hub.yml").write_text("topic: hub\ntitle: {ko: a, de: b, en: c}\ntopic: visa\nentries: []\n")

    mistake = the_mistake_in(tmp_path)
    assert mistake.startswith("hub.yml: line 3, column 1: ")
    assert "the key 'topic' stands here for the second time" in mistake


@pytest.mark.parametrize("target", ["hub-nowhere", "hub-cost"])
def test_a_follow_up_leads_to_another_entry(tmp_path: Path, target: str) -> None:
    write_topic(tmp_path, entry(follow_ups=[target]))

    assert the_mistake_in(tmp_path) == f"hub.yml: hub-cost: follow_ups: names {target!r}, which is no entry"


def test_two_entries_do_not_ask_the_same(tmp_path: Path) -> None:
    questions = entry("hub-who")["questions"]
    questions["de"][3] = "HUB-COST, de 1"
    write_topic(tmp_path, entry(), entry("hub-who", questions=questions))

    assert the_mistake_in(tmp_path) == ("hub.yml: hub-who: questions.de: asks 'HUB-COST, de 1', as hub-cost does")


def test_one_entry_may_ask_the_same_in_two_languages(tmp_path: Path) -> None:
    questions = entry()["questions"]
    questions["de"][3] = questions["ko"][3] = "push!"

    assert load_knowledge(write_topic(tmp_path, entry(questions=questions))).entries


@pytest.mark.parametrize("language", ["ko", "de", "en"])
def test_an_answer_is_short_enough_for_a_phone(tmp_path: Path, language: str) -> None:
    answer = {**entry()["answer"], language: "a" * ANSWER_MAX_CHARACTERS}
    load_knowledge(write_topic(tmp_path / "longest", entry(answer=answer)))

    answer[language] += "a"
    mistake = the_mistake_in(write_topic(tmp_path / "too-long", entry(answer=answer)))
    assert mistake == (
        f"hub.yml: hub-cost: answer.{language}: has {ANSWER_MAX_CHARACTERS + 1} characters: "
        f"at most {ANSWER_MAX_CHARACTERS}"
    )


def test_a_title_fits_on_a_button(tmp_path: Path) -> None:
    questions = entry()["questions"]
    questions["en"][0] = "a" * TITLE_MAX_CHARACTERS
    load_knowledge(write_topic(tmp_path / "longest", entry(questions=questions)))

    questions["en"][0] += "a"
    mistake = the_mistake_in(write_topic(tmp_path / "too-long", entry(questions=questions)))
    assert mistake.startswith("hub.yml: hub-cost: questions.en: ")
    assert f"at most {TITLE_MAX_CHARACTERS}" in mistake


def test_an_entry_has_enough_questions_in_each_language(tmp_path: Path) -> None:
    questions = entry()["questions"]
    questions["ko"] = questions["ko"][:-1]

    mistake = the_mistake_in(write_topic(tmp_path, entry(questions=questions)))
    assert (
        mistake == f"hub.yml: hub-cost: questions.ko: has {QUESTIONS_MIN - 1} questions: write at least {QUESTIONS_MIN}"
    )


@pytest.mark.parametrize("wrong", ["21", "2021-13", "2021-3", "2021-03-04", "March 2021", "20210"])
def test_a_date_is_a_year_or_a_month(tmp_path: Path, wrong: str) -> None:
    assert the_mistake_in(write_topic(tmp_path, entry(as_of=wrong))) == (
        f"hub.yml: hub-cost: as_of: is {wrong!r}: write YYYY or YYYY-MM"
    )


@pytest.mark.parametrize("wrong", ["2027", "2027-00", "soon"])
def test_a_review_is_due_in_a_month(tmp_path: Path, wrong: str) -> None:
    assert the_mistake_in(write_topic(tmp_path, entry(review_by=wrong))) == (
        f"hub.yml: hub-cost: review_by: is {wrong!r}: write YYYY-MM"
    )


@pytest.mark.parametrize("wrong", ["example.com", "ftp://example.com", "javascript:alert(1)"])
def test_a_source_has_a_web_address_or_none(tmp_path: Path, wrong: str) -> None:
    mistake = the_mistake_in(write_topic(tmp_path, entry(sources=[{"title": "A page", "url": wrong}])))

    assert mistake.startswith("hub.yml: hub-cost: sources: url: ")
    assert "must begin with https:// or http://" in mistake


def test_a_source_has_a_title(tmp_path: Path) -> None:
    mistake = the_mistake_in(write_topic(tmp_path, entry(sources=[{"url": "https://example.com"}])))

    assert mistake == "hub.yml: hub-cost: sources: title: is missing"


@pytest.mark.parametrize("language", ["ko", "de", "en"])
@pytest.mark.parametrize("field", ["questions", "answer"])
def test_no_language_is_missing(tmp_path: Path, field: str, language: str) -> None:
    value = without(entry()[field], language)

    mistake = the_mistake_in(write_topic(tmp_path, entry(**{field: value})))
    assert mistake == f"hub.yml: hub-cost: {field}.{language}: is missing"


def test_another_language_is_a_mistake(tmp_path: Path) -> None:
    answer = {**entry()["answer"], "fr": "C'est gratuit."}

    assert "answer.fr: is not one of the languages" in the_mistake_in(write_topic(tmp_path, entry(answer=answer)))


@pytest.mark.parametrize("empty", ["", "  \n", None])
def test_an_answer_is_not_empty(tmp_path: Path, empty: str | None) -> None:
    answer = {**entry()["answer"], "de": empty}

    assert "answer.de: must be a text that is not empty" in the_mistake_in(write_topic(tmp_path, entry(answer=answer)))


def test_an_answer_holds_no_brace_that_rasa_would_fill(tmp_path: Path) -> None:
    answer = {**entry()["answer"], "de": "Hallo {name}"}

    assert "holds a brace" in the_mistake_in(write_topic(tmp_path, entry(answer=answer)))


def test_a_file_is_named_like_its_topic(tmp_path: Path) -> None:
    write_topic(tmp_path, entry())
    (tmp_path / "hub.yml").rename(tmp_path / "visa.yml")

    assert the_mistake_in(tmp_path) == "visa.yml: topic: is 'hub': must be the file's name, 'visa'"


def test_entries_are_a_list(tmp_path: Path) -> None:
    write(tmp_path / "hub.yml", {"topic": "hub", "title": {"ko": "a", "de": "b", "en": "c"}, "entries": {}})

    assert the_mistake_in(tmp_path) == "hub.yml: entries: must be a list of entries"


@pytest.mark.parametrize("content", ["", "just text", "- a list"])
def test_a_file_is_a_mapping(tmp_path: Path, content: str) -> None:
    (tmp_path / "hub.yml").write_text(content)

    assert any("must be a mapping of fields" in mistake for mistake in mistakes_in(tmp_path))


def test_broken_yaml_is_said_with_line_and_column(tmp_path: Path) -> None:
    (tmp_path / "hub.yml").write_text('topic: hub\ntitle: {ko: "a", de: "b"\nentries: []\n')

    mistake = the_mistake_in(tmp_path)
    assert mistake.startswith("hub.yml: line 3, column ")
    assert "is not valid YAML" in mistake


def test_a_file_in_another_encoding_is_said_with_the_place(tmp_path: Path) -> None:
    (tmp_path / "hub.yml").write_bytes("topic: Förderung".encode("latin-1"))

    assert the_mistake_in(tmp_path) == "hub.yml: is not UTF-8 text (byte 8)"


def test_a_binary_file_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "hub.yml").write_bytes(b"\x00\x01\x02")

    assert the_mistake_in(tmp_path).startswith("hub.yml: ")


def test_yaml_makes_no_objects(tmp_path: Path) -> None:
    (tmp_path / "hub.yml").write_text("!!python/object/apply:os.getcwd []\n")

    assert "is not valid YAML" in the_mistake_in(tmp_path)


@pytest.mark.parametrize("content", ["? [a, b]\n: c\n", "? {a: b}\n: c\n"])
def test_a_key_that_is_no_text_is_a_mistake(tmp_path: Path, content: str) -> None:
    (tmp_path / "hub.yml").write_text(content)

    assert mistakes_in(tmp_path)


def test_all_mistakes_of_all_files_are_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "aaa.yml").write_text("[")
    write_topic(tmp_path, entry(as_of="soon", review_by="later"))
    write_topic(tmp_path, without(entry("visa-cost"), "answer"), topic="visa")

    mistakes = mistakes_in(tmp_path)
    assert [mistake.partition(":")[0] for mistake in mistakes] == ["aaa.yml", "hub.yml", "hub.yml", "visa.yml"]
