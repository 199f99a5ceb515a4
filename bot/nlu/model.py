"""The classifier's mathematics, free of Rasa: texts and labels in, a calibrated ranking out.

Logistic regression over sentence vectors and terms ranks the labels. How far to trust it is learnt apart: every example
is classified by a model that has not seen it, and two small logistic regressions learn from those trials how often a
ranking like this one is right (Platt scaling over several observations instead of one), and how often it is a message
in scope at all. The second is a question of its own: of two neighbours either may be meant, and yet a fact is wanted.
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

ALL_FOLDS_MAX = 10_000_000
"""Examples times labels up to which every fold is tried; beyond, a third of so many examples tells enough."""

ANSWER_STRENGTH = (12.0, 24.0)
"""How much of a score is the likeness of a question and an answer before anything is learnt, one number an encoder."""

ANSWER_TERM_STRENGTH = 0.5

CANDIDATES = 8
"""The best labels, whose examples a message is compared with. All examples would cost more with each new entry."""

NEAREST = 5
"""How many of the nearest are averaged, so that one odd example does not decide."""

SEED = 20211126
"""Any fixed number: training twice on the same data gives the same model."""

CERTAIN = 0.95
"""From this confidence on, what is asked is known: no message out of scope of the tuning set reaches 0.94."""

THRESHOLD_RANGE = (0.3, 0.9)
"""The answer threshold stays in it, however few the trials."""


@dataclass(frozen=True)
class Ranking:
    """The labels of one message, likeliest first.

    Arguments:
        labels: the best labels, at most as many as were asked for.
        probabilities: of these labels, from the ranking model; they sum to at most 1.
        confidence: calibrated probability that the first label is right.
        inside: how likely the message is in scope, where as many are as are not.
        similarity: cosine of the nearest training example of the first labels.
    """

    labels: tuple[str, ...]
    probabilities: tuple[float, ...]
    confidence: float
    inside: float
    similarity: float


@dataclass(frozen=True)
class Goals:
    """What the thresholds are chosen for.

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
        return cls(_unit(features[order]), starts, answers)

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
            found[texts, places, NEAREST - count :] = np.sort(similarities, axis=1)[:, -count:]
        return found


