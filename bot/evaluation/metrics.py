"""Figures from outcomes. Shares are 0 to 1; intervals are 95 %, by bootstrap over questions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from bot.evaluation.outcomes import Outcome

SEED = 1946
RESAMPLES = 2000
BINS = 10

Observed = tuple[float, bool]


@dataclass(frozen=True)
class Share:
    """A share of `count` questions with the interval that it would vary in, had others been asked."""

    value: float
    low: float
    high: float
    count: int

    def __str__(self) -> str:
        return f"{self.value:.1%} ({self.low:.1%} to {self.high:.1%})"


@dataclass(frozen=True)
class Bin:
    """Outcomes of like confidence: mean stated confidence, share right, how many."""

    confidence: float
    right: float
    count: int


def share(outcomes: Sequence[Outcome], holds: Callable[[Outcome], bool]) -> Share:
    """The share of outcomes for which `holds`; of none, 0."""
    if not outcomes:
        return Share(0.0, 0.0, 0.0, 0)
    values = np.array([holds(outcome) for outcome in outcomes], dtype=np.float64)
    drawn = np.random.default_rng(SEED).integers(0, len(values), size=(RESAMPLES, len(values)))
    low, high = np.percentile(values[drawn].mean(axis=1), [2.5, 97.5])
    return Share(float(values.mean()), float(low), float(high), len(values))


def agreement(outcomes: Iterable[Outcome]) -> Share:
    """How often the same question leads to the same first entry in each pair of languages.

    By case and pair: three languages make three pairs. What is refused agrees with nothing.
    """
    cases: dict[int, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        cases[outcome.question.case].append(outcome)
    pairs, same = [], set()
    for group in cases.values():
        for index, first in enumerate(group):
            for second in group[index + 1 :]:
                pairs.append(first)
                if first.entries and second.entries and first.entries[0] == second.entries[0]:
                    same.add(len(pairs) - 1)
    positions = iter(range(len(pairs)))
    return share(pairs, lambda _: next(positions) in same)


def auroc(inside: Sequence[float], outside: Sequence[float]) -> float:
    """The chance that an in-scope message is trusted more than one out of scope (Mann-Whitney); ties count half."""
    scores = np.concatenate([inside, outside])
    _, places, counts = np.unique(scores, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    ranks = (last - (counts - 1) / 2)[places]
    wins = ranks[: len(inside)].sum() - len(inside) * (len(inside) + 1) / 2
    return float(wins / (len(inside) * len(outside)))


def recall_at(inside: Sequence[float], outside: Sequence[float], refused: Sequence[float]) -> list[tuple[float, float]]:
    """For each share of in-scope messages refused, the share of those out of scope that the same threshold refuses."""
    order = np.sort(np.array(inside))
    outsiders = np.array(outside)
    return [(rate, float((outsiders < order[min(int(rate * len(order)), len(order) - 1)]).mean())) for rate in refused]


def bins(observed: Sequence[Observed]) -> list[Bin]:
    """Confidences in ten bins of equal width; empty ones are left out."""
    groups: dict[int, list[Observed]] = defaultdict(list)
    for confidence, right in observed:
        groups[min(int(confidence * BINS), BINS - 1)].append((confidence, right))
    return [
        Bin(float(np.mean([c for c, _ in group])), float(np.mean([r for _, r in group])), len(group))
        for _, group in sorted(groups.items())
    ]


def calibration_error(observed: Sequence[Observed]) -> float:
    """Expected calibration error: how far stated confidence is from the share right, weighted by count.

    Guo et al. 2017, "On Calibration of Modern Neural Networks", equation 3, with ten bins.
    """
    return sum(part.count * abs(part.confidence - part.right) for part in bins(observed)) / max(len(observed), 1)


def confusions(outcomes: Iterable[Outcome]) -> list[tuple[str, str, int]]:
    """Wanted entry, entry given instead, how often; the most frequent first."""
    pairs = Counter((o.question.entries[0], o.entries[0]) for o in outcomes if o.wrong and o.question.entries)
    ordered = sorted(pairs.items(), key=lambda item: (-item[1], item[0]))
    return [(wanted, given, count) for (wanted, given), count in ordered]


def percentile(outcomes: Sequence[Outcome], which: float) -> float:
    """Milliseconds below which `which` per cent of the messages were understood."""
    return float(np.percentile([outcome.milliseconds for outcome in outcomes], which))
