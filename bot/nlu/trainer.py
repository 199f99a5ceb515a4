"""The classifier's mathematics, free of Rasa: texts and labels in, a model out.

Logistic regression over sentence vectors and terms ranks the labels. How far to trust it is learnt apart: every example
is classified by a model that has not seen it, and two small logistic regressions learn from those trials how often a
ranking like this one is right (Platt scaling over several observations instead of one), and how often it is a message
in scope at all. The second is a question of its own: of two neighbours either may be meant, and yet a fact is wanted.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from bot.nlu.encoders import WIDTHS
from bot.nlu.features import TERM_WEIGHT, WEIGHTS, FeatureSpace, Text, unit
from bot.nlu.model import Model
from bot.nlu.observations import CANDIDATES, OBSERVATIONS, Examples, judge, observe, order_labels
from bot.nlu.softmax import Softmax, fit_softmax
from bot.nlu.wording import Wording

FOLDS = 3

ALL_FOLDS_MAX = 10_000_000
"""Examples times labels up to which every fold is tried; beyond, a third of so many examples tells enough."""

ANSWER_STRENGTH = (12.0, 24.0)
"""How much of a score is the likeness of a question and an answer before anything is learnt, one number an encoder."""

ANSWER_TERM_STRENGTH = 0.5

SEED = 20211126
"""Any fixed number: training twice on the same data gives the same model."""

THRESHOLD_RANGE = (0.3, 0.9)
"""The answer threshold stays in it, however few the trials."""


@dataclass(frozen=True)
class Goals:
    """What the thresholds are chosen for.

    Arguments:
        precision: the share of right answers wanted among those given, 0 to 1.
        out_of_scope: the label of messages that must not be answered.
        answered_outside: the share of those that may still be answered, 0 to 1.
        asked_outside: the share of those that may be answered or asked about, 0 to 1.
    """

    precision: float
    out_of_scope: str
    answered_outside: float
    asked_outside: float


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
    answered = [(answers or {}).get(str(name), ()) for name in names]
    space = FeatureSpace.fit(texts, widths)
    directions = _directions(space, answered)
    outside = int(np.flatnonzero(names == goals.out_of_scope)[0]) if goals.out_of_scope in names else -1
    material = _Material(
        texts,
        space.features(texts),
        owners,
        [[answer.pieces for answer in own] for own in answered],
        directions,
        _start(directions, space),
        directions.any(axis=1) if directions.any() else np.arange(len(names)) != outside,
        outside,
    )
    folds = list(StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(material.features, owners))
    if len(texts) * len(names) > ALL_FOLDS_MAX:
        folds = folds[:1]
    everything = np.arange(len(texts))
    # Side by side, on one core each: one after the other on all cores takes half as long again, so small are the steps.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        softmax = pool.submit(material.softmax, everything)
        trials = pool.map(lambda fold: _try(material, *fold), folds)
        observations, found = (np.concatenate(parts) for parts in zip(*trials, strict=True))
    tried = np.concatenate([trial for _, trial in folds])
    is_right, is_outside = found == owners[tried], owners[tried] == outside
    right = _learn(observations, is_right)
    risky = material.guarded[found]
    inside = _learn(observations[risky], ~is_outside[risky], balanced=True)
    threshold, unclear, clear = _thresholds(
        judge(right, observations), judge(inside, observations), is_right, risky, is_outside, goals
    )
    return Model(
        tuple(str(name) for name in names),
        space,
        softmax.result(),
        material.examples(everything),
        material.wording(everything),
        outside,
        material.guarded,
        right,
        inside,
        threshold,
        unclear,
        clear,
    )


@dataclass(frozen=True)
class _Material:
    """What is learnt from, all texts or those of `rows`.

    Arguments:
        texts, features, owners: the training texts, their features and the index of each one's label.
        answers: the pieces of each label's answers. directions: each label's answers as a row.
        start: the weights to begin with. guarded: whether a label states facts. outside: the out-of-scope label or -1.
    """

    texts: Sequence[Text]
    features: np.ndarray
    owners: np.ndarray
    answers: Sequence[Sequence[frozenset[str]]]
    directions: np.ndarray
    start: np.ndarray
    guarded: np.ndarray
    outside: int

    def softmax(self, rows: np.ndarray) -> Softmax:
        """The ranking of the labels."""
        return fit_softmax(self.features[rows], self.owners[rows], self.start, SEED, self.outside)

    def examples(self, rows: np.ndarray) -> Examples:
        """What messages are compared with."""
        return Examples.of(self.features[rows], self.owners[rows], self.directions)

    def wording(self, rows: np.ndarray) -> Wording:
        """How labels are worded."""
        return Wording.of([self.texts[row].pieces for row in rows], self.owners[rows], self.answers)


def _directions(space: FeatureSpace, answers: Sequence[Sequence[Text]]) -> np.ndarray:
    """Each label's answers as one row: in each encoder's part and in the terms their mean, of that part's length."""
    rows = np.zeros((len(answers), sum(space.widths) + len(space.terms)), dtype=np.float32)
    written = [text for own in answers for text in own]
    if not written:
        return rows
    # Answers have a centre of their own: as texts they are unlike questions.
    centred = FeatureSpace(FeatureSpace.fit(written, space.widths).means, space.terms, space.widths)
    for row, own in zip(rows, answers, strict=True):
        if own:
            parts = np.split(centred.features(own), np.cumsum(space.widths), axis=1)
            means = [weight * unit(part.mean(axis=0)) for weight, part in zip(WEIGHTS, parts[:-1], strict=True)]
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


