import pytest

from bot.evaluation import metrics
from bot.evaluation.outcomes import Did
from bot.knowledge import Language
from tests.engine.evaluation.outcomes import outcome


def test_a_share_lies_inside_its_interval_and_the_interval_narrows_with_more_questions():
    few = metrics.share([outcome(), outcome(entries=("exist-stipendium",))] * 10, lambda o: o.right)
    many = metrics.share([outcome(), outcome(entries=("exist-stipendium",))] * 1000, lambda o: o.right)

    assert few.value == many.value == 0.5
    assert few.low < 0.5 < few.high
    assert many.high - many.low < few.high - few.low


def test_a_share_of_nothing_is_nothing():
    assert metrics.share([], lambda o: o.right) == metrics.Share(0.0, 0.0, 0.0, 0)


def test_three_languages_with_one_stranger_agree_in_one_pair_of_three():
    same_case = [
        outcome(language=Language.KOREAN),
        outcome(language=Language.GERMAN),
        outcome(language=Language.ENGLISH, entries=("exist-stipendium",)),
    ]

    assert metrics.agreement(same_case).value == pytest.approx(1 / 3)
    assert metrics.agreement(same_case).count == 3


def test_cases_are_compared_only_with_themselves():
    outcomes = [outcome(case=1, entries=("a",)), outcome(case=2, entries=("b",), language=Language.KOREAN)]

    assert metrics.agreement(outcomes).count == 0


@pytest.mark.parametrize(
    ("inside", "outside", "area"),
    [([0.9, 0.8], [0.1, 0.2], 1.0), ([0.1, 0.2], [0.9, 0.8], 0.0), ([0.5, 0.5], [0.5], 0.5), ([0.9, 0.3], [0.5], 0.5)],
)
def test_auroc_is_the_chance_to_trust_a_good_question_more(inside, outside, area):
    assert metrics.auroc(inside, outside) == pytest.approx(area)


def test_recall_counts_what_the_threshold_of_each_refusal_rate_refuses():
    inside = [0.1, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.96, 0.97, 0.98]
    outside = [0.05, 0.2, 0.55, 0.99]

    assert metrics.recall_at(inside, outside, [0.0, 0.1, 0.2]) == [(0.0, 0.25), (0.1, 0.5), (0.2, 0.75)]


def test_confidence_that_is_kept_has_no_error_and_boasting_has():
    honest = [(0.75, True)] * 3 + [(0.75, False)]
    boasting = [(1.0, False)] * 4

    assert metrics.calibration_error(honest) == pytest.approx(0.0)
    assert metrics.calibration_error(boasting) == pytest.approx(1.0)


def test_bins_hold_every_observation_once():
    observed = [(step / 20, step % 2 == 0) for step in range(21)]

    assert sum(part.count for part in metrics.bins(observed)) == 21


def test_confusions_are_wrong_answers_only_the_most_frequent_first():
    outcomes = [
        outcome(entries=("exist-stipendium",)),
        outcome(entries=("exist-stipendium",)),
        outcome(entries=("distral",)),
        outcome(),
        outcome(did=Did.CLARIFIED, entries=("zim",)),
    ]

    assert metrics.confusions(outcomes) == [("push-what", "exist-stipendium", 2), ("push-what", "distral", 1)]
