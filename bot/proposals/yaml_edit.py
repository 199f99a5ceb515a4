"""Adding to YAML files that people edit, without touching a character of what stands there: comments, order, quotes."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import yaml

from bot.knowledge import LANGUAGES, Language
from bot.proposals.content import EntryDraft


@dataclass(frozen=True, slots=True)
class Insertion:
    """Text to put in at a character of the file."""

    at: int
    text: str


def with_questions(file: str, entry_id: str, questions: dict[Language, tuple[str, ...]]) -> str:
    """The text of a topic's file with more questions for an entry; questions that it has already are left out.

    Raises:
        KeyError: the file has no such entry, or the entry no list of questions in a language.
    """
    entry = _entry(_root(file), entry_id)
    by_language = cast("yaml.MappingNode", _value(entry, "questions"))
    insertions = []
    for language, texts in questions.items():
        if texts:
            items = cast("yaml.SequenceNode", _value(by_language, language.value))
            known = {node.value for node in items.value}
            new = [text for text in texts if text not in known]
            if new:
                insertions.append(_after_last(items, new))
    return _insert(file, insertions)


def with_entry(file: str, draft: EntryDraft) -> str:
    """The text of a topic's file with a new entry at its end."""
    return f"{file.rstrip()}\n{_entry_text(draft)}"


def with_fact(sheet: str | None, draft: EntryDraft) -> str:
    """The text of staff's sheet of facts, made if there is none, with the fact that a new entry rests on."""
    before = sheet or "# Facts that staff have added in the console, each with the entry that rests on it.\nfacts:\n"
    source = draft.sources[0]
    lines = (
        f"- id: {draft.fact_id}",
        f"  topic: {_quoted(draft.topic)}",
        f"  fact: {_quoted(draft.new_fact or '')}",
        f"  as_of: {_quoted(draft.as_of)}",
        "  source:",
        f"    title: {_quoted(source.title)}",
        f"    url: {_quoted(source.url) if source.url else 'null'}",
        "  confidence: high",
    )
    return "\n".join((before.rstrip(), *lines)) + "\n"


def _entry_text(draft: EntryDraft) -> str:
    facts = [*draft.facts, *([draft.fact_id] if draft.new_fact else [])]
    lines = [
        f"  - id: {_quoted(draft.id)}",
        f"    facts: [{', '.join(map(_quoted, facts))}]",
        f"    as_of: {_quoted(draft.as_of)}",
        f"    review_by: {_quoted(draft.review_by)}",
        "    sources:",
        *(
            f"      - {{title: {_quoted(source.title)}, url: {_quoted(source.url) if source.url else 'null'}}}"
            for source in draft.sources
        ),
        f"    follow_ups: [{', '.join(map(_quoted, draft.follow_ups))}]",
        "    questions:",
    ]
    for language in LANGUAGES:
        lines.append(f"      {language.value}:")
        lines += [f"        - {_quoted(text)}" for text in draft.questions.by_language[language]]
    lines.append("    answer:")
    lines += [f"      {language.value}: {_quoted(draft.answer.get(language, ''))}" for language in LANGUAGES]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    # A JSON string is a YAML string: nothing in it can end the quotation or begin another field.
    return (
        json.dumps(text, ensure_ascii=False)
        .replace("\x85", "\\x85")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029")
    )


def _root(file: str) -> yaml.MappingNode:
    return cast("yaml.MappingNode", yaml.compose(file, Loader=yaml.SafeLoader))


def _entry(root: yaml.MappingNode, entry_id: str) -> yaml.MappingNode:
    for node in cast("yaml.SequenceNode", _value(root, "entries")).value:
        if _value(node, "id").value == entry_id:
            return cast("yaml.MappingNode", node)
    raise KeyError(entry_id)


def _value(mapping: yaml.MappingNode, key: str) -> yaml.Node:
    for name, value in mapping.value:
        if name.value == key:
            return cast("yaml.Node", value)
    raise KeyError(key)


def _after_last(items: yaml.SequenceNode, texts: Sequence[str]) -> Insertion:
    last = items.value[-1]
    if items.flow_style:
        return Insertion(last.end_mark.index, "".join(f", {_quoted(text)}" for text in texts))
    # The dash of an item stands two before its text, or wherever the list begins.
    indent = " " * items.start_mark.column
    return Insertion(last.end_mark.index, "".join(f"\n{indent}- {_quoted(text)}" for text in texts))


def _insert(text: str, insertions: Sequence[Insertion]) -> str:
    for insertion in sorted(insertions, key=lambda each: each.at, reverse=True):
        text = text[: insertion.at] + insertion.text + text[insertion.at :]
    return text
