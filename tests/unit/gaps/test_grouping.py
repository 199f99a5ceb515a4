"""Questions of one meaning come together, the same ones every time."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from bot.gaps.grouping import group, middle


def near(*directions: tuple[float, ...]) -> np.ndarray:
    rows = np.array(directions, dtype=np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_what_is_alike_is_one_group_and_the_largest_comes_first() -> None:
    vectors = near((0, 1, 0), (1, 0, 0), (1, 0.1, 0), (0, 0.1, 1), (1, 0, 0.1))

    assert group(vectors, 0.9) == [[1, 2, 4], [0], [3]]


def test_groups_of_one_size_are_in_the_order_of_their_first_questions() -> None:
    assert group(near((0, 1), (1, 0), (0, 1), (1, 0)), 0.9) == [[0, 2], [1, 3]]


def test_a_chain_of_neighbours_is_not_one_group_unless_all_are_alike() -> None:
    """With single linkage, everything would end up in one group by small steps."""
    angles = np.linspace(0, np.pi / 2, 10)
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)

    groups = group(vectors, 0.9)
    assert len(groups) > 1
    assert sorted(row for rows in groups for row in rows) == list(range(10))


@pytest.mark.parametrize("count", [0, 1])
def test_nothing_and_one_question_are_groups_too(count: int) -> None:
    assert group(np.ones((count, 4), dtype=np.float32)) == [[0]][:count]


@given(arrays(np.float32, st.tuples(st.integers(2, 25), st.just(3)), elements=st.floats(-1, 1, width=16)))
def test_every_question_is_in_one_group_and_the_groups_are_those_of_merging_the_nearest_two(rows: np.ndarray) -> None:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    vectors = np.where(lengths > 0, rows / np.maximum(lengths, 1e-9), 0).astype(np.float32)

    groups = group(vectors, 0.7)
    assert sorted(row for members in groups for row in members) == list(range(len(vectors)))
    similar = vectors.astype(np.float64) @ vectors.astype(np.float64).T
    for place, one in enumerate(groups):
        for other in groups[place + 1 :]:
            assert similar[np.ix_(one, other)].mean() < 0.7 + 1e-4


def test_the_question_that_stands_for_a_group_is_the_one_most_like_the_others() -> None:
    vectors = near((1, 0), (1, 0.5), (1, 1))

    assert middle(vectors, [0, 1, 2]) == 1
