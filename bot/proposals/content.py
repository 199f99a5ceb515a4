"""What a proposal adds to the knowledge base, checked in shape; the knowledge base's own check sees to the rest."""

from pydantic import BaseModel, ConfigDict, Field, field_validator

from bot.inquiries.text import clean_line
from bot.knowledge import LANGUAGES, Language

QUESTION_MAX_CHARACTERS = 300
"""Longer than anybody types as one question; what is longer is a story with names in it."""

_Texts = dict[Language, str]


class _Content(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Questions(_Content):
    """Training questions by language, as people type them."""

    by_language: dict[Language, tuple[str, ...]]

    @field_validator("by_language")
    @classmethod
    def _clean(cls, value: dict[Language, tuple[str, ...]]) -> dict[Language, tuple[str, ...]]:
        cleaned = {
            language: tuple(dict.fromkeys(line for text in value.get(language, ()) if (line := clean_line(text))))
            for language in LANGUAGES
        }
        if any(len(text) > QUESTION_MAX_CHARACTERS for texts in cleaned.values() for text in texts):
            raise ValueError(f"at most {QUESTION_MAX_CHARACTERS} characters a question")
        return cleaned

    @property
    def count(self) -> int:
        """How many there are in all languages."""
        return sum(len(texts) for texts in self.by_language.values())


class SourceDraft(_Content):
    """Where a new entry's facts are from."""

    title: str = Field(min_length=1, max_length=300)
    url: str | None = Field(default=None, max_length=1000)


class EntryDraft(_Content):
    """A new entry.

    Arguments:
        facts: ids of facts in the sheets that the answer rests on.
        new_fact: a fact that no sheet has yet, in one sentence; it is added to staff's own sheet with the first source.
        as_of: `YYYY` or `YYYY-MM`. review_by: `YYYY-MM`.
    """

    id: str = Field(max_length=100)
    topic: str = Field(max_length=50)
    facts: tuple[str, ...] = ()
    new_fact: str | None = Field(default=None, max_length=1000)
    as_of: str = Field(max_length=7)
    review_by: str = Field(max_length=7)
    sources: tuple[SourceDraft, ...] = Field(min_length=1, max_length=10)
    follow_ups: tuple[str, ...] = ()
    questions: Questions
    answer: _Texts

    @property
    def fact_id(self) -> str:
        """The id of the new fact in staff's sheet."""
        return f"staff-{self.id}"
