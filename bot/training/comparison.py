"""Whether a model is worse than the one in use: by the figures of `bot evaluate`, on the same frozen questions."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Guard:
    """A figure that must not get worse by more than `tolerance`: so much two trainings on the same files may differ."""

    name: str
    higher_is_better: bool = True
    tolerance: float = 0.01


GUARDS = (
    Guard("right, all", tolerance=0.005),
    Guard("right, core topics", tolerance=0.005),
    Guard("right, ko"),
    Guard("right, de"),
    Guard("right, en"),
    Guard("wrong entry", higher_is_better=False, tolerance=0.005),
    Guard("out of scope answered", higher_is_better=False, tolerance=0.005),
    Guard("language gap", higher_is_better=False),
    Guard("agreement"),
    Guard("right, keywords"),
    Guard("right, mixed"),
    Guard("right, edge of scope", tolerance=0.03),
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of both models; `worse` if it has fallen by more than chance."""

    name: str
    before: float | None
    after: float | None
    worse: bool


def compare(before: Mapping[str, float], after: Mapping[str, float]) -> list[Figure]:
    """The guarded figures of both. One that is not measured any more is worse; one that is new is not."""
    return [
        Figure(guard.name, before.get(guard.name), after.get(guard.name), _is_worse(guard, before, after))
        for guard in GUARDS
        if guard.name in before or guard.name in after
    ]


def worse(before: Mapping[str, float], after: Mapping[str, float]) -> list[str]:
    """The names of the figures that have got worse. Without any figure nothing is known, which is worse, too."""
    figures = compare(before, after)
    return [figure.name for figure in figures if figure.worse] if figures else [GUARDS[0].name]


def _is_worse(guard: Guard, before: Mapping[str, float], after: Mapping[str, float]) -> bool:
    old, new = before.get(guard.name), after.get(guard.name)
    if old is None:
        return False
    if new is None:
        return True
    fallen = old - new if guard.higher_is_better else new - old
    # Figures are shares with a few digits: what a float adds to a difference is no loss.
    return fallen > guard.tolerance + 1e-9
