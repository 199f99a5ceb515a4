"""Answers of the knowledge base for replies: found in any language, shown in the asker's beside the reader's."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.knowledge import Entry, KnowledgeBase, Language
from bot.store.search_text import search_terms, searchable

FOUND_MAX = 8


@dataclass(frozen=True, slots=True)
class FoundAnswer:
    """An answer; `text` is in the asker's language and goes into the reply, `translation` is for who reads."""

    id: str
    title: str
    text: str
    translation: str
    as_of: str | None
    review_by: str


def find_answers(knowledge: KnowledgeBase, query: str, asker: Language, reader: Language) -> tuple[FoundAnswer, ...]:
    """The answers that hold most of the words, in whatever language they were typed; best first."""
    terms = [term.text.strip() for term in search_terms(query)]
    if not terms:
        return ()
    scored = ((_score(entry, terms), entry) for entry in knowledge.entries.values())
    best = sorted(((score, entry) for score, entry in scored if score), key=lambda found: (-found[0], found[1].id))
    return tuple(_found(entry, asker, reader) for _, entry in best[:FOUND_MAX])


def given_answers(
    knowledge: KnowledgeBase, entry_ids: Iterable[str | None], asker: Language, reader: Language
) -> tuple[FoundAnswer, ...]:
    """The answers with these ids that are still there, each once."""
    known = (knowledge.entries.get(entry_id) for entry_id in dict.fromkeys(entry_ids) if entry_id is not None)
    return tuple(_found(entry, asker, reader) for entry in known if entry is not None)


def text_of(knowledge: KnowledgeBase, entry_id: str, language: Language) -> str:
    """What goes into a reply: the answer with its sources; empty if it is gone."""
    entry = knowledge.entries.get(entry_id)
    return "" if entry is None else _with_sources(entry, language)


def _score(entry: Entry, terms: list[str]) -> int:
    """Words in questions count more than words in answers: those tell what it is about."""
    questions = searchable("\n".join(text for texts in entry.questions.values() for text in texts))
    answers = searchable("\n".join(entry.answer.values()))
    return sum(3 * (term in questions) + (term in answers) for term in terms)


def _found(entry: Entry, asker: Language, reader: Language) -> FoundAnswer:
    return FoundAnswer(
        entry.id,
        entry.title(reader),
        _with_sources(entry, asker),
        entry.answer[reader],
        entry.as_of,
        entry.review_by,
    )


def _with_sources(entry: Entry, language: Language) -> str:
    links = [source.url for source in entry.sources if source.url]
    return "\n".join((entry.answer[language].strip(), *links))
