"""All entries together, and what only shows when they are seen together."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from bot.knowledge.entry import Entry, Topic, parse_entry
from bot.knowledge.errors import KnowledgeError, Mistake
from bot.knowledge.yaml_file import Fields, read_yaml

_TOPIC_FIELDS = frozenset({"topic", "title", "entries"})


@dataclass(frozen=True)
class KnowledgeBase:
    """The topics in the order of their files, and every entry by its id."""

    topics: tuple[Topic, ...]
    entries: dict[str, Entry] = field(default_factory=dict)

    def topic(self, topic_id: str) -> Topic | None:
        """The topic with this id, or None."""
        return next((topic for topic in self.topics if topic.id == topic_id), None)


def load_knowledge(folder: Path) -> KnowledgeBase:
    """Read every `*.yml` file of `folder`.

    Raises:
        KnowledgeError: with every mistake in every file.
    """
    mistakes: list[Mistake] = []
    topics: list[Topic] = []
    places: dict[str, str] = {}
    paths = sorted(folder.glob("*.yml"))
    if not paths:
        raise KnowledgeError([Mistake(str(folder), "", "holds no *.yml file: the assistant would know nothing")])
    for path in paths:
        try:
            data = read_yaml(path)
        except KnowledgeError as error:
            mistakes.extend(error.mistakes)
            continue
        topic = _parse_topic(path, data, mistakes)
        if topic is None:
            continue
        topics.append(topic)
        for entry in topic.entries:
            if entry.id in places:
                mistakes.append(Mistake(path.name, entry.id, f"is an id that {places[entry.id]} has, too"))
            places[entry.id] = path.name
    entries = {entry.id: entry for topic in topics for entry in topic.entries}
    mistakes.extend(_links_to_nowhere(entries, places))
    mistakes.extend(_questions_twice(entries, places))
    if mistakes:
        raise KnowledgeError(mistakes)
    return KnowledgeBase(tuple(topics), entries)


def normalised(question: str) -> str:
    """A question without what does not tell it apart: case, spaces and punctuation."""
    return "".join(character for character in question.casefold() if character.isalnum())


def _parse_topic(path: Path, data: object, mistakes: list[Mistake]) -> Topic | None:
    fields = Fields(path.name, "", data, mistakes, _TOPIC_FIELDS)
    topic_id = fields.text("topic")
    title = fields.by_language("title")
    items = fields.data.get("entries")
    if not isinstance(items, list):
        fields.mistake("entries", "must be a list of entries")
        return None
    if topic_id is None:
        return None
    if topic_id != path.stem:
        fields.mistake("topic", f"is {topic_id!r}: must be the file's name, {path.stem!r}")
    parsed = [parse_entry(path.name, topic_id, item, mistakes) for item in items]
    return Topic(topic_id, title, tuple(entry for entry in parsed if entry is not None))


def _links_to_nowhere(entries: dict[str, Entry], places: dict[str, str]) -> list[Mistake]:
    return [
        Mistake(places[entry.id], f"{entry.id}: follow_ups", f"names {other!r}, which is no entry")
        for entry in entries.values()
        for other in entry.follow_ups
        if other not in entries or other == entry.id
    ]


def _questions_twice(entries: dict[str, Entry], places: dict[str, str]) -> list[Mistake]:
    mistakes = []
    seen: dict[str, str] = {}
    for entry in entries.values():
        for language, questions in entry.questions.items():
            for question in questions:
                # Latin keywords may stand in all three languages of one entry; between entries they decide nothing.
                key = normalised(question)
                owner = seen.setdefault(key, entry.id)
                if owner != entry.id:
                    place = f"{entry.id}: questions.{language}"
                    mistakes.append(Mistake(places[entry.id], place, f"asks {question!r}, as {owner} does"))
    return mistakes
