"""A training from the proposals to the model in use and back, in a project whose engine is a shell script."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from bot.errors import NotFound, TrainingRefused
from bot.knowledge import Language, load_knowledge
from bot.processes.engine import MODELS_KEPT, model_path
from bot.proposals import Proposals
from bot.store import Proposal, ProposalState, Store, TrainingState, utc_now
from bot.training import Trainings
from bot.training.service import LOST_AFTER
from tests.unit.training.conftest import GOOD, Restarts, measured_at

NEW = "Wohin muss ich gehen?"


def propose(proposals: Proposals) -> int:
    return proposals.assign("visa-one", {Language.GERMAN: [NEW]}, [], "anna")


def knows(root: Path) -> bool:
    return NEW in load_knowledge(root / "data" / "knowledge").entries["visa-one"].questions[Language.GERMAN]


@contextmanager
def failing(store: Store, when: str) -> Iterator[None]:
    """The program is stopped while it marks the proposals, or when it commits that."""
    marked = False

    def stop(*arguments: object) -> None:
        nonlocal marked
        marked = marked or any(str(each).startswith("UPDATE proposals") for each in arguments)
        if marked and (when != "commit" or len(arguments) == 1):
            raise KeyboardInterrupt

    for name in {"before_cursor_execute", when}:
        event.listen(store.engine, name, stop)
    try:
        yield
    finally:
        for name in {"before_cursor_execute", when}:
            event.remove(store.engine, name, stop)


def test_a_training_is_measured_beside_the_model_in_use_and_changes_no_file(
    proposals: Proposals, trainings: Trainings, root: Path
) -> None:
    propose(proposals)
    measured_at(root, GOOD, GOOD | {"right, all": 0.95})

    number = trainings.start("anna")
    (view,) = trainings.list()
    assert (view.id, view.state, view.proposals, view.started_by) == (number, TrainingState.READY, 1, "anna")
    assert next((each.name, each.before, each.after) for each in view.figures) == ("right, all", 0.9, 0.95)
    assert view.may_switch
    assert not view.may_take_back
    assert not knows(root)


def test_a_switch_puts_files_and_model_in_place_and_starts_everything_again(
    store: Store, proposals: Proposals, trainings: Trainings, root: Path, restarts: Restarts
) -> None:
    proposal = propose(proposals)
    number = trainings.start("anna")

    assert trainings.switch(number)
    assert knows(root)
    assert model_path(root).read_text("utf-8") == "model\n"
    assert restarts == ["restart"]
    assert proposals.open() == []
    with store.reading() as session:
        assert session.get_one(Proposal, proposal).state is ProposalState.ADOPTED
    (view,) = trainings.list()
    assert view.state is TrainingState.IN_USE
    assert view.may_take_back
    with pytest.raises(TrainingRefused, match="not_ready"):
        trainings.switch(number)


def test_the_way_back_restores_files_and_model_and_the_proposals_wait_again(
    proposals: Proposals, trainings: Trainings, root: Path, restarts: Restarts
) -> None:
    before = {path: path.read_bytes() for path in (root / "data").rglob("*.yml")}
    model_before = model_path(root)
    propose(proposals)
    number = trainings.start("anna")
    trainings.switch(number)

    trainings.take_back(number)
    assert {path: path.read_bytes() for path in (root / "data").rglob("*.yml")} == before
    assert model_path(root) == model_before
    assert model_before.exists()
    assert len(restarts) == 2
    assert len(proposals.open()) == 1
    with pytest.raises(TrainingRefused, match="not_last"):
        trainings.take_back(number)


def test_a_worse_model_is_shown_but_cannot_be_switched_to(
    proposals: Proposals, trainings: Trainings, root: Path, restarts: Restarts
) -> None:
    propose(proposals)
    measured_at(root, GOOD, GOOD | {"right, ko": 0.7})
    number = trainings.start("anna")

    (view,) = trainings.list()
    assert view.worse == ("right, ko",)
    assert not view.may_switch
    with pytest.raises(TrainingRefused, match="worse"):
        trainings.switch(number)
    assert not knows(root)
    assert restarts == []


def test_files_that_have_changed_since_are_not_overwritten(
    proposals: Proposals, trainings: Trainings, root: Path
) -> None:
    propose(proposals)
    number = trainings.start("anna")
    (root / "domain.yml").write_text("second", "utf-8")

    with pytest.raises(TrainingRefused, match="changed"):
        trainings.switch(number)
    assert not knows(root)


def test_a_change_after_the_switch_keeps_the_way_back_from_losing_it(
    proposals: Proposals, trainings: Trainings, root: Path
) -> None:
    propose(proposals)
    number = trainings.start("anna")
    trainings.switch(number)
    path = root / "data" / "knowledge" / "visa.yml"
    path.write_text(path.read_text("utf-8") + "# by hand\n", "utf-8")

    with pytest.raises(TrainingRefused, match="changed"):
        trainings.take_back(number)
    assert "# by hand" in path.read_text("utf-8")


@pytest.mark.parametrize("name", ["sheet.yml", "new.yml"])
def test_so_does_a_change_of_facts_which_no_model_is_trained_on(
    proposals: Proposals, trainings: Trainings, root: Path, name: str
) -> None:
    propose(proposals)
    number = trainings.start("anna")
    trainings.switch(number)
    path = root / "data" / "facts" / name
    path.write_text("facts: [] # by hand\n", "utf-8")

    with pytest.raises(TrainingRefused, match="changed"):
        trainings.take_back(number)
    assert path.read_text("utf-8") == "facts: [] # by hand\n"
    assert trainings.list()[0].state is TrainingState.IN_USE


@pytest.mark.parametrize("when", ["before_cursor_execute", "commit"])
def test_what_the_database_does_not_take_is_undone_in_the_files(
    store: Store, proposals: Proposals, trainings: Trainings, root: Path, restarts: Restarts, when: str
) -> None:
    def files() -> dict[Path, bytes]:
        folders = (root / "data", root / "models", root / "var" / "training" / str(number) / "models")
        return {path: path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()}

    propose(proposals)
    number = trainings.start("anna")
    untouched = files()
    with failing(store, when), pytest.raises(KeyboardInterrupt):
        trainings.switch(number)
    assert files() == untouched
    assert trainings.list()[0].may_switch

    trainings.switch(number)
    switched = files()
    with failing(store, when), pytest.raises(KeyboardInterrupt):
        trainings.take_back(number)
    assert files() == switched
    assert trainings.list()[0].may_take_back
    assert restarts == ["restart"]
    trainings.take_back(number)


def test_the_model_before_is_kept_however_long_ago_it_was_trained(
    proposals: Proposals, trainings: Trainings, root: Path
) -> None:
    model_before = model_path(root)
    os.utime(model_before, (0, 0))
    for number in range(MODELS_KEPT):
        (root / "models" / f"assistant-{number}.tar.gz").write_text("another", "utf-8")
    propose(proposals)
    number = trainings.start("anna")
    trainings.switch(number)

    assert model_before.exists()
    assert model_path(root).exists()
    assert len(list((root / "models").iterdir())) == MODELS_KEPT
    trainings.take_back(number)
    assert model_path(root) == model_before


@pytest.mark.parametrize(("file", "said"), [("broken", "the domain is wrong"), ("unmeasured", "no such file")])
def test_a_training_that_fails_says_why_and_the_next_may_begin(
    proposals: Proposals, trainings: Trainings, root: Path, file: str, said: str
) -> None:
    propose(proposals)
    (root / file).touch()
    model_path(root).unlink()

    trainings.start("anna")
    (view,) = trainings.list()
    assert view.state is TrainingState.FAILED
    assert said in (view.problem or "")
    (root / file).unlink()
    trainings.start("anna")
    assert trainings.list()[0].state is TrainingState.READY


def test_one_training_at_a_time_and_none_without_a_proposal(store: Store, proposals: Proposals, root: Path) -> None:
    trainings = Trainings(store, root, start=lambda _number: None)
    with pytest.raises(TrainingRefused, match="nothing"):
        trainings.start("anna")
    propose(proposals)
    trainings.start("anna")

    with pytest.raises(TrainingRefused, match="running"):
        trainings.start("ben")


def test_a_training_whose_process_has_died_is_given_up(store: Store, proposals: Proposals, root: Path) -> None:
    now = utc_now()
    propose(proposals)
    Trainings(store, root, start=lambda _number: None, clock=lambda: now).start("anna")

    later = Trainings(store, root, start=lambda _number: None, clock=lambda: now + LOST_AFTER + timedelta(minutes=1))
    assert later.list()[0].state is TrainingState.FAILED
    assert later.start("anna")


def test_of_a_training_only_what_a_switch_and_the_way_back_need_is_kept(
    proposals: Proposals, trainings: Trainings, root: Path
) -> None:
    def kept() -> dict[str, set[str]]:
        folders = (root / "var" / "training").iterdir()
        return {folder.name: {path.name for path in folder.iterdir()} for folder in folders}

    propose(proposals)
    first = str(trainings.start("anna"))
    assert kept() == {first: {"models"}}
    trainings.switch(int(first))
    assert kept() == {first: {"models", "before", "after"}}

    proposals.assign("visa-two", {Language.GERMAN: ["Und dann?"]}, [], "anna")
    (root / "unmeasured").touch()
    (root / "config.yml").write_text("second", "utf-8")
    model_path(root).write_text("model", "utf-8")
    trainings.start("anna")
    assert kept().keys() == {first}
    (root / "unmeasured").unlink()
    second = str(trainings.start("anna"))
    trainings.switch(int(second))
    assert kept().keys() == {second}
    assert [view.id for view in trainings.list() if view.may_take_back] == [int(second)]
    trainings.take_back(int(second))
    assert kept() == {}
    assert not any(view.may_take_back for view in trainings.list())


def test_an_unknown_training_is_said_to_be_unknown(trainings: Trainings) -> None:
    with pytest.raises(NotFound):
        trainings.switch(77)
    with pytest.raises(NotFound):
        trainings.take_back(77)
