"""How much of a message is worded as its label's own texts are.

Sentence vectors find what is alike and overlook the one word that differs: another town, another programme of nearly
the same name. Words that none of an entry's questions and answers has tell that. Pieces of words are compared, because
German and Korean words change their endings.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

PIECE = 4
"""Letters of a piece, the mark of a word's beginning among them."""

PIECE_HANGUL = 2
"""A Korean syllable says as much as two letters."""

_WORD = re.compile(r"\w+")
_HANGUL = re.compile(r"[가-힣]")
_BEGINNING = "^"


def pieces(text: str) -> frozenset[str]:
    """The pieces of the words of `text`."""
    found: set[str] = set()
    for word in _WORD.findall(text.lower()):
        length, marked = (PIECE_HANGUL, word) if _HANGUL.search(word) else (PIECE, _BEGINNING + word)
        found.update(marked[start : start + length] for start in range(max(1, len(marked) - length + 1)))
    return frozenset(found)


@dataclass(frozen=True)
class Wording:
    """The pieces of each label's texts.

    Arguments:
        weights: what a piece counts for: the logarithm of how rare it is (inverse document frequency).
        rarest: what one counts for that no text has.
        labels: each label's pieces.
    """

    weights: Mapping[str, float]
    rarest: float
    labels: Sequence[frozenset[str]]

    @classmethod
    def of(
        cls, texts: Sequence[frozenset[str]], owners: np.ndarray, answers: Sequence[Iterable[frozenset[str]]]
    ) -> Wording:
        """Of the training texts' pieces with their labels, and of each label's answers."""
        own: list[set[str]] = [set().union(*label) for label in answers]
        for text, owner in zip(texts, owners, strict=True):
            own[owner] |= text
        counts = Counter(piece for text in texts for piece in text)
        rarest = float(np.log(len(texts) + 1))
        weights = {piece: rarest - float(np.log(count + 0.5)) for piece, count in counts.items()}
        return cls(weights, rarest, tuple(frozenset(label) for label in own))

    def coverage(self, texts: Sequence[frozenset[str]], labels: np.ndarray) -> np.ndarray:
        """The share of each text's pieces, by weight, that its label has, 0 to 1; of a text without any, 1."""
        return np.array([self._covered(text, self.labels[label]) for text, label in zip(texts, labels, strict=True)])

    def _covered(self, text: frozenset[str], label: frozenset[str]) -> float:
        total = sum(self.weights.get(piece, self.rarest) for piece in text)
        return sum(self.weights.get(piece, self.rarest) for piece in text & label) / total if total else 1.0

    def arrays(self) -> dict[str, np.ndarray]:
        """Everything as arrays without Python objects, for `numpy.savez`."""
        vocabulary = sorted(self.weights.keys() | set().union(*self.labels))
        places = {piece: place for place, piece in enumerate(vocabulary)}
        own = [sorted(places[piece] for piece in label) for label in self.labels]
        return {
            "pieces": np.array(vocabulary, dtype=str),
            "piece_weights": np.array([self.weights.get(piece, self.rarest) for piece in vocabulary]),
            "rarest": np.array(self.rarest),
            "label_pieces": np.array([place for places_ in own for place in places_], dtype=np.int32),
            "label_ends": np.cumsum([len(places_) for places_ in own]),
        }

    @classmethod
    def from_arrays(cls, arrays: Any) -> Wording:
        """Read what `arrays` wrote."""
        vocabulary = arrays["pieces"].tolist()
        weights = dict(zip(vocabulary, arrays["piece_weights"].tolist(), strict=True))
        own = np.split(arrays["label_pieces"], arrays["label_ends"][:-1])
        labels = tuple(frozenset(vocabulary[place] for place in label.tolist()) for label in own)
        return cls(weights, float(arrays["rarest"]), labels)
