"""One evaluation: every question of the sets through the trained model."""

from __future__ import annotations

from pathlib import Path

from bot.evaluation.clinc import ClincResult
from bot.evaluation.outcomes import observe
from bot.evaluation.results import Results
from bot.evaluation.sets import load_sets
from bot.evaluation.suites import suites
from bot.knowledge import KnowledgeBase
from bot.nlu.understanding import Understander

WARM_UP = 20
"""The first messages load what is loaded lazily; they are asked twice, and timed the second time."""


def evaluate(model: Path, sets: Path, knowledge: KnowledgeBase, clinc: ClincResult | None = None) -> Results:
    """Put all questions of the folder `sets` to `model`.

    Raises:
        KnowledgeError: the sets have mistakes.
        OSError, ValueError: the model cannot be read.
    """
    asked = load_sets(sets, knowledge)
    understand = Understander.load(model).understand
    observe(understand, asked.questions[:WARM_UP])
    return Results(
        questions=observe(understand, asked.questions),
        keywords=observe(understand, asked.keywords),
        mixed=observe(understand, asked.mixed),
        edge=observe(understand, asked.edge),
        follow_ups=observe(understand, asked.follow_ups),
        out_of_scope=observe(understand, asked.out_of_scope),
        suites={name: observe(understand, questions) for name, questions in suites(asked.questions).items()},
        clinc=clinc,
    )
