"""The classifier's mathematics, free of Rasa: vectors and labels in, a calibrated ranking out.

Multinomial logistic regression over sentence vectors and the terms of a message ranks the labels. How sure it may be
is learnt apart: a third of the examples is classified by a model that has not seen them, and a second, small logistic
regression learns from those trials how often a ranking like this one is right (Platt scaling over four observations
instead of one). The answer threshold is the lowest confidence at which the trials reach the wanted precision.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

FOLDS = 3
"""One fold in three is held out for the trials. All three in turn would triple the time and move no threshold."""

STEPS = 60

TERM_WEIGHT = 0.4
"""Length of one term's feature beside a sentence vector of length 1.

Measured by three-fold cross-validation over 102 entries: entries named right 64.9 % without terms, 67.7 % with 0.4,
67.2 % with 0.8. Names that the sentence encoder does not know (Distr@l, a programme in Hangul) gain most.
"""

SEED = 20211126
"""Any fixed number: training twice on the same data gives the same model."""

THRESHOLD_RANGE = (0.3, 0.9)
"""The answer threshold stays in it, however few the trials."""


@dataclass(frozen=True)
class Ranking:
    """The labels of one message, likeliest first.

    Arguments:
        labels: the best labels, at most as many as were asked for.
        probabilities: of these labels, from the ranking model; they sum to at most 1.
        confidence: calibrated probability that the first label is right.
        similarity: cosine of the nearest training example of any label.
    """

    labels: tuple[str, ...]
    probabilities: tuple[float, ...]
    confidence: float
    similarity: float


@dataclass(frozen=True)
class Model:
    """A trained model; all arrays float32.

    Arguments:
        labels: names, shape (L,).
        terms: names of the features that stand behind the sentence vector, shape (T,).
        weights: shape (L, D + T). biases: shape (L,).
        examples: training features, shape (N, D + T). owners: index of each example's label, shape (N,).
        calibration: weights of the observations and the bias, shape (5,).
        threshold: the confidence from which on an answer is given.
    """

    labels: tuple[str, ...]
    terms: tuple[str, ...]
    weights: np.ndarray
    biases: np.ndarray
    examples: np.ndarray
    owners: np.ndarray
    calibration: np.ndarray
    threshold: float

    def features(self, vector: np.ndarray, terms: Iterable[str]) -> np.ndarray:
        """A sentence vector of shape (D,) with the terms that the model knows behind it, shape (D + T,)."""
        return np.concatenate([vector, _term_features(self.terms, terms)])

    def rank(self, features: np.ndarray, count: int = 8) -> Ranking:
        """Rank the labels for one message's features."""
        probabilities = _softmax(self.weights @ features + self.biases)
        similarities = self.examples @ features
        order = np.argsort(-probabilities)[: max(count, 2)]
        observations = _observations(probabilities, similarities, self.owners, order)
        confidence = _sigmoid(float(observations @ self.calibration[:-1] + self.calibration[-1]))
        best = order[:count]
        return Ranking(
            tuple(self.labels[index] for index in best),
            tuple(float(probabilities[index]) for index in best),
            confidence,
            float(similarities.max()),
        )

    def scores(self, features: np.ndarray, labels: list[str]) -> dict[str, float]:
        """Probabilities among `labels` alone; unknown labels are left out."""
        indices = [self.labels.index(label) for label in labels if label in self.labels]
        if not indices:
            return {}
        probabilities = _softmax((self.weights @ features + self.biases)[indices])
        return {self.labels[index]: float(value) for index, value in zip(indices, probabilities, strict=True)}

    def centre(self, label: str) -> np.ndarray | None:
        """The mean direction of a label's examples, shape (D + T,), length 1; None for an unknown label."""
        if label not in self.labels:
            return None
        mean = self.examples[self.owners == self.labels.index(label)].mean(axis=0)
        return np.asarray(mean / np.linalg.norm(mean))

    def arrays(self) -> dict[str, np.ndarray]:
        """Everything as arrays without Python objects, for `numpy.savez`."""
        return {
            "labels": np.array(self.labels),
            "terms": np.array(self.terms, dtype=str),
            "weights": self.weights,
            "biases": self.biases,
            "examples": self.examples,
            "owners": self.owners,
            "calibration": self.calibration,
            "threshold": np.array(self.threshold),
        }

    @classmethod
    def from_arrays(cls, arrays: Any) -> Model:
        """Read what `arrays` wrote."""
        return cls(
            tuple(str(label) for label in arrays["labels"]),
            tuple(str(term) for term in arrays["terms"]),
            arrays["weights"],
            arrays["biases"],
            arrays["examples"],
            arrays["owners"],
            arrays["calibration"],
            float(arrays["threshold"]),
        )


