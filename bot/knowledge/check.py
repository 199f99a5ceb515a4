"""What an editor should know of the knowledge base: mistakes, what is stale, and facts that no entry uses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.knowledge.base import KnowledgeBase, load_knowledge, normalised
from bot.knowledge.errors import KnowledgeError, Mistake
from bot.knowledge.facts import Fact, load_facts
from bot.knowledge.language import LANGUAGES
from bot.knowledge.responses import load_responses
from bot.knowledge.terms import load_terms

NEAR_DUPLICATE = 0.85
"""Share of letter triples two questions have in common from which on they hardly tell two entries apart."""


@dataclass(frozen=True)
class Report:
    """The result of a check.

    Arguments:
        mistakes: must be mended; training refuses them.
        stale: entries whose `review_by` has passed.
        near_duplicates: questions of two entries that are almost the same.
        unused_facts: ids of facts that no entry uses.
        entries: how many there are. questions: how many in each language.
    """

    mistakes: tuple[Mistake, ...]
    stale: tuple[str, ...]
    near_duplicates: tuple[tuple[str, str], ...]
    unused_facts: tuple[str, ...]
    entries: int
    questions: dict[str, int]


def check(data: Path, month: str) -> Report:
    """Check everything under the folder `data`; `month` (YYYY-MM) is what `review_by` is measured against."""
    mistakes: list[Mistake] = []
    knowledge = KnowledgeBase(())
    facts: tuple[Fact, ...] = ()
    try:
        knowledge = load_knowledge(data / "knowledge")
    except KnowledgeError as error:
        mistakes.extend(error.mistakes)
    try:
        facts = load_facts(data / "facts")
    except KnowledgeError as error:
        mistakes.extend(error.mistakes)
    for path, load in ((data / "responses", load_responses), (data / "terms.yml", load_terms)):
        try:
            load(path)
        except KnowledgeError as error:
            mistakes.extend(error.mistakes)
    mistakes.extend(_unknown_facts(knowledge, facts))
    used = {fact for entry in knowledge.entries.values() for fact in entry.facts}
    return Report(
        mistakes=tuple(mistakes),
        stale=tuple(entry.id for entry in knowledge.entries.values() if entry.review_by < month),
        near_duplicates=tuple(_near_duplicates(knowledge)),
        unused_facts=tuple(dict.fromkeys(fact.id for fact in facts if fact.id not in used)),
        entries=len(knowledge.entries),
        questions={
            language.value: sum(len(entry.questions[language]) for entry in knowledge.entries.values())
            for language in LANGUAGES
        },
    )


def _unknown_facts(knowledge: KnowledgeBase, facts: tuple[Fact, ...]) -> Iterator[Mistake]:
    known = {fact.id for fact in facts}
    for entry in knowledge.entries.values():
        for fact in entry.facts:
            if fact not in known:
                yield Mistake(f"{entry.topic}.yml", f"{entry.id}: facts", f"names {fact!r}, which no sheet has")


def _near_duplicates(knowledge: KnowledgeBase) -> Iterator[tuple[str, str]]:
    """Pairs of questions of different entries, found through the letter triples they share."""
    questions: list[tuple[str, str, frozenset[str]]] = []
    for entry in knowledge.entries.values():
        for texts in entry.questions.values():
            questions.extend((entry.id, text, _triples(text)) for text in texts)
    places: dict[str, list[int]] = defaultdict(list)
    for index, (owner, _, triples) in enumerate(questions):
        shared: dict[int, int] = defaultdict(int)
        for triple in triples:
            for other in places[triple]:
                shared[other] += 1
            places[triple].append(index)
        for other, count in shared.items():
            union = len(triples) + len(questions[other][2]) - count
            if questions[other][0] != owner and count / union >= NEAR_DUPLICATE:
                yield questions[other][1], questions[index][1]


def _triples(text: str) -> frozenset[str]:
    plain = f" {normalised(text)} "
    return frozenset(plain[start : start + 3] for start in range(len(plain) - 2))
