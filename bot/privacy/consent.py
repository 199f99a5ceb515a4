"""What askers agreed to, word for word, by the version that is stored with each inquiry."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.knowledge import LANGUAGES, KnowledgeError, Language
from bot.knowledge.errors import Mistake
from bot.knowledge.yaml_file import Fields, read_yaml


@dataclass(frozen=True, slots=True)
class ConsentWording:
    """One version of the consent question."""

    version: str
    digest: str
    text: Mapping[Language, str]

    def said(self, language: Language, days: int | None) -> str:
        """The question as it was asked; `days` is how long it said that the inquiry would be kept, if that is known."""
        return self.text[language].replace("{retention_days}", "…" if days is None else str(days))


def load_consent(path: Path) -> dict[str, ConsentWording]:
    """Every version in `data/consent.yml`, the oldest first.

    Raises:
        KnowledgeError: the file has mistakes, or the wording of a version was changed.
    """
    mistakes: list[Mistake] = []
    fields = Fields(path.name, "", read_yaml(path), mistakes, frozenset({"versions"}))
    items = fields.data.get("versions")
    if not isinstance(items, dict):
        fields.mistake("versions", "must be a mapping from a version to its wording")
        items = {}
    wordings = {}
    for version, item in items.items():
        one = Fields(path.name, str(version), item, mistakes, frozenset({"digest", "wording"}))
        digest, text = one.text("digest"), one.by_language("wording")
        if digest is None or len(text) < len(LANGUAGES):
            continue
        if digest != digest_of(text):
            one.mistake("wording", "was changed: write a new version and leave this one as people agreed to it")
        wordings[str(version)] = ConsentWording(str(version), digest, text)
    if mistakes:
        raise KnowledgeError(mistakes)
    return wordings


def digest_of(text: Mapping[Language, str]) -> str:
    """The digest of a wording in all languages."""
    return hashlib.sha256("\0".join(text[language].strip() for language in LANGUAGES).encode()).hexdigest()