def train(
    vectors: np.ndarray, terms: list[list[str]], labels: list[str], *, regularisation: float, precision: float
) -> Model:
    """Train on N sentence vectors, shape (N, D), with the N messages' terms and labels.

    Arguments:
        regularisation: scikit-learn's C; larger trusts the examples more.
        precision: the share of right answers wanted among those given, 0 to 1; sets the threshold.

    Raises:
        ValueError: fewer than three labels, or a label with fewer than FOLDS examples.
    """
    owners_of = np.array(labels)
    names, counts = np.unique(owners_of, return_counts=True)
    if len(names) < 3:
        raise ValueError("training needs at least three intents or entries")
    if counts.min() < FOLDS:
        raise ValueError(f"'{names[counts.argmin()]}' has {counts.min()} examples: write at least {FOLDS}")
    known = tuple(sorted({term for each in terms for term in each}))
    features = np.hstack([vectors, np.stack([_term_features(known, each) for each in terms])]).astype(np.float32)
    weights, biases, calibration, threshold = _calibrate(features, owners_of, regularisation, precision)
    return Model(
        tuple(str(name) for name in names),
        known,
        weights,
        biases,
        features,
        np.searchsorted(names, owners_of).astype(np.int32),
        calibration,
        threshold,
    )


def _fit(vectors: np.ndarray, labels: np.ndarray, regularisation: float) -> LogisticRegression:
    # Stopped early on purpose: what further steps would gain is below what the examples can tell.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return LogisticRegression(C=regularisation, max_iter=STEPS, tol=1e-3).fit(vectors, labels)


def _term_features(known: tuple[str, ...], terms: Iterable[str]) -> np.ndarray:
    wanted = frozenset(terms)
    return np.array([TERM_WEIGHT if term in wanted else 0.0 for term in known], dtype=np.float32)


def _calibrate(
    vectors: np.ndarray, labels: np.ndarray, regularisation: float, precision: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    learn, trial = next(StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(vectors, labels))
    model = _fit(vectors[learn], labels[learn], regularisation)
    owners = np.searchsorted(model.classes_, labels[learn])
    observed, right = [], []
    for vector, label in zip(vectors[trial], labels[trial], strict=True):
        probabilities = _softmax(model.coef_ @ vector + model.intercept_)
        order = np.argsort(-probabilities)[:8]
        observed.append(_observations(probabilities, vectors[learn] @ vector, owners, order))
        right.append(model.classes_[order[0]] == label)
    observations, outcomes = np.array(observed), np.array(right)
    if outcomes.all() or not outcomes.any():
        calibration = np.array([0.0, 0.0, 0.0, 0.0, 5.0 if outcomes.all() else -5.0])
    else:
        judge = LogisticRegression(C=1.0).fit(observations, outcomes)
        calibration = np.append(judge.coef_[0], judge.intercept_[0])
    confidences = _sigmoid(observations @ calibration[:-1] + calibration[-1])
    whole = _fit(vectors, labels, regularisation)
    return (
        whole.coef_.astype(np.float32),
        whole.intercept_.astype(np.float32),
        calibration.astype(np.float32),
        _threshold(confidences, outcomes, precision),
    )


def _observations(
    probabilities: np.ndarray, similarities: np.ndarray, owners: np.ndarray, order: np.ndarray
) -> np.ndarray:
    """What tells how sure the ranking may be: its top, its lead, and the nearest examples' similarity and agreement."""
    first, second = probabilities[order[0]], probabilities[order[1]]
    nearest = similarities.max()
    own = similarities[owners == order[0]]
    own_nearest = own.max() if own.size else 0.0
    return np.array([np.log(first + 1e-9), first - second, nearest, nearest - own_nearest])


def _threshold(confidences: np.ndarray, outcomes: np.ndarray, precision: float) -> float:
    """The lowest confidence from which on the trials were right as often as `precision` asks."""
    order = np.argsort(-confidences)
    shares = np.cumsum(outcomes[order]) / np.arange(1, len(order) + 1)
    reached = np.nonzero(shares >= precision)[0]
    value = confidences[order][reached[-1]] if reached.size else THRESHOLD_RANGE[1]
    return float(np.clip(value, *THRESHOLD_RANGE))


def _softmax(values: np.ndarray) -> np.ndarray:
    exponents = np.exp(values - values.max())
    return np.asarray(exponents / exponents.sum())


def _sigmoid(value: Any) -> Any:
    return 1.0 / (1.0 + np.exp(-value))
