"""Templates that staff begin replies with, in three languages."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.knowledge.errors import KnowledgeError, Mistake
from bot.knowledge.language import LANGUAGES, Language
from bot.knowledge.yaml_file import Fields, read_yaml

_FIELDS = frozenset({"id", "title", "text"})


@dataclass(frozen=True)
class ReplyTemplate:
    """A beginning of a reply. `{name}` and `{reference}` in its text stand for the asker's."""

    id: str
    title: dict[Language, str]
    text: dict[Language, str]

    def filled(self, language: Language, *, name: str, reference: str) -> str:
        """The text for one asker."""
        return self.text[language].replace("{reference}", reference).replace("{name}", name)


def load_templates(path: Path) -> tuple[ReplyTemplate, ...]:
    """Read the templates of `path`.

    Raises:
        KnowledgeError: a field is missing or wrong, or a language is.
    """
    mistakes: list[Mistake] = []
    fields = Fields(path.name, "", read_yaml(path), mistakes, frozenset({"templates"}))
    found: list[ReplyTemplate] = []
    for item in fields.data.get("templates") or []:
        place = str(item.get("id", "?")) if isinstance(item, dict) else "?"
        template = Fields(path.name, place, item, mistakes, _FIELDS)
        identifier, title, text = template.text("id"), template.by_language("title"), template.by_language("text")
        if identifier is not None and len(title) == len(text) == len(LANGUAGES):
            found.append(ReplyTemplate(identifier, title, text))
    if mistakes:
        raise KnowledgeError(mistakes)
    return tuple(found)
