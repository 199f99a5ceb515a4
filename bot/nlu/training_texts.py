"""The texts of a training example: the one of an intent's, or all questions and answers of a knowledge entry.

An entry is one example, however many texts it has. Rasa copies and fingerprints every example several times over; with
one for each of ten thousand questions that took a third of a training.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.encoders import Kind

ENTRY = "entry_texts"
"""On the example of an entry: its EntryTexts."""


@dataclass(frozen=True)
class EntryTexts:
    """What people ask and what is answered, in all languages, and the labels that a follow-up question may mean."""

    questions: tuple[str, ...]
    answers: tuple[str, ...]
    neighbours: tuple[str, ...]

    def fingerprint(self) -> str:
        """What Rasa's cache knows these texts by."""
        content = json.dumps([self.questions, self.answers, self.neighbours])
        return hashlib.sha256(content.encode()).hexdigest()

    def __deepcopy__(self, memo: dict[int, Any]) -> EntryTexts:
        """Itself: it never changes."""
        return self


@dataclass(frozen=True)
class TrainingText:
    """A text, and whether it is what people say or what they are answered."""

    text: str
    kind: Kind


def training_texts(example: Message) -> tuple[TrainingText, ...]:
    """All texts of an example, questions first; none where there is nothing to learn from, as in rules' actions."""
    entry: EntryTexts | None = example.get(ENTRY)
    if entry is not None:
        questions = (TrainingText(text, Kind.QUESTION) for text in entry.questions)
        return (*questions, *(TrainingText(text, Kind.ANSWER) for text in entry.answers))
    text = example.get(TEXT)
    return (TrainingText(text, Kind.QUESTION),) if text and example.get(INTENT) else ()
