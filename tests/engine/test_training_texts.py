"""One example an entry: its texts, and what Rasa's cache knows it by."""

import copy

from rasa.shared.nlu.training_data.message import Message

from bot.nlu.encoders import Kind
from bot.nlu.training_texts import LABEL_TEXTS, LabelTexts, TrainingText, training_texts

TEXTS = LabelTexts(("무료인가요?", "Kostet das etwas?"), ("Nein.",), ("faq/other",))


def test_an_entry_has_its_questions_then_its_answers() -> None:
    example = Message({"text": "무료인가요?", "intent": "faq", LABEL_TEXTS: TEXTS})

    assert training_texts(example) == (
        TrainingText("무료인가요?", Kind.QUESTION),
        TrainingText("Kostet das etwas?", Kind.QUESTION),
        TrainingText("Nein.", Kind.ANSWER),
    )


def test_an_intent_has_what_people_say() -> None:
    example = Message({"text": "Hallo", "intent": "greet", LABEL_TEXTS: LabelTexts(("Hallo", "안녕하세요"))})

    assert [text.text for text in training_texts(example)] == ["Hallo", "안녕하세요"]
    assert {text.kind for text in training_texts(example)} == {Kind.QUESTION}


def test_an_example_without_more_has_its_own_text_and_an_action_none() -> None:
    assert training_texts(Message({"text": "Hallo", "intent": "greet"})) == (TrainingText("Hallo", Kind.QUESTION),)
    assert training_texts(Message({"action_name": "action_listen"})) == ()
    assert training_texts(Message({"intent": "greet"})) == ()


def test_any_change_of_an_entry_changes_what_the_cache_knows_it_by() -> None:
    changed = [
        LabelTexts(("무료인가요?",), TEXTS.answers, TEXTS.neighbours),
        LabelTexts(TEXTS.questions, ("Nein!",), TEXTS.neighbours),
        LabelTexts(TEXTS.questions, TEXTS.answers, ()),
        LabelTexts((*TEXTS.questions, *TEXTS.answers), (), TEXTS.neighbours),
    ]
    fingerprints = {Message({"text": "무료인가요?", LABEL_TEXTS: texts}).fingerprint() for texts in [TEXTS, *changed]}

    assert len(fingerprints) == 1 + len(changed)
    assert copy.deepcopy(TEXTS).fingerprint() == TEXTS.fingerprint()
