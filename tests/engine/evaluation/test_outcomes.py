from types import SimpleNamespace

import pytest

from bot.evaluation.outcomes import Did, observe
from bot.knowledge import Language
from tests.engine.evaluation.outcomes import outcome, question


def understanding(intent, *entries, confidence=0.7):
    return SimpleNamespace(
        intent=intent, entries=tuple((entry, 0.5) for entry in entries), answer_confidence=confidence, inside=confidence
    )


@pytest.mark.parametrize(
    ("intent", "did"),
    [("faq", Did.ANSWERED), ("nlu_fallback", Did.CLARIFIED), ("out_of_scope", Did.REFUSED), ("greet", Did.REFUSED)],
)
def test_the_intent_says_what_the_assistant_does(intent, did):
    [seen] = observe(lambda text, language, previous_entry: understanding(intent, "push-what"), [question()])

    assert seen.did is did


def test_each_question_is_put_in_the_language_of_its_conversation_and_after_the_answer_before():
    asked = []
    observe(
        lambda *asks, previous_entry: asked.append((*asks, previous_entry)) or understanding("greet"),
        [question("푸시?", Language.KOREAN), question("Wie lange?", Language.GERMAN, previous="push-what")],
    )

    assert asked == [("푸시?", Language.KOREAN, None), ("Wie lange?", Language.GERMAN, "push-what")]


def test_any_of_the_entries_that_answer_is_right():
    assert outcome(entries=("b",), language=Language.KOREAN).wrong
    assert outcome(entries=("push-what", "b")).right


def test_a_clarifying_question_offers_the_first_three_entries_only():
    assert outcome(did=Did.CLARIFIED, entries=("a", "b", "push-what", "c")).offered
    assert not outcome(did=Did.CLARIFIED, entries=("a", "b", "c", "push-what")).offered
