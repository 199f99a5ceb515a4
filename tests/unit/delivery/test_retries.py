"""Pauses between attempts grow, differ by chance, and heed what the other side asks for."""

import pytest

from bot.delivery import RetryPolicy
from bot.delivery.retries import LONGEST_PAUSE_SECONDS


def policy(chance: float = 0.5) -> RetryPolicy:
    return RetryPolicy(attempts=12, chance=lambda: chance)


def test_pauses_grow_threefold_up_to_six_hours() -> None:
    pauses = [policy().pause_seconds(attempt) for attempt in range(1, 10)]
    assert pauses == [10, 30, 90, 270, 810, 2430, 7290, LONGEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS]


def test_all_attempts_together_last_about_a_day() -> None:
    assert sum(policy(0.0).pause_seconds(attempt) for attempt in range(1, 12)) > 20 * 3600
    assert sum(policy().pause_seconds(attempt) for attempt in range(1, 12)) > 26 * 3600


@pytest.mark.parametrize(("chance", "expected"), [(0.0, 8.0), (0.25, 9.0), (1.0, 12.0)])
def test_chance_makes_a_pause_up_to_a_fifth_shorter_or_longer(chance: float, expected: float) -> None:
    assert policy(chance).pause_seconds(1) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("asked", "expected"), [(None, 10.0), (0.0, 10.0), (3.0, 10.0), (60.0, 60.0), (10.0**9, LONGEST_PAUSE_SECONDS)]
)
def test_the_other_side_may_ask_for_more_but_not_for_ever(asked: float | None, expected: float) -> None:
    assert policy().pause_seconds(1, asked) == expected


def test_a_thousand_attempts_do_not_overflow() -> None:
    assert policy().pause_seconds(1000) == LONGEST_PAUSE_SECONDS
