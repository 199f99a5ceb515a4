"""The figures that must not fall: `tests/evaluation/floors.yml`, held by `make test`.

A floor stands a little below what was measured, so that chance in training does not fail a build; whoever improves
understanding raises it.
"""

from __future__ import annotations

from pathlib import Path

from bot.evaluation.results import LOWER_IS_BETTER
from bot.knowledge import KnowledgeError
from bot.knowledge.errors import Mistake
from bot.knowledge.yaml_file import read_yaml


def load_floors(path: Path) -> dict[str, float]:
    """Read floors: figure by name.

    Raises:
        KnowledgeError: the file is missing or is no mapping of numbers.
    """
    data = read_yaml(path)
    if not isinstance(data, dict) or not all(isinstance(value, (int, float)) for value in data.values()):
        raise KnowledgeError([Mistake(path.name, "", "must map names of figures to numbers")])
    return {str(name): float(value) for name, value in data.items()}


def missed(figures: dict[str, float], floors: dict[str, float]) -> list[str]:
    """What is worse than its floor, or no longer measured, in words."""
    problems = []
    for name, floor in floors.items():
        figure = figures.get(name)
        if figure is None:
            problems.append(f"{name}: is not measured any more; the floor is {floor:.3f}")
        elif (figure > floor) if name in LOWER_IS_BETTER else (figure < floor):
            problems.append(f"{name}: {figure:.3f}, the floor is {floor:.3f}")
    return problems
