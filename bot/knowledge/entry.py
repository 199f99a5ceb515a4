"""One entry of the knowledge base: a question people ask, its answer in three languages, its facts and sources."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from bot.knowledge.errors import Mistake
from bot.knowledge.language import Language
from bot.knowledge.yaml_file import Fields

ANSWER_MAX_CHARACTERS = 600
"""Design, section 4: an answer must be read on a phone without scrolling."""

TITLE_MAX_CHARACTERS = 60
"""The first question of a language is shown as a button's title."""

QUESTIONS_MIN = 8
"""Fewer examples a language leave the classifier guessing about short and colloquial messages."""

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2]))?")
_FIELDS = frozenset(
    {"id", "facts", "as_of", "as_of_reason", "review_by", "sources", "follow_ups", "questions", "answer"}
)


@dataclass(frozen=True)
class Source:
    """Where an answer's facts are from; `url` is None where no public address is known."""

    title: str
    url: str | None


@dataclass(frozen=True)
class Entry:
    """One question with its answer.

    Arguments:
        id: stable, kebab-case, unique over all files.
        topic: the topic (file) it belongs to.
        facts: ids in the fact sheets that the answer rests on.
        as_of: `YYYY` or `YYYY-MM`, the date of what it says; None only with a reason.
        review_by: `YYYY-MM`, when staff should look again.
        sources: shown with the answer.
        follow_ups: entries a reader wants next, offered as buttons.
        questions: as people type them; the first of each language is the title.
        answer: at most 600 characters; the first sentence answers.
    """

    id: str
    topic: str
    facts: tuple[str, ...]
    as_of: str | None
    review_by: str
    sources: tuple[Source, ...]
    follow_ups: tuple[str, ...]
    questions: dict[Language, tuple[str, ...]]
    answer: dict[Language, str]

    def title(self, language: Language) -> str:
        """The question as a button shows it."""
        return self.questions[language][0]


@dataclass(frozen=True)
class Topic:
    """One file of the knowledge base."""

    id: str
    title: dict[Language, str]
    entries: tuple[Entry, ...]


def parse_entry(file: str, topic: str, data: Any, mistakes: list[Mistake]) -> Entry | None:
    """Turn what a file holds for one entry into an `Entry`; add to `mistakes` and return None where it cannot be."""
    before = len(mistakes)
    entry_id = str(data.get("id", "?")) if isinstance(data, dict) else "?"
    fields = Fields(file, entry_id, data, mistakes, _FIELDS)
    identifier = fields.text("id")
    if identifier is not None and not _ID.fullmatch(identifier):
        fields.mistake("id", "must be lower-case letters, digits and single hyphens")
    facts = fields.texts("facts")
    if not facts and "facts" in fields.data:
        fields.mistake("facts", "is empty: an answer rests on at least one fact of data/facts")
    as_of = fields.text("as_of", optional=True)
    if as_of is None and fields.text("as_of_reason", optional=True) is None:
        fields.mistake("as_of", "is missing: give YYYY or YYYY-MM, or say why there is none in as_of_reason")
    if as_of is not None and not _DATE.fullmatch(as_of):
        fields.mistake("as_of", f"is {as_of!r}: write YYYY or YYYY-MM")
    review_by = fields.text("review_by")
    if review_by is not None and not (_DATE.fullmatch(review_by) and "-" in review_by):
        fields.mistake("review_by", f"is {review_by!r}: write YYYY-MM")
    sources = _parse_sources(fields, mistakes)
    follow_ups = fields.texts("follow_ups")
    questions = fields.texts_by_language("questions")
    for language, texts in questions.items():
        if len(texts) < QUESTIONS_MIN:
            fields.mistake(f"questions.{language}", f"has {len(texts)} questions: write at least {QUESTIONS_MIN}")
        if texts and len(texts[0]) > TITLE_MAX_CHARACTERS:
            fields.mistake(
                f"questions.{language}",
                f"begins with {len(texts[0])} characters: as a button's title, at most {TITLE_MAX_CHARACTERS}",
            )
    answer = fields.by_language("answer")
    for language, text in answer.items():
        if len(text) > ANSWER_MAX_CHARACTERS:
            fields.mistake(f"answer.{language}", f"has {len(text)} characters: at most {ANSWER_MAX_CHARACTERS}")
        if "{" in text or "}" in text:
            fields.mistake(f"answer.{language}", "holds a brace, which Rasa would read as a slot: write it without")
    if len(mistakes) > before or identifier is None or review_by is None:
        return None
    return Entry(identifier, topic, facts, as_of, review_by, sources, follow_ups, questions, answer)


def _parse_sources(fields: Fields, mistakes: list[Mistake]) -> tuple[Source, ...]:
    value = fields.data.get("sources")
    if not isinstance(value, list) or not value:
        fields.mistake("sources", "must list at least one source with title and url")
        return ()
    sources = []
    for item in value:
        source = Fields(fields.file, f"{fields.place}: sources", item, mistakes, frozenset({"title", "url"}))
        title, url = source.text("title"), source.text("url", optional=True)
        if url is not None and not url.startswith(("https://", "http://")):
            source.mistake("url", f"is {url!r}: must begin with https:// or http://, or be null")
        if title is not None:
            sources.append(Source(title, url))
    return tuple(sources)
