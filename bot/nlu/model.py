"""A trained model, free of Rasa: features in, a ranking of the labels and how far to trust it out.

How it is trained stands in `bot.nlu.trainer`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np

from bot.nlu.features import FeatureSpace, Text, unit
from bot.nlu.observations import CANDIDATES, NEAREST_EXAMPLE, Examples, judge, observe, order_labels
from bot.nlu.softmax import Softmax
from bot.nlu.wording import Wording


class Scope(Enum):
    """Whether a message asks for what is known."""

    INSIDE = "inside"
    UNCLEAR = "unclear"
    OUTSIDE = "outside"


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
class Model:
    """A trained model.

    Arguments:
        labels: names. space: the features. softmax: ranks the labels. examples, wording: of each label.
        outside: index of the out-of-scope label, -1 where there is none.
        guarded: whether a label states facts, which a message out of scope must not get; shape (labels,).
        right, inside: weights of the observations and the bias, for the confidence and for being in scope.
        threshold: of the confidence, from which on an answer is given.
        unclear, clear: of being in scope, from which on a message is not refused, and may be answered.
    """

    labels: tuple[str, ...]
    space: FeatureSpace
    softmax: Softmax
    examples: Examples
    wording: Wording
    outside: int
    guarded: np.ndarray
    right: np.ndarray
    inside: np.ndarray
    threshold: float
    unclear: float
    clear: float

    def features(self, text: Text) -> np.ndarray:
        """The features of one text, shape (F,)."""
        return np.asarray(self.space.features([text])[0])

    def rank(self, text: Text, features: np.ndarray, count: int = CANDIDATES) -> Ranking:
        """Rank the labels for one message with its features."""
        scores = self.softmax.scores(features)
        order = order_labels(scores, self.guarded, self.outside)[: max(count, CANDIDATES)]
        observations = observe(
            scores[np.newaxis],
            order[np.newaxis],
            features[np.newaxis],
            [text],
            self.examples,
            self.wording,
            self.outside,
        )[0]
        best = order[:count]
        return Ranking(
            tuple(self.labels[index] for index in best),
            tuple(float(np.exp(scores[index])) for index in best),
            float(judge(self.right, observations)),
            float(judge(self.inside, observations)),
            float(observations[NEAREST_EXAMPLE]),
        )

    def scope(self, ranking: Ranking) -> Scope:
        """Whether the first label may be answered, as far as being in scope goes; one without facts always may."""
        if not self.guarded[self.labels.index(ranking.labels[0])] or ranking.inside >= self.clear:
            return Scope.INSIDE
        return Scope.UNCLEAR if ranking.inside >= self.unclear else Scope.OUTSIDE

    def scores(self, features: np.ndarray, labels: list[str]) -> dict[str, float]:
        """Probabilities among `labels` alone; unknown labels are left out."""
        indices = [self.labels.index(label) for label in labels if label in self.labels]
        if not indices:
            return {}
        among = np.exp(self.softmax.scores(features)[indices])
        return {self.labels[index]: float(value) for index, value in zip(indices, among / among.sum(), strict=True)}

    def centre(self, label: str) -> np.ndarray | None:
        """The direction of what a label is about, shape (F,), length 1; None for an unknown label.

        That is the mean of the half of its examples nearest to the mean of all: the others ask in roundabout ways.
        """
        if label not in self.labels:
            return None
        examples = self.examples.of_label(self.labels.index(label))
        nearness = examples @ examples.mean(axis=0)
        return unit(examples[nearness >= np.median(nearness)].mean(axis=0))

    def arrays(self) -> dict[str, np.ndarray]:
        """Everything as arrays without Python objects, for `numpy.savez`."""
        return {
            "labels": np.array(self.labels),
            **self.space.arrays(),
            "weights": self.softmax.weights,
            "biases": self.softmax.biases,
            # Half as many bytes for cosines that differ by a thousandth at most.
            "examples": self.examples.rows.astype(np.float16),
            "starts": self.examples.starts,
            "answers": self.examples.answers,
            **self.wording.arrays(),
            "outside": np.array(self.outside),
            "guarded": self.guarded,
            "right": self.right,
            "inside": self.inside,
            "thresholds": np.array([self.threshold, self.unclear, self.clear]),
        }

    @classmethod
    def from_arrays(cls, arrays: Any) -> Model:
        """Read what `arrays` wrote."""
        return cls(
            tuple(str(label) for label in arrays["labels"]),
            FeatureSpace.from_arrays(arrays),
            Softmax(arrays["weights"], arrays["biases"], len(arrays["labels"]), max(int(arrays["outside"]), 0)),
            Examples(arrays["examples"].astype(np.float32), arrays["starts"], arrays["answers"]),
            Wording.from_arrays(arrays),
            int(arrays["outside"]),
            arrays["guarded"],
            arrays["right"],
            arrays["inside"],
            *(float(threshold) for threshold in arrays["thresholds"]),
        )
