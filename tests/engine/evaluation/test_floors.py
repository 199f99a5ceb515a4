import pytest

from bot.evaluation.floors import load_floors, missed
from bot.knowledge import KnowledgeError


def test_a_figure_below_its_floor_is_missed_and_one_above_is_not():
    assert missed({"right, all": 0.89}, {"right, all": 0.90}) == ["right, all: 0.890, the floor is 0.900"]
    assert missed({"right, all": 0.91}, {"right, all": 0.90}) == []


def test_of_errors_less_is_better():
    assert missed({"out of scope answered": 0.04}, {"out of scope answered": 0.03})
    assert not missed({"out of scope answered": 0.02}, {"out of scope answered": 0.03})


def test_a_figure_that_is_not_measured_any_more_is_missed():
    assert missed({}, {"agreement": 0.9})


def test_floors_are_numbers_by_name(tmp_path):
    path = tmp_path / "floors.yml"
    path.write_text("right, all: high\n", encoding="utf-8")

    with pytest.raises(KnowledgeError, match=r"floors\.yml"):
        load_floors(path)
