"""The field's terms: one canonical id for every spelling in every language."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.knowledge.errors import KnowledgeError, Mistake
from bot.knowledge.language import LANGUAGES, Language
from bot.knowledge.yaml_file import Fields, read_yaml

LABELS = (
    "technology",
    "programme",
    "organisation",
    "place",
    "elsewhere",
    "legal_form",
    "field",
    "target_language",
    "term",
)
"""What a term can be.

`elsewhere` is a place that the assistant knows little about; `term` is the glossary's rest, which is said one way but
not recognised as an entity.
"""

_FIELDS = frozenset({"id", "label", "ko", "de", "en", "also"})


@dataclass(frozen=True)
class Term:
    """A term with its name in each language and the other spellings that people type."""

    id: str
    label: str
    names: dict[Language, str]
    also: tuple[str, ...]

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every spelling that stands for this term, without doubles.

        A name with an explanation in brackets stands for itself without it, too; an organisation's abbreviation in
        brackets, as in `Hessen Trade & Invest (HTAI)`, is a spelling of its own.
        """
        result: list[str] = []
        for text in (*self.names.values(), *self.also):
            for part in (text, *_without_brackets(text, self.label)):
                if part and part.lower() not in [known.lower() for known in result]:
                    result.append(part)
        return tuple(result)


def load_terms(path: Path) -> tuple[Term, ...]:
    """Read the terms of `path`.

    Raises:
        KnowledgeError: a field is wrong, or one spelling belongs to two terms of the same label.
    """
    mistakes: list[Mistake] = []
    fields = Fields(path.name, "", read_yaml(path), mistakes, frozenset({"terms"}))
    terms: list[Term] = []
    owners: dict[tuple[str, str], str] = {}
    for item in fields.data.get("terms") or []:
        term = _parse_term(path.name, item, mistakes)
        if term is None:
            continue
        terms.append(term)
        for spelling in term.spellings:
            owner = owners.setdefault((term.label, spelling.lower()), term.id)
            if owner != term.id:
                mistakes.append(Mistake(path.name, term.id, f"spells {spelling!r} like {owner}: one must go"))
    if mistakes:
        raise KnowledgeError(mistakes)
    return tuple(terms)


def _parse_term(file: str, data: object, mistakes: list[Mistake]) -> Term | None:
    before = len(mistakes)
    place = str(data.get("id", "?")) if isinstance(data, dict) else "?"
    fields = Fields(file, place, data, mistakes, _FIELDS)
    identifier, label = fields.text("id"), fields.text("label")
    if label is not None and label not in LABELS:
        fields.mistake("label", f"is {label!r}: must be one of {', '.join(LABELS)}")
    names = {language: fields.text(language.value) for language in LANGUAGES}
    also = fields.texts("also") if "also" in fields.data else ()
    if len(mistakes) > before or identifier is None or label is None:
        return None
    return Term(identifier, label, {language: name for language, name in names.items() if name}, also)


def _without_brackets(text: str, label: str) -> tuple[str, ...]:
    if not text.endswith(")") or "(" not in text:
        return ()
    outside, _, inside = (part.strip() for part in text[:-1].partition("("))
    return (outside, inside) if label == "organisation" and inside.isupper() else (outside,)
