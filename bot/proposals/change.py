"""Proposals as a change to the files under `data`: tried on a copy, checked, and shown as a unified diff."""

import difflib
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.errors import ProposalRefused
from bot.knowledge import KnowledgeError
from bot.knowledge.base import normalised
from bot.knowledge.check import Report, check
from bot.knowledge.errors import Mistake
from bot.knowledge.yaml_file import read_yaml
from bot.proposals.content import EntryDraft, Questions
from bot.proposals.yaml_edit import with_entry, with_fact, with_questions

STAFF_SHEET = "facts/staff.yml"
CHECKED = ("knowledge", "facts", "responses")
"""Folders under `data` that `bot knowledge check` reads, beside the files at its top."""

FROZEN = Path("tests/evaluation")


@dataclass(frozen=True, slots=True)
class Addition:
    """One proposal: questions for an entry of a topic, or a new entry."""

    topic: str
    entry: str
    content: Questions | EntryDraft


@dataclass(frozen=True, slots=True)
class Change:
    """What proposals would make of the files: the diff, whole files by their path under `data`, and the check."""

    diff: str
    files: dict[str, str]
    report: Report


def change_of(data: Path, additions: Sequence[Addition], now: datetime, frozen: Path = FROZEN) -> Change:
    """Try the proposals on a copy of `data`.

    Arguments:
        frozen: the folder of questions that understanding is measured on: they must never be learnt.

    Raises:
        ProposalRefused: the knowledge base would have mistakes that it does not have now; they are named.
    """
    with _copy_of(data) as copy:
        files = apply(copy, additions)
        report = check(copy, f"{now:%Y-%m}")
    # A check takes a second: what is wrong already is only looked at where something is wrong at all.
    already = check(data, f"{now:%Y-%m}").mistakes if report.mistakes else ()
    new = [mistake for mistake in report.mistakes if mistake not in already]
    new += _frozen(additions, frozen)
    if new:
        raise ProposalRefused(tuple(str(mistake) for mistake in new))
    return Change(_diff(data, files), files, report)


def apply(data: Path, additions: Sequence[Addition]) -> dict[str, str]:
    """Write the proposals into the files under `data`; return the whole files that changed, by path under it.

    Raises:
        ProposalRefused: an entry or a topic is not there any more.
    """
    files: dict[str, str] = {}
    for addition in additions:
        path = f"knowledge/{addition.topic}.yml"
        try:
            text = (data / path).read_text("utf-8")
            if isinstance(addition.content, Questions):
                files[path] = with_questions(text, addition.entry, addition.content.by_language)
            else:
                files[path] = with_entry(text, addition.content)
                if addition.content.new_fact:
                    files[STAFF_SHEET] = with_fact(_text_or_none(data / STAFF_SHEET), addition.content)
                    (data / STAFF_SHEET).write_text(files[STAFF_SHEET], "utf-8")
        except (OSError, KeyError):
            raise ProposalRefused((f"{path}: {addition.entry}: is not there any more",)) from None
        (data / path).write_text(files[path], "utf-8")
    return files


@contextmanager
def _copy_of(data: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "data"
        copy.mkdir()
        for name in CHECKED:
            shutil.copytree(data / name, copy / name)
        for path in data.glob("*.yml"):
            shutil.copy(path, copy)
        yield copy


def _diff(data: Path, files: dict[str, str]) -> str:
    parts = []
    for path, after in sorted(files.items()):
        before = _text_or_none(data / path)
        lines = difflib.unified_diff(
            (before or "").splitlines(keepends=True),
            after.splitlines(keepends=True),
            "/dev/null" if before is None else f"a/data/{path}",
            f"b/data/{path}",
        )
        parts.append(
            "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)
        )
    return "".join(parts)


def _frozen(additions: Sequence[Addition], folder: Path) -> Iterator[Mistake]:
    """Questions that understanding is measured on: what was learnt by heart cannot be measured."""
    kept = _frozen_questions(folder)
    for addition in additions:
        content = addition.content
        questions = content if isinstance(content, Questions) else content.questions
        for language, texts in questions.by_language.items():
            for text in texts:
                if normalised(text) in kept:
                    place = f"{addition.entry}: questions.{language}"
                    yield Mistake(f"{addition.topic}.yml", place, f"asks {text!r}, which understanding is measured on")


def _frozen_questions(folder: Path) -> frozenset[str]:
    found: set[str] = set()
    for path in sorted(folder.glob("*/*.yml")):
        try:
            cases = read_yaml(path)
        except KnowledgeError:
            continue
        for case in cases if isinstance(cases, list) else ():
            if isinstance(case, dict):
                found.update(normalised(value) for value in case.values() if isinstance(value, str))
    return frozenset(found)


def _text_or_none(path: Path) -> str | None:
    return path.read_text("utf-8") if path.exists() else None
