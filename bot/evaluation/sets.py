"""The frozen questions: who wrote them saw neither the training questions nor the model, and nothing is tuned on them.

tests/evaluation/test/<topic>.yml        cases: one question in each language, the entry that answers it
tests/evaluation/test/keywords.yml       the same, one to three words
tests/evaluation/test/mixed.yml          questions that mix languages
tests/evaluation/test/edge.yml           questions that an entry answers, although they sound out of scope
tests/evaluation/test/follow_ups.yml     short questions typed right after the answer of the entry `previous`
tests/evaluation/test/out_of_scope.yml   messages that no entry answers, by kind
tests/evaluation/tuning/...              the same for choosing settings; apart from the test set
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.knowledge import LANGUAGES, KnowledgeBase, KnowledgeError, Language
from bot.knowledge.errors import Mistake
from bot.knowledge.yaml_file import read_yaml

KEYWORDS = "keywords"
MIXED = "mixed"
EDGE = "edge"
FOLLOW_UPS = "follow_ups"
OUT_OF_SCOPE = "out_of_scope"

CORE_TOPICS = frozenset({"starthub", "technologieland", "htai", "korea", "funding", "equity", "investing"})
"""What the assistant is for first: StartHub, Technologieland, HTAI, the Korea agreement, funding and investment."""


@dataclass(frozen=True)
class Question:
    """One message to understand.

    Arguments:
        text: as typed.
        language: of the conversation it is typed in.
        case: the same number for the same question in other languages.
        entries: the entries that answer it, the best first; empty for a message that none answers.
        topic: of the first of these entries; for others `out_of_scope`.
        kind: for a message that none answers, why: near_miss, unrelated, abuse, gibberish, instructions.
        previous: the entry answered just before, on which a follow-up question leans.
    """

    text: str
    language: Language
    case: int
    entries: tuple[str, ...]
    topic: str
    kind: str | None = None
    previous: str | None = None


@dataclass(frozen=True)
class QuestionSets:
    """All questions of one folder."""

    questions: tuple[Question, ...]
    keywords: tuple[Question, ...]
    mixed: tuple[Question, ...]
    edge: tuple[Question, ...]
    follow_ups: tuple[Question, ...]
    out_of_scope: tuple[Question, ...]


def load_sets(folder: Path, knowledge: KnowledgeBase) -> QuestionSets:
    """Read the sets of `folder`.

    Raises:
        KnowledgeError: a file cannot be read, a field is missing, or an entry is named that the knowledge base lacks.
    """
    reader = _Reader(knowledge)
    questions: list[Question] = []
    for path in sorted(folder.glob("*.yml")):
        if path.stem not in (KEYWORDS, MIXED, EDGE, FOLLOW_UPS, OUT_OF_SCOPE):
            questions.extend(reader.cases(path))
    sets = QuestionSets(
        tuple(questions),
        tuple(reader.cases(folder / f"{KEYWORDS}.yml")),
        tuple(reader.single(folder / f"{MIXED}.yml")),
        tuple(reader.single(folder / f"{EDGE}.yml")),
        tuple(reader.cases(folder / f"{FOLLOW_UPS}.yml")),
        tuple(reader.single(folder / f"{OUT_OF_SCOPE}.yml")),
    )
    if not questions:
        reader.mistakes.append(Mistake(str(folder), "", "holds no questions"))
    if reader.mistakes:
        raise KnowledgeError(reader.mistakes)
    return sets


class _Reader:
    """Reads files and collects what is wrong with them."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self._knowledge = knowledge
        self._case = 0
        self.mistakes: list[Mistake] = []

    def cases(self, path: Path) -> Iterator[Question]:
        """One question a language from each item."""
        for item in self._items(path):
            entries, previous = self._entries(path, item), self._previous(path, item)
            self._case += 1
            for language in LANGUAGES:
                text = self._text(path, item, language.value)
                if entries and text:
                    topic = self._knowledge.entries[entries[0]].topic
                    yield Question(text, language, self._case, entries, topic, previous=previous)

    def single(self, path: Path) -> Iterator[Question]:
        """One question from each item, in the language that it names."""
        for item in self._items(path):
            text, name = self._text(path, item, "text"), self._text(path, item, "language")
            self._case += 1
            if name not in list(Language):
                self._mistake(path, f"{name!r} is not one of the languages ko, de, en")
            elif "entry" in item:
                entries = self._entries(path, item)
                if entries and text:
                    topic = self._knowledge.entries[entries[0]].topic
                    yield Question(text, Language(name), self._case, entries, topic)
            elif text:
                yield Question(text, Language(name), self._case, (), OUT_OF_SCOPE, self._text(path, item, "kind"))

    def _items(self, path: Path) -> list[dict[str, Any]]:
        try:
            data = read_yaml(path)
        except KnowledgeError as error:
            self.mistakes.extend(error.mistakes)
            return []
        if not isinstance(data, list) or not all(isinstance(item, dict) for item in data):
            self._mistake(path, "must be a list of mappings")
            return []
        return data

    def _entries(self, path: Path, item: dict[str, Any]) -> tuple[str, ...]:
        entries = (str(item.get("entry")), *(str(other) for other in item.get("also") or ()))
        unknown = [entry for entry in entries if entry not in self._knowledge.entries]
        for entry in unknown:
            self._mistake(path, f"names {entry!r}, which is no entry")
        return () if unknown else entries

    def _previous(self, path: Path, item: dict[str, Any]) -> str | None:
        previous = item.get("previous")
        if (previous is None) == (path.stem == FOLLOW_UPS) or (previous and previous not in self._knowledge.entries):
            self._mistake(path, f"{previous!r} is not the entry answered before {item.get('entry')!r}")
        return previous

    def _text(self, path: Path, item: dict[str, Any], field: str) -> str:
        value = str(item.get(field) or "").strip()
        if not value:
            self._mistake(path, f"an item lacks {field!r}: {item.get('entry') or item.get('kind')}")
        return value

    def _mistake(self, path: Path, problem: str) -> None:
        self.mistakes.append(Mistake(path.name, "", problem))