def _try(material: _Material, learn: np.ndarray, trial: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Observations and the label found for the texts `trial`, by a model of the texts `learn`."""
    features = material.features[trial]
    scores = material.softmax(learn).scores(features)
    order = np.stack([order_labels(row, material.guarded, material.outside)[:CANDIDATES] for row in scores])
    texts = [material.texts[row] for row in trial]
    examples, wording = material.examples(learn), material.wording(learn)
    return observe(scores, order, features, texts, examples, wording, material.outside), order[:, 0]


def _learn(observations: np.ndarray, outcomes: np.ndarray, *, balanced: bool = False) -> np.ndarray:
    """Weights of the observations and the bias."""
    if outcomes.all() or not outcomes.any():
        return np.array([0.0] * OBSERVATIONS + [5.0 if outcomes.all() else -5.0])
    weight = "balanced" if balanced else None
    learnt = LogisticRegression(C=1.0, max_iter=1000, class_weight=weight).fit(observations, outcomes)
    return np.append(learnt.coef_[0], learnt.intercept_[0])


def _thresholds(
    confidences: np.ndarray,
    insides: np.ndarray,
    right: np.ndarray,
    risky: np.ndarray,
    outside: np.ndarray,
    goals: Goals,
) -> tuple[float, float, float]:
    """The lowest thresholds at which the trials reached the goals: of the confidence, and the two of being in scope.

    First as few messages out of scope as wanted get past the latter; of what is left, the first makes the answers
    right often enough.
    """
    threats = np.sort(insides[risky & outside])[::-1]
    unclear, clear = (
        float(threats[allowed]) + 1e-6 if len(threats) > allowed else 0.0
        for allowed in (int(share * outside.sum()) for share in (goals.asked_outside, goals.answered_outside))
    )
    answered = ~risky | (insides >= clear)
    order = np.argsort(-confidences[answered])
    precise = np.cumsum(right[answered][order]) / np.arange(1, len(order) + 1) >= goals.precision
    reached = np.nonzero(precise)[0]
    value = confidences[answered][order][reached[-1]] if reached.size else THRESHOLD_RANGE[1]
    return float(np.clip(value, *THRESHOLD_RANGE)), unclear, clear
