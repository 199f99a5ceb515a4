"""The classifier's mathematics, free of Rasa: texts and labels in, a calibrated ranking out.

Logistic regression over sentence vectors and terms ranks the labels. How sure it may be is learnt apart: every example
is classified by a model that has not seen it, and a second, small logistic regression learns from those trials how
often a ranking like this one is right (Platt scaling over several observations instead of one). The answer threshold
is the lowest confidence at which the trials were right often enough and answered few enough out-of-scope messages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from bot.nlu.encoders import WIDTHS
from bot.nlu.features import TERM_WEIGHT, WEIGHTS, FeatureSpace, Text
from bot.nlu.softmax import Softmax, fit_softmax

FOLDS = 3

ANSWER_STRENGTH = (12.0, 24.0)
"""How much of a score is the likeness of a question and an answer before anything is learnt, one number an encoder."""

ANSWER_TERM_STRENGTH = 0.5

CANDIDATES = 8
"""The best labels, whose examples a message is compared with. All examples would cost more with each new entry."""

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
        similarity: cosine of the nearest training example of the first labels.
    """

    labels: tuple[str, ...]
    probabilities: tuple[float, ...]
    confidence: float
    similarity: float


@dataclass(frozen=True)
class Goals:
    """What the answer threshold is chosen for.

    Arguments:
        precision: the share of right answers wanted among those given, 0 to 1.
        out_of_scope: the label of messages that must not be answered.
        answered_outside: the share of those that may still be answered, 0 to 1.
    """

    precision: float
    out_of_scope: str
    answered_outside: float


