"""What the classifier sees of a text: its sentence vectors, centred and weighted, and the terms in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.nlu.encoders import WIDTHS
from bot.nlu.identification import has_hangul
from bot.nlu.wording import pieces

WEIGHTS = (1.0, 1.5)
"""Length of each encoder's part: e5 is the better one."""

TERM_WEIGHT = 0.4
"""Length of one term's part. 0.2 and 0.8 are as good within 0.2 points; none is 0.4 worse, in Korean 0.8."""


@dataclass(frozen=True)
class Text:
    """A text as the components before have seen it: `vector` has shape (sum(WIDTHS),)."""

    vector: np.ndarray
    terms: Sequence[str] = ()
    hangul: bool = False
    pieces: frozenset[str] = frozenset()

    @classmethod
    def of(cls, text: str, vector: np.ndarray, terms: Sequence[str] = ()) -> Text:
        """The text with its vector and terms."""
        return cls(vector, terms, has_hangul(text), pieces(text))


@dataclass(frozen=True)
class FeatureSpace:
    """Turns texts into rows of features; fitted on the training texts.

    Arguments:
        means: mean vector of the texts without and with Hangul, shape (2, sum(widths)). Sentence vectors tell the
            language more loudly than the meaning; without their mean, a question in one language lies nearer to the
            same question in another.
        terms: the terms that have a feature.
        widths: of the encoders' vectors.
    """

    means: np.ndarray
    terms: tuple[str, ...]
    widths: tuple[int, ...] = WIDTHS

    @classmethod
    def fit(cls, texts: Sequence[Text], widths: tuple[int, ...] = WIDTHS) -> FeatureSpace:
        """The space of these texts."""
        vectors = np.stack([text.vector for text in texts])
        hangul = np.array([text.hangul for text in texts])
        means = [
            vectors[hangul == side].mean(axis=0) if (hangul == side).any() else vectors.mean(axis=0)
            for side in (False, True)
        ]
        return cls(
            np.stack(means).astype(np.float32), tuple(sorted({term for text in texts for term in text.terms})), widths
        )

    def features(self, texts: Sequence[Text]) -> np.ndarray:
        """Return float32 of shape (number of texts, sum(widths) + number of terms)."""
        vectors = np.stack([text.vector for text in texts]) - self.means[[int(text.hangul) for text in texts]]
        parts = [
            weight * unit(part)
            for weight, part in zip(WEIGHTS, np.split(vectors, np.cumsum(self.widths)[:-1], axis=1), strict=True)
        ]
        places = {term: number for number, term in enumerate(self.terms)}
        named = np.zeros((len(texts), len(places)), dtype=np.float32)
        for row, text in enumerate(texts):
            named[row, [places[term] for term in text.terms if term in places]] = TERM_WEIGHT
        return np.hstack([*parts, named]).astype(np.float32)

    def arrays(self) -> dict[str, np.ndarray]:
        """Everything as arrays without Python objects, for `numpy.savez`."""
        return {"means": self.means, "terms": np.array(self.terms, dtype=str), "widths": np.array(self.widths)}

    @classmethod
    def from_arrays(cls, arrays: Any) -> FeatureSpace:
        """Read what `arrays` wrote."""
        return cls(
            arrays["means"],
            tuple(str(term) for term in arrays["terms"]),
            tuple(int(width) for width in arrays["widths"]),
        )


def unit(vectors: np.ndarray) -> np.ndarray:
    """The rows with length 1; zeros stay zeros."""
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9))
