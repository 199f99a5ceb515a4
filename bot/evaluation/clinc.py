"""CLINC150 (Larson et al. 2019), the public benchmark of intents and out-of-scope messages, on this pipeline."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from bot.nlu.understanding import train_examples

OUT_OF_SCOPE = "oos"

PAPER = (
    ("Rasa (2019, spacy-sklearn)", 90.9, 66.0),
    ("MLP on USE", 94.1, 53.9),
    ("BERT", 96.7, 59.2),
)
"""Larson et al. 2019, table 2, OOS+, out-of-scope trained as a class: in-scope accuracy and out-of-scope recall, %."""

Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class ClincResult:
    """Share of in-scope test messages given their intent, and of out-of-scope ones recognised as such."""

    accuracy: float
    recall: float


def measure_clinc(path: Path) -> ClincResult:
    """Train on `train` and `oos_train`, choose the threshold on `val` and `oos_val`, measure on the test parts.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is not the benchmark's JSON.
    """
    data = json.loads(path.read_text(encoding="utf-8"))
    try:
        parts = {name: _pairs(data[name]) for name in ("train", "oos_train", "val", "oos_val", "test", "oos_test")}
    except (KeyError, TypeError) as error:
        raise ValueError(f"{path}: not CLINC150 in its OOS+ form: {error}") from error
    classifier = train_examples(
        parts["train"] + parts["oos_train"], parts["val"] + parts["oos_val"], out_of_scope=OUT_OF_SCOPE
    )
    return ClincResult(
        _share_right(parts["test"], [found.label for found in classifier.classify(_texts(parts["test"]))]),
        _share_right(parts["oos_test"], [found.label for found in classifier.classify(_texts(parts["oos_test"]))]),
    )


def _pairs(items: list[list[str]]) -> Pairs:
    return [(text, label) for text, label in items]


def _texts(pairs: Pairs) -> list[str]:
    return [text for text, _ in pairs]


def _share_right(pairs: Pairs, found: list[str]) -> float:
    return sum(label == given for (_, label), given in zip(pairs, found, strict=True)) / len(pairs)
