"""The examples of an intent, word for word, for where a guess is not enough: a yes to consent, a command in a form."""

from __future__ import annotations

import re
from pathlib import Path

from bot.knowledge.base import normalised
from bot.knowledge.errors import KnowledgeError, Mistake
from bot.knowledge.yaml_file import read_yaml

_BETWEEN = re.compile(r"[,.!;]")


class Examples:
    """What people say for an intent, compared without case, spaces and punctuation."""

    def __init__(self, by_intent: dict[str, frozenset[str]]) -> None:
        self._by_intent = by_intent

    def says(self, text: str, intent: str) -> bool:
        """Whether `text` is one of the intent's examples, or several of them, as in "Ja, einverstanden"."""
        known = self._by_intent.get(intent, frozenset())
        parts = [part for part in map(normalised, _BETWEEN.split(text)) if part]
        return normalised(text) in known or (bool(parts) and all(part in known for part in parts))


def load_examples(path: Path) -> Examples:
    """Read a file of Rasa's training data.

    Raises:
        KnowledgeError: it cannot be read, or has another shape.
    """
    by_intent: dict[str, set[str]] = {}
    for intent, text in read_examples(path):
        by_intent.setdefault(intent, set()).add(normalised(text))
    return Examples({intent: frozenset(texts) for intent, texts in by_intent.items()})


def read_examples(path: Path) -> list[tuple[str, str]]:
    """Each example of a file of Rasa's training data with its intent first.

    Raises:
        KnowledgeError: it cannot be read, or has another shape.
    """
    data = read_yaml(path)
    try:
        return [
            (block["intent"], line.strip().removeprefix("-").strip())
            for block in data["nlu"]
            for line in block["examples"].splitlines()
            if line.strip().startswith("-")
        ]
    except (KeyError, TypeError, AttributeError) as error:
        raise KnowledgeError([Mistake(path.name, "nlu", "must list intents with their examples")]) from error
