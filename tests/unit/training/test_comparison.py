"""A model is worse if a figure has fallen by more than chance, or is not known."""

import pytest

from bot.training import compare, worse

BEFORE = {"right, all": 0.9, "right, ko": 0.9, "wrong entry": 0.05, "milliseconds, median": 4.0}


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({}, []),
        ({"right, all": 0.99, "wrong entry": 0.0}, []),
        ({"right, all": 0.895}, []),
        ({"right, all": 0.894}, ["right, all"]),
        ({"right, ko": 0.8}, ["right, ko"]),
        ({"wrong entry": 0.06}, ["wrong entry"]),
        ({"milliseconds, median": 400.0}, []),
    ],
)
def test_what_has_fallen_too_far_is_named(changes: dict[str, float], names: list[str]) -> None:
    assert worse(BEFORE, BEFORE | changes) == names


def test_a_figure_that_is_not_measured_any_more_is_worse_and_a_new_one_is_not() -> None:
    assert worse(BEFORE, {"right, all": 0.9, "wrong entry": 0.05}) == ["right, ko"]
    assert worse(BEFORE, BEFORE | {"agreement": 0.1}) == []


def test_without_figures_nothing_is_known_to_be_good() -> None:
    assert worse({}, {}) == ["right, all"]


def test_both_models_stand_beside_each_other() -> None:
    (first, *_) = compare(BEFORE, BEFORE | {"right, all": 0.5})

    assert (first.name, first.before, first.after, first.worse) == ("right, all", 0.9, 0.5, True)
