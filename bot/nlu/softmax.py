"""Multinomial logistic regression that starts from what is known already.

scikit-learn's always starts from nothing and needs six times as long for the same result; here the weights of a
knowledge entry begin as the direction of its answers, and few steps leave them near to it where examples are few.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.cluster import KMeans

EPOCHS = (5, 8)
"""At least and at most; between them, as many as WORK allows."""

WORK = 150_000_000
"""Examples times labels times epochs. At 200 entries all epochs, at 1,500 the fewest, which cost 0.3 points there."""

RATE = 0.02
"""Of the first step, for batches of BATCH_MIN; larger batches take larger steps, by the root."""

BATCH_MIN = 128
BATCHES_MAX = 64
"""Batches in an epoch: with many examples the batches grow, because a step costs as much as 200 examples."""

KINDS_MAX = 40
"""Of a wide label; 10 and 120 tell messages out of scope less well."""

TEXTS_A_KIND = 25
"""At least, in the mean: from fewer a kind is not learnt."""

_MOMENTUM = 0.9
_SCALE = 0.99


@dataclass(frozen=True)
class Softmax:
    """`weights`: shape (features, columns); `biases`: shape (columns,). A label is a column, the wide one several.

    Arguments:
        labels: how many; their columns come first, and after them the further ones of the wide label.
        wide: the label that has further columns; any, where there are none.
    """

    weights: np.ndarray
    biases: np.ndarray
    labels: int
    wide: int = 0

    def scores(self, features: np.ndarray) -> np.ndarray:
        """Log-probabilities, shape (number of texts, labels) or (labels,) for one text."""
        scores = features @ self.weights + self.biases
        scores -= scores.max(axis=-1, keepdims=True)
        scores -= np.log(np.exp(scores).sum(axis=-1, keepdims=True))
        found = scores[..., : self.labels]
        further = scores[..., self.labels :]
        if further.shape[-1]:
            found[..., self.wide] = np.logaddexp(found[..., self.wide], np.logaddexp.reduce(further, axis=-1))
        return np.asarray(found)


def fit_softmax(features: np.ndarray, owners: np.ndarray, start: np.ndarray, seed: int, wide: int = -1) -> Softmax:
    """Learn by Adam with a falling rate.

    Arguments:
        features: float32, shape (texts, features). owners: each text's label, as a column of `start`.
        start: the weights to begin with, shape (features, labels).
        seed: of the order in which the texts are shown; the same gives the same weights.
        wide: a label whose texts have little in common; they are sorted into kinds, and each kind has its column.
    """
    labels = start.shape[1]
    owners, kinds = _sort(features, owners, labels, wide, seed)
    random = np.random.default_rng(seed)
    weights = np.pad(start, ((0, 1), (0, kinds))).astype(np.float32)
    rows = np.hstack([features, np.ones((len(features), 1), dtype=np.float32)])
    first, second, change = np.zeros_like(weights), np.zeros_like(weights), np.empty_like(weights)
    batch = max(BATCH_MIN, -(-len(rows) // BATCHES_MAX))
    batches = -(-len(rows) // batch)
    epochs = int(np.clip(WORK // (len(rows) * weights.shape[1]), *EPOCHS))
    step, steps = 0, epochs * batches
    for _ in range(epochs):
        for chosen in np.array_split(random.permutation(len(rows)), batches):
            shown = rows[chosen]
            slope = shown.T @ _errors(shown @ weights, owners[chosen])
            slope /= len(chosen)
            step += 1
            # Adam, written into arrays that are there: at a thousand labels new ones would cost more than the rest.
            first *= _MOMENTUM
            np.multiply(slope, 1 - _MOMENTUM, out=change)
            first += change
            second *= _SCALE
            slope *= slope
            slope *= 1 - _SCALE
            second += slope
            np.divide(second, 1 - _SCALE**step, out=change)
            np.sqrt(change, out=change)
            change += 1e-8
            np.divide(first, change, out=change)
            change *= RATE * (batch / BATCH_MIN) ** 0.5 * (1 - (step - 1) / steps) / (1 - _MOMENTUM**step)
            weights -= change
    return Softmax(weights[:-1], weights[-1], labels, max(wide, 0))


def _sort(features: np.ndarray, owners: np.ndarray, labels: int, wide: int, seed: int) -> tuple[np.ndarray, int]:
    """Each text's column, where the texts of the label `wide` have several, and how many those are beyond one."""
    texts = np.flatnonzero(owners == wide)
    kinds = min(KINDS_MAX, len(texts) // TEXTS_A_KIND)
    if kinds < 2:
        return owners, 0
    found = KMeans(kinds, n_init=1, max_iter=20, random_state=seed).fit_predict(features[texts])
    columns = owners.copy()
    columns[texts] = np.where(found == 0, wide, labels + found - 1)
    return columns, kinds - 1


def _errors(scores: np.ndarray, owners: np.ndarray) -> np.ndarray:
    """Probabilities less the truth, computed in place."""
    scores -= scores.max(axis=1, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(axis=1, keepdims=True)
    scores[np.arange(len(owners)), owners] -= 1.0
    return scores
