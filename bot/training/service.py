"""Trainings for staff: start one, see how it goes, put its model in use when it is not worse, and take it back."""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.errors import NotFound, ProposalRefused, TrainingRefused
from bot.processes import engine
from bot.processes.supervisor import ask_for_restart
from bot.proposals.change import apply
from bot.store import Proposal, ProposalState, Store, Training, TrainingState, utc_now
from bot.training.comparison import Figure, compare, worse
from bot.training.files import are_as_remembered, remember, restore, saved, write_back
from bot.training.work import additions_of
from bot.training.workshop import Workshop, numbers

UNDER_WAY = (TrainingState.WAITING, TrainingState.CHECKING, TrainingState.TRAINING, TrainingState.MEASURING)

LOST_AFTER = timedelta(minutes=30)
"""A training that has said nothing for so long has died with its process."""

KEPT = 20
"""Trainings shown."""

Start = Callable[[int], None]
"""Starts the work on a training, and does not wait for it."""


@dataclass(frozen=True, slots=True)
class TrainingView:
    """A training for staff; `may_switch` if its model may be put in use, `may_take_back` if that may be undone."""

    id: int
    state: TrainingState
    proposals: int
    started_by: str
    created_at: datetime
    figures: tuple[Figure, ...]
    worse: tuple[str, ...]
    problem: str | None
    may_switch: bool
    may_take_back: bool