@dataclass(frozen=True)
class Examples:
    """Training rows by label, to see how near a message comes to them.

    Arguments:
        rows: float16 rows of length 1, those of a label next to each other, shape (texts, features).
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
        return cls(_unit(features[order]).astype(np.float16), starts, answers)

    def of_label(self, label: int) -> np.ndarray:
        """The label's rows in float32."""
        return np.asarray(self.rows[self.starts[label] : self.starts[label + 1]], dtype=np.float32)

    def nearest(self, direction: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """For each of `labels`, the cosine of its nearest example."""
        return np.array([(self.of_label(label) @ direction).max(initial=-1.0) for label in labels])


@dataclass(frozen=True)
class Model:
    """A trained model.

    Arguments:
        labels: names. space: the features. softmax: ranks the labels. examples: of each label.
        outside: index of the out-of-scope label, -1 where there is none.
        calibration: weights of the observations and the bias.
        threshold: the confidence from which on an answer is given.
    """

    labels: tuple[str, ...]
    space: FeatureSpace
    softmax: Softmax
    examples: Examples
    outside: int
    calibration: np.ndarray
    threshold: float

    def features(self, text: Text) -> np.ndarray:
        """The features of one text, shape (F,)."""
        return np.asarray(self.space.features([text])[0])

    def rank(self, features: np.ndarray, count: int = CANDIDATES) -> Ranking:
        """Rank the labels for one message's features."""
        scores = self.softmax.scores(features)
        order = np.argsort(-scores)[: max(count, CANDIDATES)]
        observations = _observe(scores, order, features, self.examples, self.outside)
        confidence = _sigmoid(float(observations @ self.calibration[:-1] + self.calibration[-1]))
        best = order[:count]
        return Ranking(
            tuple(self.labels[index] for index in best),
            tuple(float(np.exp(scores[index])) for index in best),
            confidence,
            float(observations[_NEAREST]),
        )

    def scores(self, features: np.ndarray, labels: list[str]) -> dict[str, float]:
        """Probabilities among `labels` alone; unknown labels are left out."""
        indices = [self.labels.index(label) for label in labels if label in self.labels]
        if not indices:
            return {}
        among = np.exp(self.softmax.scores(features)[indices])
        return {self.labels[index]: float(value) for index, value in zip(indices, among / among.sum(), strict=True)}

    def centre(self, label: str) -> np.ndarray | None:
        """The mean direction of a label's examples, shape (F,), length 1; None for an unknown label."""
        if label not in self.labels:
            return None
        return _unit(self.examples.of_label(self.labels.index(label)).mean(axis=0))

    def arrays(self) -> dict[str, np.ndarray]:
        """Everything as arrays without Python objects, for `numpy.savez`."""
        return {
            "labels": np.array(self.labels),
            **self.space.arrays(),
            "weights": self.softmax.weights,
            "biases": self.softmax.biases,
            "examples": self.examples.rows,
            "starts": self.examples.starts,
            "answers": self.examples.answers,
            "outside": np.array(self.outside),
            "calibration": self.calibration,
            "threshold": np.array(self.threshold),
        }

    @classmethod
    def from_arrays(cls, arrays: Any) -> Model:
        """Read what `arrays` wrote."""
        return cls(
            tuple(str(label) for label in arrays["labels"]),
            FeatureSpace.from_arrays(arrays),
            Softmax(arrays["weights"], arrays["biases"]),
            Examples(arrays["examples"], arrays["starts"], arrays["answers"]),
            int(arrays["outside"]),
            arrays["calibration"],
            float(arrays["threshold"]),
        )


def train(
    texts: Sequence[Text],
    labels: Sequence[str],
    goals: Goals,
    answers: Mapping[str, Sequence[Text]] | None = None,
    *,
    widths: tuple[int, ...] = WIDTHS,
) -> Model:
    """Train on texts with their labels.

    Arguments:
        answers: of a label, what is answered to its texts; a question is like its answer.
        widths: of the parts that the texts' vectors are joined from.

    Raises:
        ValueError: fewer than three labels, or a label with fewer than FOLDS examples.
    """
    names, owners, counts = np.unique(np.array(labels), return_inverse=True, return_counts=True)
    if len(names) < 3:
        raise ValueError("training needs at least three intents or entries")
    if counts.min() < FOLDS:
        raise ValueError(f"'{names[counts.argmin()]}' has {counts.min()} examples: write at least {FOLDS}")
    space = FeatureSpace.fit(texts, widths)
    features = space.features(texts)
    directions = _directions(space, tuple(names), answers or {})
    start = _start(directions, space)
    outside = int(np.flatnonzero(names == goals.out_of_scope)[0]) if goals.out_of_scope in names else -1
    observations, found = _try(features, owners, directions, start, outside)
    right = found == owners
    calibration = _calibrate(observations, right)
    confidences = _sigmoid(observations @ calibration[:-1] + calibration[-1])
    return Model(
        tuple(str(name) for name in names),
        space,
        fit_softmax(features, owners, start, SEED),
        Examples.of(features, owners, directions),
        outside,
        calibration,
        _threshold(confidences, right, (owners == outside) & (found != outside), (owners == outside).sum(), goals),
    )


def _directions(space: FeatureSpace, names: tuple[str, ...], answers: Mapping[str, Sequence[Text]]) -> np.ndarray:
    """Each label's answers as one row: in each encoder's part and in the terms their mean, of that part's length."""
    rows = np.zeros((len(names), sum(space.widths) + len(space.terms)), dtype=np.float32)
    written = [text for name in names for text in answers.get(name, ())]
    if not written:
        return rows
    # Answers have a centre of their own: as texts they are unlike questions.
    centred = FeatureSpace(FeatureSpace.fit(written, space.widths).means, space.terms, space.widths)
    for row, name in zip(rows, names, strict=True):
        own = answers.get(name, ())
        if own:
            parts = np.split(centred.features(own), np.cumsum(space.widths), axis=1)
            means = [weight * _unit(part.mean(axis=0)) for weight, part in zip(WEIGHTS, parts[:-1], strict=True)]
            row[:] = np.concatenate([*means, parts[-1].max(axis=0)])
    return rows


def _start(directions: np.ndarray, space: FeatureSpace) -> np.ndarray:
    """Weights that score a text by its likeness to each label's answers, shape (features, labels)."""
    strengths = [
        np.full(width, strength / weight**2)
        for width, strength, weight in zip(space.widths, ANSWER_STRENGTH, WEIGHTS, strict=True)
    ]
    terms = np.full(len(space.terms), ANSWER_TERM_STRENGTH / TERM_WEIGHT**2)
    return np.asarray((directions * np.concatenate([*strengths, terms])).T, dtype=np.float32)


def _try(
    features: np.ndarray, owners: np.ndarray, directions: np.ndarray, start: np.ndarray, outside: int
) -> tuple[np.ndarray, np.ndarray]:
    """Observations and the label found for each text, by models that have not seen it."""
    observations = np.empty((len(features), _OBSERVATIONS))
    found = np.empty(len(features), dtype=int)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(features, owners)
    for learn, trial in folds:
        softmax = fit_softmax(features[learn], owners[learn], start, SEED)
        examples = Examples.of(features[learn], owners[learn], directions)
        for row, scores in zip(trial, softmax.scores(features[trial]), strict=True):
            order = np.argsort(-scores)[:CANDIDATES]
            observations[row] = _observe(scores, order, features[row], examples, outside)
            found[row] = order[0]
    return observations, found


_OBSERVATIONS = 6
_NEAREST = 2


def _observe(
    scores: np.ndarray, order: np.ndarray, features: np.ndarray, examples: Examples, outside: int
) -> np.ndarray:
    """What tells how sure the ranking may be.

    Its top, its lead, the nearest examples' similarity and agreement, the out-of-scope label's probability, and the
    likeness to the first label's answers.
    """
    direction = _unit(features)
    similarities = examples.nearest(direction, order[:CANDIDATES])
    nearest = similarities.max()
    first, second = np.exp(scores[order[0]]), np.exp(scores[order[1]])
    return np.array(
        [
            scores[order[0]],
            first - second,
            nearest,
            nearest - similarities[0],
            np.log(np.exp(scores[outside]) + 1e-4) if outside >= 0 else 0.0,
            float(_unit(examples.answers[order[0]]) @ direction),
        ]
    )


def _calibrate(observations: np.ndarray, right: np.ndarray) -> np.ndarray:
    if right.all() or not right.any():
        return np.array([0.0] * _OBSERVATIONS + [5.0 if right.all() else -5.0])
    judge = LogisticRegression(C=1.0, max_iter=1000).fit(observations, right)
    return np.append(judge.coef_[0], judge.intercept_[0])


def _threshold(
    confidences: np.ndarray, right: np.ndarray, wrongly_in: np.ndarray, outside_count: int, goals: Goals
) -> float:
    """The lowest confidence from which on the trials reached both goals."""
    order = np.argsort(-confidences)
    given = np.arange(1, len(order) + 1)
    precise = np.cumsum(right[order]) / given >= goals.precision
    closed = np.cumsum(wrongly_in[order]) <= goals.answered_outside * max(int(outside_count), 1)
    reached = np.nonzero(precise & closed)[0]
    value = confidences[order][reached[-1]] if reached.size else THRESHOLD_RANGE[1]
    return float(np.clip(value, *THRESHOLD_RANGE))


def _unit(vectors: np.ndarray) -> np.ndarray:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9))


def _sigmoid(value: Any) -> Any:
    return 1.0 / (1.0 + np.exp(-value))
