"""What tells how far a ranking of labels may be trusted: its lead, and how near examples and answers come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.nlu.features import Text, unit
from bot.nlu.wording import Wording

CANDIDATES = 8
"""The best labels, whose examples a message is compared with. All examples would cost more with each new entry."""

NEAREST = 5
"""How many of the nearest are averaged, so that one odd example does not decide."""


@dataclass(frozen=True)
class Examples:
    """Training rows by label, to see how near a message comes to them.

    Arguments:
        rows: float32 rows of length 1, those of a label next to each other, shape (texts, features).
        starts: where each label's rows begin, and the end, shape (labels + 1,).
        answers: each label's answers as one direction; zeros where it has none. Shape (labels, features).
    """

    rows: np.ndarray
    starts: np.ndarray
    answers: np.ndarray

    @classmethod
    def of(cls, features: np.ndarray, owners: np.ndarray, answers: np.ndarray) -> Examples:
        """Sort the rows by label."""
        order = np.argsort(owners, kind="stable")
        starts = np.searchsorted(owners[order], np.arange(len(answers) + 1))
        return cls(unit(features[order]), starts, answers)

    def of_label(self, label: int) -> np.ndarray:
        """The label's rows."""
        return self.rows[self.starts[label] : self.starts[label + 1]]

    def nearest(self, directions: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """The cosines of the nearest examples of each text's labels, rising.

        Arguments:
            directions: one text a row, of length 1. labels: shape (texts, n); -1 for none.

        Returns:
            Shape (texts, n, NEAREST); -1 where a label has fewer examples.
        """
        found = np.full((*labels.shape, NEAREST), -1.0, dtype=np.float32)
        for label in np.unique(labels[labels >= 0]):
            texts, places = np.nonzero(labels == label)
            similarities = directions[texts] @ self.of_label(label).T
            count = min(NEAREST, similarities.shape[1])
            found[texts, places, NEAREST - count :] = _largest(similarities, count)
        return found


def _largest(values: np.ndarray, count: int) -> np.ndarray:
    """The largest `count` of each row, rising; without sorting the others, which are thousands."""
    return np.sort(np.partition(values, -count, axis=1)[:, -count:], axis=1)


def order_labels(scores: np.ndarray, guarded: np.ndarray, outside: int) -> np.ndarray:
    """The labels by their scores, likeliest first.

    Where the out-of-scope label comes before one that states facts, it steps back: being in scope is judged by more
    than its score, and a question that is in scope must not lose to a label as wide as the world.
    """
    order = np.argsort(-scores)
    if order[0] == outside and guarded[order[1]]:
        order[:2] = order[1], order[0]
    return order


OBSERVATIONS = 15
NEAREST_EXAMPLE = 2


def observe(
    scores: np.ndarray,
    order: np.ndarray,
    features: np.ndarray,
    texts: Sequence[Text],
    examples: Examples,
    wording: Wording,
    outside: int,
) -> np.ndarray:
    """What tells how far each text's ranking may be trusted, shape (texts, OBSERVATIONS).

    Its top and its lead; how near the examples of the first labels come, one and a few, and those of the very first;
    how near the examples out of scope come; the probabilities of being in and out of scope; the likeness to the first
    label's answers, to any answers, and how far those stand out; how much is worded as the first label's texts are,
    and how much more than as the second's; the script, which changes what wording tells.
    """
    rows = np.arange(len(scores))
    directions = unit(features)
    first, second = scores[rows, order[:, 0]], scores[rows, order[:, 1]]
    candidates = order[:, :CANDIDATES]
    by_label = examples.nearest(directions, np.where(candidates == outside, -1, candidates))
    near = _largest(by_label.reshape(len(rows), -1), NEAREST)
    far = examples.nearest(directions, np.full((len(rows), 1), outside))[:, 0]
    out = np.exp(scores[:, outside]) if outside >= 0 else np.zeros(len(rows))
    answers = directions @ examples.answers.T
    best = _largest(answers, min(NEAREST, answers.shape[1]))
    hangul = np.array([text.hangul for text in texts], dtype=float)
    pieces = [text.pieces for text in texts]
    covered, rival = wording.coverage(pieces, order[:, 0]), wording.coverage(pieces, order[:, 1])
    return np.stack(
        [
            first,
            np.exp(first) - np.exp(second),
            near[:, -1],
            near.mean(axis=1),
            by_label[:, 0, -1],
            far[:, -1],
            far.mean(axis=1),
            np.log(np.maximum(1.0 - out, 0.0) + 1e-4) - np.log(out + 1e-4),
            answers[rows, order[:, 0]],
            best[:, -1],
            best[:, -1] - best.mean(axis=1),
            covered,
            covered - rival,
            covered * hangul,
            hangul,
        ],
        axis=1,
    )


def judge(weights: np.ndarray, observations: np.ndarray) -> Any:
    """The probability that logistic regression gives: weights of the observations, then the bias."""
    return 1.0 / (1.0 + np.exp(-(observations @ weights[:-1] + weights[-1])))
