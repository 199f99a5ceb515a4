"""One training from beginning to end, in a process of its own: `python -m bot.training <number>`."""

import logging
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from bot.errors import AssistantError
from bot.knowledge import KnowledgeError
from bot.knowledge.check import check
from bot.processes import engine
from bot.proposals.change import Addition, apply
from bot.proposals.service import content_of
from bot.store import Proposal, Store, Training, TrainingState, utc_now
from bot.training.workshop import SETS, Workshop, measure

_log = logging.getLogger(__name__)

PROBLEM_MAX_CHARACTERS = 2000


def work(store: Store, root: Path, number: int) -> None:
    """Check, train and measure; whatever goes wrong is written down with the training.

    Args:
        store: the database.
        root: of the project; also the working folder.
        number: of the training, which has just been started.
    """
    workshop = Workshop(root, number)
    try:
        _work(store, root, number, workshop)
    except (AssistantError, KnowledgeError, OSError) as error:
        _log.warning("training %d failed: %s", number, type(error).__name__)
        _update(store, number, TrainingState.FAILED, problem=str(error)[:PROBLEM_MAX_CHARACTERS])
        workshop.close()


def _work(store: Store, root: Path, number: int, workshop: Workshop) -> None:
    _update(store, number, TrainingState.CHECKING)
    additions = additions_of(store, number)
    workshop.open()
    apply(workshop.data, additions)
    mistakes = check(workshop.data, f"{utc_now():%Y-%m}").mistakes
    if mistakes:
        raise KnowledgeError(mistakes)
    _update(store, number, TrainingState.TRAINING)
    current, _ = engine.train(root)
    model = workshop.train()
    _update(store, number, TrainingState.MEASURING, model=model.name, model_before=current.name)
    figures_before = _known_figures(store, current.name) or measure(current, root, root / SETS)
    figures = workshop.measure(model)
    # Copies of the files hold what people asked: they stay no longer than they are needed.
    workshop.clear()
    _update(store, number, TrainingState.READY, figures=figures, figures_before=figures_before)


def additions_of(store: Store, number: int) -> Sequence[Addition]:
    """What a training adds to the files."""
    with store.reading() as session:
        training = session.get_one(Training, number)
        rows = session.scalars(select(Proposal).where(Proposal.id.in_(training.proposals)).order_by(Proposal.id))
        return [Addition(row.topic, row.entry, content_of(row.kind, row.content)) for row in rows]


def _known_figures(store: Store, model: str) -> dict[str, float] | None:
    """What the model in use was measured at before, as the new one or as the one in use."""
    with store.reading() as session:
        for name, figures in ((Training.model, Training.figures), (Training.model_before, Training.figures_before)):
            known = session.scalar(
                select(figures).where(name == model, figures.is_not(None)).order_by(Training.id.desc()).limit(1)
            )
            if known is not None:
                return known
    return None


def _update(
    store: Store,
    number: int,
    state: TrainingState,
    *,
    model: str | None = None,
    model_before: str | None = None,
    figures: dict[str, float] | None = None,
    figures_before: dict[str, float] | None = None,
    problem: str | None = None,
    now: datetime | None = None,
) -> None:
    with store.session() as session:
        training = session.get_one(Training, number, with_for_update=True)
        training.state = state
        training.beat_at = now or utc_now()
        training.model = model or training.model
        training.model_before = model_before or training.model_before
        training.figures = figures or training.figures
        training.figures_before = figures_before or training.figures_before
        training.problem = problem