@dataclass(frozen=True)
class Model:
    """A trained model.

    Arguments:
        labels: names. space: the features. softmax: ranks the labels. examples: of each label.
        outside: index of the out-of-scope label, -1 where there is none.
        guarded: whether a label states facts, which a message out of scope must not get; shape (labels,).
        right, inside: weights of the observations and the bias, for the confidence and for being in scope.
        threshold, inside_threshold: from which on an answer is given.
    """

    labels: tuple[str, ...]
    space: FeatureSpace
    softmax: Softmax
    examples: Examples
    outside: int
    guarded: np.ndarray
    right: np.ndarray
    inside: np.ndarray
    threshold: float
    inside_threshold: float

    def features(self, text: Text) -> np.ndarray:
        """The features of one text, shape (F,)."""
        return np.asarray(self.space.features([text])[0])

    def rank(self, features: np.ndarray, count: int = CANDIDATES) -> Ranking:
        """Rank the labels for one message's features."""
        scores = self.softmax.scores(features)
        order = _order(scores, self.guarded, self.outside)[: max(count, CANDIDATES)]
        observations = _observe(
            scores[np.newaxis], order[np.newaxis], features[np.newaxis], self.examples, self.outside
        )[0]
        best = order[:count]
        return Ranking(
            tuple(self.labels[index] for index in best),
            tuple(float(np.exp(scores[index])) for index in best),
            float(_judge(self.right, observations)),
            float(_judge(self.inside, observations)),
            float(observations[_NEAREST]),
        )

    def is_inside(self, ranking: Ranking) -> bool:
        """Whether the first label may be answered, as far as being in scope goes."""
        guarded = self.guarded[self.labels.index(ranking.labels[0])]
        return not guarded or ranking.inside >= self.inside_threshold or ranking.confidence >= CERTAIN

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
            "guarded": self.guarded,
            "right": self.right,
            "inside": self.inside,
            "thresholds": np.array([self.threshold, self.inside_threshold]),
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
            arrays["guarded"],
            arrays["right"],
            arrays["inside"],
            *(float(threshold) for threshold in arrays["thresholds"]),
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
    guarded = directions.any(axis=1) if directions.any() else np.arange(len(names)) != outside
    observations, found, tried = _try(features, owners, directions, start, guarded, outside)
    is_right, is_outside = found == owners[tried], owners[tried] == outside
    right = _learn(observations, is_right)
    risky = guarded[found]
    inside = _learn(observations[risky], ~is_outside[risky], balanced=True)
    threshold, inside_threshold = _thresholds(
        _judge(right, observations), _judge(inside, observations), is_right, risky, is_outside, goals
    )
    return Model(
        tuple(str(name) for name in names),
        space,
        fit_softmax(features, owners, start, SEED),
        Examples.of(features, owners, directions),
        outside,
        guarded,
        right,
        inside,
        threshold,
        inside_threshold,
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
    features: np.ndarray,
    owners: np.ndarray,
    directions: np.ndarray,
    start: np.ndarray,
    guarded: np.ndarray,
    outside: int,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Observations and the label found for the texts of the third array, by models that have not seen them."""
    observations, found, tried = [], [], []
    folds = list(StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(features, owners))
    for learn, trial in folds if len(features) * len(directions) <= ALL_FOLDS_MAX else folds[:1]:
        scores = fit_softmax(features[learn], owners[learn], start, SEED).scores(features[trial])
        order = np.stack([_order(row, guarded, outside)[:CANDIDATES] for row in scores])
        examples = Examples.of(features[learn], owners[learn], directions)
        observations.append(_observe(scores, order, features[trial], examples, outside))
        found.append(order[:, 0])
        tried.append(trial)
    return np.concatenate(observations), np.concatenate(found), np.concatenate(tried)


def _order(scores: np.ndarray, guarded: np.ndarray, outside: int) -> np.ndarray:
    """The labels by their scores, likeliest first.

    Where the out-of-scope label comes before one that states facts, it steps back: being in scope is judged by more
    than its score, and a question that is in scope must not lose to a label as wide as the world.
    """
    order = np.argsort(-scores)
    if order[0] == outside and guarded[order[1]]:
        order[:2] = order[1], order[0]
    return order


_OBSERVATIONS = 11
_NEAREST = 2


def _observe(
    scores: np.ndarray, order: np.ndarray, features: np.ndarray, examples: Examples, outside: int
) -> np.ndarray:
    """What tells how far each text's ranking may be trusted, shape (texts, _OBSERVATIONS).

    Its top and its lead; how near the examples of the first labels come, one and a few, and those of the very first;
    how near the examples out of scope come; the probabilities of being in and out of scope; the likeness to the first
    label's answers, to any answers, and how far those stand out.
    """
    texts = np.arange(len(scores))
    directions = _unit(features)
    first, second = scores[texts, order[:, 0]], scores[texts, order[:, 1]]
    candidates = order[:, :CANDIDATES]
    by_label = examples.nearest(directions, np.where(candidates == outside, -1, candidates))
    near = np.sort(by_label.reshape(len(texts), -1), axis=1)[:, -NEAREST:]
    far = examples.nearest(directions, np.full((len(texts), 1), outside))[:, 0]
    out = np.exp(scores[:, outside]) if outside >= 0 else np.zeros(len(texts))
    answers = directions @ examples.answers.T
    best = np.sort(answers, axis=1)[:, -NEAREST:]
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
            answers[texts, order[:, 0]],
            best[:, -1],
            best[:, -1] - best.mean(axis=1),
        ],
        axis=1,
    )


def _learn(observations: np.ndarray, outcomes: np.ndarray, *, balanced: bool = False) -> np.ndarray:
    """Weights of the observations and the bias."""
    if outcomes.all() or not outcomes.any():
        return np.array([0.0] * _OBSERVATIONS + [5.0 if outcomes.all() else -5.0])
    weight = "balanced" if balanced else None
    learnt = LogisticRegression(C=1.0, max_iter=1000, class_weight=weight).fit(observations, outcomes)
    return np.append(learnt.coef_[0], learnt.intercept_[0])


def _judge(weights: np.ndarray, observations: np.ndarray) -> Any:
    return 1.0 / (1.0 + np.exp(-(observations @ weights[:-1] + weights[-1])))


def _thresholds(
    confidences: np.ndarray,
    insides: np.ndarray,
    right: np.ndarray,
    risky: np.ndarray,
    outside: np.ndarray,
    goals: Goals,
) -> tuple[float, float]:
    """The lowest of both thresholds at which the trials reached both goals.

    First as few messages out of scope as wanted get past the second; of what is left, the first makes the answers
    right often enough.
    """
    threats = np.sort(insides[risky & outside])[::-1]
    allowed = int(goals.answered_outside * outside.sum())
    inside_threshold = float(threats[allowed]) + 1e-6 if len(threats) > allowed else 0.0
    answered = ~risky | (insides >= inside_threshold)
    order = np.argsort(-confidences[answered])
    precise = np.cumsum(right[answered][order]) / np.arange(1, len(order) + 1) >= goals.precision
    reached = np.nonzero(precise)[0]
    value = confidences[answered][order][reached[-1]] if reached.size else THRESHOLD_RANGE[1]
    return float(np.clip(value, *THRESHOLD_RANGE)), inside_threshold


def _unit(vectors: np.ndarray) -> np.ndarray:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9))
