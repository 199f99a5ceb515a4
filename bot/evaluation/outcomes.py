"""What the assistant would do with a message, and whether that is right."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from bot.evaluation.sets import Question
from bot.knowledge import Language
from bot.nlu.classifier import FALLBACK, FAQ, Understanding

OFFERED = 3
"""A clarifying question offers this many entries (`actions/fallback.py`)."""


class Understand(Protocol):
    """`bot.nlu.understanding.Understander.understand`."""

    def __call__(self, text: str, language: Language, *, previous_entry: str | None = None) -> Understanding:
        """What `text` means."""


class Did(str, Enum):
    """What came back."""

    ANSWERED = "answered"
    CLARIFIED = "clarified"
    REFUSED = "refused"


@dataclass(frozen=True)
class Outcome:
    """One question understood.

    Arguments:
        entries: the nearest entries, best first.
        confidence: probability, as the model states it, that the first entry answers the question.
        inside: how likely the model takes it to be in scope.
        milliseconds: taken to understand it.
    """

    question: Question
    did: Did
    intent: str
    entries: tuple[str, ...]
    confidence: float
    inside: float
    milliseconds: float

    @property
    def right(self) -> bool:
        """An entry that answers the question was given."""
        return self.did is Did.ANSWERED and self.entries[0] in self.question.entries

    @property
    def wrong(self) -> bool:
        """An entry was given that does not answer the question."""
        return self.did is Did.ANSWERED and not self.right

    @property
    def offered(self) -> bool:
        """The clarifying question offers an entry that answers."""
        return self.did is Did.CLARIFIED and any(entry in self.question.entries for entry in self.entries[:OFFERED])


def observe(understand: Understand, questions: Iterable[Question]) -> list[Outcome]:
    """Have each question understood."""
    outcomes = []
    for question in questions:
        start = time.perf_counter()
        understanding = understand(question.text, question.language, previous_entry=question.previous)
        milliseconds = (time.perf_counter() - start) * 1000
        outcomes.append(_outcome(question, understanding, milliseconds))
    return outcomes


def _outcome(question: Question, understanding: Understanding, milliseconds: float) -> Outcome:
    did = {FAQ: Did.ANSWERED, FALLBACK: Did.CLARIFIED}.get(understanding.intent, Did.REFUSED)
    return Outcome(
        question,
        did,
        understanding.intent,
        tuple(entry for entry, _ in understanding.entries),
        understanding.answer_confidence,
        understanding.inside,
        milliseconds,
    )
