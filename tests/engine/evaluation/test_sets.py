from pathlib import Path

import pytest

from bot.evaluation.sets import load_sets
from bot.knowledge import KnowledgeError, Language, load_knowledge

ROOT = Path(__file__).parents[3]
CASE = '- {entry: starthub-cost, also: [htai-cost], ko: "무료?", de: "Gratis?", en: "Free?"}\n'


@pytest.fixture(scope="module")
def knowledge():
    return load_knowledge(ROOT / "data" / "knowledge")


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "starthub.yml").write_text(CASE, encoding="utf-8")
    (tmp_path / "keywords.yml").write_text(CASE, encoding="utf-8")
    (tmp_path / "mixed.yml").write_text(
        '- {entry: htai-what, language: ko, text: "HTAI ist 뭐예요?"}\n', encoding="utf-8"
    )
    (tmp_path / "edge.yml").write_text(
        '- {entry: htai-what, language: de, text: "Ist HTAI seriös?"}\n', encoding="utf-8"
    )
    (tmp_path / "follow_ups.yml").write_text(CASE.replace("{", "{previous: starthub-what, "), encoding="utf-8")
    (tmp_path / "out_of_scope.yml").write_text('- {kind: abuse, language: de, text: "Du Depp"}\n', encoding="utf-8")
    return tmp_path


def test_a_case_is_one_question_a_language_with_one_number(folder, knowledge):
    questions = load_sets(folder, knowledge).questions

    assert [question.language for question in questions] == list(Language)
    assert len({question.case for question in questions}) == 1
    assert questions[0].entries == ("starthub-cost", "htai-cost")
    assert questions[0].topic == "starthub"


def test_a_follow_up_question_names_the_entry_answered_before(folder, knowledge):
    sets = load_sets(folder, knowledge)

    assert {question.previous for question in sets.follow_ups} == {"starthub-what"}
    assert {question.previous for question in sets.questions} == {None}


def test_what_no_entry_answers_has_its_kind_and_no_entry(folder, knowledge):
    [question] = load_sets(folder, knowledge).out_of_scope

    assert (question.entries, question.kind, question.topic) == ((), "abuse", "out_of_scope")


@pytest.mark.parametrize(
    ("file", "text", "problem"),
    [
        ("starthub.yml", '- {entry: no-such, ko: "a", de: "b", en: "c"}', "no entry"),
        ("starthub.yml", '- {entry: htai-what, ko: "a", de: "b"}', "'en'"),
        ("starthub.yml", "entry: htai-what", "list"),
        ("mixed.yml", '- {entry: htai-what, language: fr, text: "a"}', "fr"),
        ("keywords.yml", "- [", "YAML"),
        ("follow_ups.yml", CASE, "None is not the entry answered before 'starthub-cost'"),
        ("follow_ups.yml", CASE.replace("{", "{previous: no-such, "), "'no-such' is not the entry answered before"),
        ("starthub.yml", CASE.replace("{", "{previous: htai-what, "), "'htai-what' is not the entry answered before"),
    ],
)
def test_a_mistake_is_named_with_its_file(folder, knowledge, file, text, problem):
    (folder / file).write_text(text, encoding="utf-8")

    with pytest.raises(KnowledgeError, match=rf"{file}.*{problem}"):
        load_sets(folder, knowledge)


def test_a_missing_set_is_a_mistake(folder, knowledge):
    (folder / "out_of_scope.yml").unlink()

    with pytest.raises(KnowledgeError, match=r"out_of_scope\.yml"):
        load_sets(folder, knowledge)
