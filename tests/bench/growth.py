"""What ten times the knowledge costs: training and turns with 1,500 entries beside those with the real ones."""

import itertools
import statistics
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml

from bot.knowledge import LANGUAGES, load_knowledge
from bot.knowledge.entry import ANSWER_MAX_CHARACTERS
from tests.bench.assistant import Visitor, make_workspace, running_assistant, train
from tests.bench.measurements import Row, milliseconds, timed
from tests.bench.messages import mixed_messages

KNOWLEDGE = Path("data/knowledge")
ENTRIES = 1_500
QUESTIONS_A_LANGUAGE = 8
"""As many as an entry needs at least."""

TRAINING_TARGET_SECONDS = {False: 30, True: 120}
GROWTH_TARGET = 1.1
TURNS = 150
TURNS_A_CONVERSATION = 15

_SYLLABLES = ("ka", "lo", "min", "ser", "tu", "va", "gon", "pel", "dri", "zu", "hef", "bra")


def growth_rows(folder: Path, say: Callable[[str], None]) -> list[Row]:
    """Train both from nothing and after an edit; then the same questions to both, a conversation of each in turn."""
    rows: list[Row] = []
    real, grown = folder / "real", folder / "grown"
    for workspace, large in ((real, False), (grown, True)):
        make_workspace(workspace)
        if large:
            _grow(workspace)
        count = len(load_knowledge(workspace / KNOWLEDGE).entries)
        say(f"training with {count} entries, from nothing")
        rows.append(Row(f"training with {count:,} entries, from nothing", f"{train(workspace, force=True):.1f} s"))
        _edit(workspace)
        say(f"training with {count} entries, after an edit")
        seconds, target = train(workspace, force=False), TRAINING_TARGET_SECONDS[large]
        name = f"training with {count:,} entries, after an edit"
        rows.append(Row(name, f"{seconds:.1f} s", f"under {target} s", seconds < target))
    say("turns with both")
    with running_assistant(real) as small, running_assistant(grown) as large_one:
        rows += _turn_rows(small.url, large_one.url)
    return rows


def _turn_rows(small: str, large: str) -> list[Row]:
    times: dict[str, list[float]] = {small: [], large: []}
    languages = itertools.cycle(LANGUAGES)
    # The first conversation of each warms up and is not counted.
    for number in range(TURNS // TURNS_A_CONVERSATION + 1):
        language = next(languages)
        texts = list(itertools.islice(mixed_messages(language), number, number + TURNS_A_CONVERSATION))
        for url in (small, large):
            with Visitor(url, language) as visitor:
                taken = timed(visitor.say, texts)
                times[url] += taken if number else []
    medians = [statistics.median(times[url]) for url in (small, large)]
    growth = medians[1] / medians[0]
    return [
        Row("turn with the real entries, median", milliseconds(medians[0])),
        Row(f"turn with {ENTRIES:,} entries, median", milliseconds(medians[1])),
        Row("turn, many entries to real", f"{growth:.2f}", f"at most {GROWTH_TARGET}", growth <= GROWTH_TARGET),
    ]


def _edit(workspace: Path) -> None:
    """Change one question, as somebody would who keeps the knowledge base."""
    path = min((workspace / KNOWLEDGE).glob("*.yml"))
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    data["entries"][0]["questions"]["en"].append("a question added to see how long it takes")
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")


def _grow(workspace: Path) -> None:
    """Copies of the real entries, each about a programme with a made-up name, until there are ENTRIES."""
    topics = [
        yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted((workspace / KNOWLEDGE).glob("*.yml"))
    ]
    missing = ENTRIES - sum(len(topic["entries"]) for topic in topics)
    for number in itertools.count(1):
        names = _names(number)
        for topic in topics:
            copies = [_copy(entry, number, next(names)) for entry in topic["entries"][: max(missing, 0)]]
            missing -= len(copies)
            if copies:
                kept = {copy["id"] for copy in copies}
                for copy in copies:
                    copy["follow_ups"] = [other for other in copy["follow_ups"] if other in kept]
                data = {"topic": f"{topic['topic']}-{number}", "title": topic["title"], "entries": copies}
                path = workspace / KNOWLEDGE / f"{data['topic']}.yml"
                path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
        if missing <= 0:
            return


def _copy(entry: dict[str, Any], number: int, name: str) -> dict[str, Any]:
    return entry | {
        "id": f"{entry['id']}-{number}",
        "follow_ups": [f"{other}-{number}" for other in entry["follow_ups"]],
        "questions": {
            language.value: [name, *(f"{name}: {text}" for text in texts[1:QUESTIONS_A_LANGUAGE])]
            for language in LANGUAGES
            for texts in [entry["questions"][language.value]]
        },
        "answer": {
            language.value: f"{name}: {entry['answer'][language.value]}"[:ANSWER_MAX_CHARACTERS]
            for language in LANGUAGES
        },
    }


def _names(number: int) -> Iterator[str]:
    for syllables in itertools.product(_SYLLABLES, repeat=3):
        yield "".join((*syllables, _SYLLABLES[number % len(_SYLLABLES)])).capitalize()
