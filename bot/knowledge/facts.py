"""The fact sheets: the only source of what the assistant may claim."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.knowledge.errors import KnowledgeError, Mistake
from bot.knowledge.yaml_file import read_yaml

FACT_FIELDS = frozenset({"id", "topic", "fact", "confidence"})


@dataclass(frozen=True)
class Fact:
    """One sourced fact. Two sheets may tell the same fact under one id, each with its own source."""

    id: str
    topic: str
    fact: str
    as_of: str | None
    confidence: str
    sheet: str

    @property
    def is_seed(self) -> bool:
        """Whether it comes from the project's founding document."""
        return self.id.startswith("seed-")


def load_facts(folder: Path) -> tuple[Fact, ...]:
    """Read every sheet of `folder`.

    Raises:
        KnowledgeError: a sheet cannot be read or has another shape.
    """
    mistakes: list[Mistake] = []
    facts: list[Fact] = []
    for path in sorted(folder.glob("*.yml")):
        try:
            data = read_yaml(path)
        except KnowledgeError as error:
            mistakes.extend(error.mistakes)
            continue
        items = data.get("facts") if isinstance(data, dict) else None
        if not isinstance(items, list):
            mistakes.append(Mistake(path.name, "facts", "must be a list of facts"))
            continue
        for item in items:
            missing = FACT_FIELDS - item.keys() if isinstance(item, dict) else FACT_FIELDS
            if missing:
                place = str(item.get("id", "?")) if isinstance(item, dict) else "?"
                mistakes.append(Mistake(path.name, place, f"has no {', no '.join(sorted(missing))}"))
            else:
                facts.append(_parse_fact(path.stem, item))
    if mistakes:
        raise KnowledgeError(mistakes)
    return tuple(facts)


def _parse_fact(sheet: str, item: dict[str, Any]) -> Fact:
    as_of = item.get("as_of")
    return Fact(
        id=str(item["id"]),
        topic=str(item["topic"]),
        fact=str(item["fact"]),
        as_of=None if as_of is None else str(as_of),
        confidence=str(item["confidence"]),
        sheet=sheet,
    )
