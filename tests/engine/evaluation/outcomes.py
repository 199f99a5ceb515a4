"""Outcomes for the tests of figures."""

from bot.evaluation.outcomes import Did, Outcome
from bot.evaluation.sets import Question
from bot.knowledge import Language


def question(
    text="What is push!?",
    language=Language.ENGLISH,
    case=1,
    entries=("push-what",),
    topic="funding",
    kind=None,
    previous=None,
):
    return Question(text, language, case, entries, topic, kind, previous)


def outcome(did=Did.ANSWERED, entries=("push-what",), confidence=0.9, inside=0.9, milliseconds=5.0, **asked):
    return Outcome(question(**asked), did, "faq", entries, confidence, inside, milliseconds)
