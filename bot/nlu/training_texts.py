"""All texts of an intent or a knowledge entry as one training example.

Rasa copies and fingerprints every example several times over; with one for each of fifteen thousand texts that took a
third of a training.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.encoders import Kind

LABEL_TEXTS = "label_texts"
"""On an example that stands for all of its intent or entry: its LabelTexts."""


@dataclass(frozen=True)
class LabelTexts:
    """What people say and, for an entry, what is answered, and the labels that a follow-up question may mean."""

    questions: tuple[str, ...]
    answers: tuple[str, ...] = ()
    neighbours: tuple[str, ...] = ()

    def fingerprint(self) -> str:
        """What Rasa's cache knows these texts by."""
        content = json.dumps([self.questions, self.answers, self.neighbours])
        return hashlib.sha256(content.encode()).hexdigest()

    def __deepcopy__(self, memo: dict[int, Any]) -> LabelTexts:
        """Itself: it never changes."""
        return self


@dataclass(frozen=True)
class TrainingText:
    """A text, and whether it is what people say or what they are answered."""

    text: str
    kind: Kind


def training_texts(example: Message) -> tuple[TrainingText, ...]:
    """All texts of an example, questions first; none where there is nothing to learn from, as in rules' actions."""
    label: LabelTexts | None = example.get(LABEL_TEXTS)
    if label is not None:
        questions = (TrainingText(text, Kind.QUESTION) for text in label.questions)
        return (*questions, *(TrainingText(text, Kind.ANSWER) for text in label.answers))
    text = example.get(TEXT)
    return (TrainingText(text, Kind.QUESTION),) if text and example.get(INTENT) else ()