class Trainings:
    """The service. Safe to use from several threads.

    Args:
        store: the database.
        root: of the project, whose files are changed when a model is put in use.
        start: starts the work; in a process of its own if left out.
        restart: has the processes start again with the files as they are then.
        clock: the time in UTC.
    """

    def __init__(
        self,
        store: Store,
        root: Path,
        *,
        start: Start | None = None,
        restart: Callable[[], bool] = ask_for_restart,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._store = store
        self._root = root
        self._start = start or self._start_process
        self._restart = restart
        self._clock = clock

    def start(self, staff: str) -> int:
        """Train with all proposals that wait; returns the training's number.

        Raises:
            TrainingRefused: "running" or "nothing".
        """
        now = self._clock()
        with self._store.session() as session:
            _give_up_lost(session, now)
            if session.scalar(select(Training.id).where(Training.state.in_(UNDER_WAY)).limit(1)) is not None:
                raise TrainingRefused("running")
            waiting = list(
                session.scalars(select(Proposal.id).where(Proposal.state == ProposalState.OPEN).order_by(Proposal.id))
            )
            if not waiting:
                raise TrainingRefused("nothing")
            training = Training(proposals=waiting, started_by=staff, created_at=now, beat_at=now)
            session.add(training)
            session.flush()
            number = training.id
        self._tidy()
        self._start(number)
        return number

    def list(self) -> list[TrainingView]:
        """The latest trainings, the newest first."""
        with self._store.session() as session:
            _give_up_lost(session, self._clock())
        self._tidy()
        with self._store.reading() as session:
            rows = session.scalars(select(Training).order_by(Training.id.desc()).limit(KEPT)).all()
            last = _last_in_use(rows)
            return [_view(row, row is last and self._workshop(row.id).has_way_back) for row in rows]

    def switch(self, number: int) -> bool:
        """Put the model of a training in use: its proposals become part of the files, its model theirs.

        Returns:
            Whether the processes start again by themselves now.

        Raises:
            NotFound: no such training.
            TrainingRefused: "not_ready", "worse", or "changed": the files are not those it was trained beside.
        """
        additions = additions_of(self._store, self._ready(number))
        workshop = self._workshop(number)
        with ExitStack() as undo:
            with self._store.session() as session:
                training = _locked(session, number)
                if engine.model_path(self._root).name != training.model_before:
                    raise TrainingRefused("changed")
                names = (training.model_before, training.model or "")
                before = saved(self._root, workshop.folder)
                undo.callback(write_back, self._root, before)
                try:
                    apply(self._root / "data", additions)
                    if engine.model_path(self._root).name != training.model:
                        raise TrainingRefused("changed")
                    remember(self._root, workshop.folder)
                    _take_model(workshop.folder, self._root, names[-1])
                except (ProposalRefused, OSError) as error:
                    raise TrainingRefused("changed") from error
                undo.callback(_take_model, self._root, workshop.folder, names[-1])
                training.state = TrainingState.IN_USE
                training.beat_at = self._clock()
                _mark(session, training, ProposalState.ADOPTED)
            # Committed: files and database say the same.
            undo.pop_all()
        _keep_models(self._root, names)
        self._tidy()
        return self._restart()

    def take_back(self, number: int) -> bool:
        """Put files and model back as they were before a switch; its proposals wait again.

        Returns:
            Whether the processes start again by themselves now.

        Raises:
            NotFound: no such training.
            TrainingRefused: "not_last", "gone": the model before is not kept any more, or "changed": the files have
                changed since, and that would be lost.
        """
        with TemporaryDirectory() as copy, ExitStack() as undo:
            with self._store.session() as session:
                rows = session.scalars(select(Training).order_by(Training.id.desc()).limit(KEPT)).all()
                training = _locked(session, number)
                if training is not _last_in_use(rows):
                    raise TrainingRefused("not_last")
                workshop = self._workshop(number)
                if not workshop.has_way_back:
                    raise TrainingRefused("gone")
                if engine.model_path(self._root).name != training.model or not are_as_remembered(
                    self._root, workshop.folder
                ):
                    raise TrainingRefused("changed")
                if not (self._root / engine.MODELS / (training.model_before or "")).is_file():
                    raise TrainingRefused("gone")
                names = (training.model or "", training.model_before or "")
                now = saved(self._root, Path(copy))
                undo.callback(write_back, self._root, now)
                restore(self._root, workshop.folder)
                training.state = TrainingState.TAKEN_BACK
                training.beat_at = self._clock()
                _mark(session, training, ProposalState.OPEN)
            undo.pop_all()
        _keep_models(self._root, names)
        self._tidy()
        return self._restart()

    def _tidy(self) -> None:
        """Remove the folders that no switch and no way back needs any more."""
        # Folders first: a training that begins meanwhile has its row before its folder.
        there = numbers(self._root)
        with self._store.reading() as session:
            may_be_used = (*UNDER_WAY, TrainingState.READY, TrainingState.IN_USE)
            rows = session.scalars(select(Training).where(Training.state.in_(may_be_used))).all()
            last = _last_in_use(rows)
            needed = {row.id for row in rows if row.state is not TrainingState.IN_USE or row is last}
        for number in there - needed:
            self._workshop(number).close()

    def _workshop(self, number: int) -> Workshop:
        return Workshop(self._root, number)

    def _ready(self, number: int) -> int:
        with self._store.reading() as session:
            training = session.get(Training, number)
            if training is None:
                raise NotFound("training")
            if training.state is not TrainingState.READY:
                raise TrainingRefused("not_ready")
            if worse(training.figures_before or {}, training.figures or {}):
                raise TrainingRefused("worse")
        return number

    def _start_process(self, number: int) -> None:
        log = self._root / "var" / "log"
        log.mkdir(parents=True, exist_ok=True)
        with (log / "training.log").open("ab") as output:
            # In a session of its own: it outlives this process, which a switch starts again.
            subprocess.Popen(
                [sys.executable, "-m", "bot.training", str(number)],
                cwd=self._root,
                env=os.environ.copy(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )


def _locked(session: Session, number: int) -> Training:
    training = session.get(Training, number, with_for_update=True)
    if training is None:
        raise NotFound("training")
    return training


def _give_up_lost(session: Session, now: datetime) -> None:
    session.execute(
        update(Training)
        .where(Training.state.in_(UNDER_WAY), Training.beat_at < now - LOST_AFTER)
        .values(state=TrainingState.FAILED, problem="the process ended before its work did")
    )


def _last_in_use(rows: Sequence[Training]) -> Training | None:
    """The training whose model is in use: of those that ever were and were not taken back, the last."""
    in_use = [row for row in rows if row.state is TrainingState.IN_USE]
    return max(in_use, key=lambda row: row.beat_at, default=None)


def _mark(session: Session, training: Training, state: ProposalState) -> None:
    session.execute(update(Proposal).where(Proposal.id.in_(training.proposals)).values(state=state))


def _take_model(source: Path, target: Path, name: str) -> None:
    (target / engine.MODELS).mkdir(exist_ok=True)
    (source / engine.MODELS / name).replace(target / engine.MODELS / name)


def _keep_models(root: Path, names: Sequence[str]) -> None:
    """Remove old models, but none of these: they become the latest."""
    for name in names:
        with suppress(FileNotFoundError):
            os.utime(root / engine.MODELS / name)
    engine.remove_old_models(root)


def _view(row: Training, has_way_back: bool) -> TrainingView:
    known = row.figures is not None and row.figures_before is not None
    fallen = tuple(worse(row.figures_before or {}, row.figures or {})) if known else ()
    return TrainingView(
        id=row.id,
        state=row.state,
        proposals=len(row.proposals),
        started_by=row.started_by,
        created_at=row.created_at,
        figures=tuple(compare(row.figures_before or {}, row.figures or {})) if known else (),
        worse=fallen,
        problem=row.problem,
        may_switch=row.state is TrainingState.READY and known and not fallen,
        may_take_back=row.state is TrainingState.IN_USE and has_way_back,
    )
