"""Small, valid data files that a test bends in one place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
"""The repository, for tests over the real data."""

LANGUAGE_CODES = ("ko", "de", "en")


def entry(entry_id: str = "hub-cost", **changes: Any) -> dict[str, Any]:
    """An entry without mistakes; `changes` replace fields, None-valued ones included."""
    data: dict[str, Any] = {
        "id": entry_id,
        "facts": ["fact-one"],
        "as_of": 2021,
        "review_by": "2027-06",
        "sources": [{"title": "A page", "url": "https://example.com/"}, {"title": "A document", "url": None}],
        "follow_ups": [],
        "questions": {code: [f"{entry_id} {code} {number}?" for number in range(8)] for code in LANGUAGE_CODES},
        "answer": {"ko": "무료예요.", "de": "Es ist kostenlos.", "en": "It is free."},
    }
    return {**data, **changes}


def without(data: dict[str, Any], field: str) -> dict[str, Any]:
    """`data` with one field less."""
    return {key: value for key, value in data.items() if key != field}


def write(path: Path, data: Any) -> Path:
    """Write `data` as YAML; JSON is a part of YAML and quotes everything that needs it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def write_topic(folder: Path, *entries: Any, topic: str = "hub") -> Path:
    """Write one topic's file and return the folder."""
    title = {"ko": "허브", "de": "Zentrum", "en": "Hub"}
    write(folder / f"{topic}.yml", {"topic": topic, "title": title, "entries": list(entries)})
    return folder


def response(**changes: Any) -> dict[str, Any]:
    """A response without mistakes."""
    data: dict[str, Any] = {"text": {"ko": "안녕하세요", "de": "Guten Tag", "en": "Hello"}}
    return {**data, **changes}


def write_responses(folder: Path, responses: Any, file: str = "general.yml") -> Path:
    """Write one file of responses and return the folder."""
    write(folder / file, {"responses": responses})
    return folder
