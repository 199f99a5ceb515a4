"""What an editor should know of the knowledge base: mistakes, what is stale, and facts that no entry uses."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.knowledge.base import KnowledgeBase, load_knowledge, normalised
from bot.knowledge.errors import KnowledgeError, Mistake
from bot.knowledge.examples import read_examples
from bot.knowledge.facts import Fact, load_facts
from bot.knowledge.language import LANGUAGES
from bot.knowledge.responses import load_responses
from bot.knowledge.terms import load_terms
from bot.knowledge.yaml_file import read_yaml

LEFT_OUT = "left_out.yml"
"""Facts that no entry uses, on purpose: id and reason."""

NEAR_DUPLICATE = 0.85
"""Share of letter triples two questions have in common from which on they hardly tell two entries apart."""


@dataclass(frozen=True)
class Report:
    """The result of a check.

    Arguments:
        mistakes: must be mended; training refuses them.
        stale: entries whose `review_by` has passed.
        near_duplicates: questions of two entries, or of an entry and an intent, that are almost the same.
        unused_facts: ids of facts that no entry uses and that are not left out on purpose.
        left_out: ids of the facts in `left_out.yml`.
        entries: how many there are. questions: how many in each language.
    """

    mistakes: tuple[Mistake, ...]
    stale: tuple[str, ...]
    near_duplicates: tuple[tuple[str, str], ...]
    unused_facts: tuple[str, ...]
    left_out: tuple[str, ...]
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
    said: list[tuple[str, str]] = []
    for path in sorted((data / "nlu").glob("*.yml")):
        try:
            said.extend(read_examples(path))
        except KnowledgeError as error:
            mistakes.extend(error.mistakes)
    mistakes.extend(_unknown_facts(knowledge, facts))
    used = {fact for entry in knowledge.entries.values() for fact in entry.facts}
    left_out = _left_out(data / LEFT_OUT, {fact.id for fact in facts}, used, mistakes)
    return Report(
        mistakes=tuple(mistakes),
        stale=tuple(entry.id for entry in knowledge.entries.values() if entry.review_by < month),
        near_duplicates=tuple(_near_duplicates(knowledge, said)),
        unused_facts=tuple(dict.fromkeys(fact.id for fact in facts if fact.id not in used | left_out.keys())),
        left_out=tuple(left_out),
        entries=len(knowledge.entries),
        questions={
            language.value: sum(len(entry.questions[language]) for entry in knowledge.entries.values())
            for language in LANGUAGES
        },
    )


def _left_out(path: Path, known: set[str], used: set[str], mistakes: list[Mistake]) -> dict[str, str]:
    """The facts that no entry is to use, each with its reason; the file may be missing."""
    if not path.exists():
        return {}
    try:
        data = read_yaml(path)
    except KnowledgeError as error:
        mistakes.extend(error.mistakes)
        return {}
    if not isinstance(data, dict):
        mistakes.append(Mistake(path.name, "", "must map ids of facts to the reason why no entry uses them"))
        return {}
    for fact, reason in data.items():
        if fact not in known:
            mistakes.append(Mistake(path.name, str(fact), "is in no sheet"))
        if fact in used:
            mistakes.append(Mistake(path.name, str(fact), "is used by an entry: take it out here"))
        if not isinstance(reason, str) or not reason.strip():
            mistakes.append(Mistake(path.name, str(fact), "has no reason"))
    return {str(fact): str(reason) for fact, reason in data.items()}


def _unknown_facts(knowledge: KnowledgeBase, facts: tuple[Fact, ...]) -> Iterator[Mistake]:
    known = {fact.id for fact in facts}
    for entry in knowledge.entries.values():
        for fact in entry.facts:
            if fact not in known:
                yield Mistake(f"{entry.topic}.yml", f"{entry.id}: facts", f"names {fact!r}, which no sheet has")


def _near_duplicates(knowledge: KnowledgeBase, said: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Pairs of questions of different entries, or of an entry and an intent, that share nearly all letter triples.

    An entry that answers what is among the messages to decline would be learnt both ways.
    Two sets that alike share one of their rarest elements: only those need to be compared (Chaudhuri et al. 2006,
    "A Primitive Operator for Similarity Joins in Data Cleaning", prefix filter).
    """
    asked = [
        (entry.id, text) for entry in knowledge.entries.values() for texts in entry.questions.values() for text in texts
    ]
    # What belongs to no entry has no owner: intents are not compared with each other.
    questions = [(owner, text, _triples(text)) for owner, text in [*asked, *(("", text) for _, text in said)]]
    frequency = Counter(triple for _, _, triples in questions for triple in triples)
    places: dict[str, list[int]] = defaultdict(list)
    for index, (owner, text, triples) in enumerate(questions):
        rarest = sorted(triples, key=lambda triple: (frequency[triple], triple))
        prefix = rarest[: len(triples) - math.ceil(NEAR_DUPLICATE * len(triples)) + 1]
        for other in sorted({other for triple in prefix for other in places[triple]}):
            other_owner, other_text, other_triples = questions[other]
            shorter, longer = sorted((len(triples), len(other_triples)))
            if (
                other_owner != owner
                and shorter >= NEAR_DUPLICATE * longer
                and len(triples & other_triples) >= NEAR_DUPLICATE * len(triples | other_triples)
            ):
                yield other_text, text
        for triple in prefix:
            places[triple].append(index)


def _triples(text: str) -> frozenset[str]:
    plain = f" {normalised(text)} "
    return frozenset(plain[start : start + 3] for start in range(len(plain) - 2))
