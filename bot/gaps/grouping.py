"""Putting questions of one meaning together, whatever their language: average linkage over sentence vectors.

Two groups are one while their questions are, on average, at least as alike as `SAME_MEANING`. Found by chains of
nearest neighbours (Murtagh 1983), which leads to the same groups as always merging the nearest two, in quadratic time.
The same questions in the same order always lead to the same groups.
"""

from collections.abc import Sequence

import numpy as np

SAME_MEANING = 0.55
"""Cosine from which on questions are taken for one; chosen on the translated questions in tests/evaluation/tuning."""


def group(vectors: np.ndarray, same_meaning: float = SAME_MEANING) -> list[list[int]]:
    """Group rows of `vectors`, each of length 1.

    Returns:
        The groups as row numbers, rising; the largest group first, then the one whose first row comes first.
    """
    count = len(vectors)
    members: dict[int, list[int]] = {number: [number] for number in range(count)}
    if count > 1:
        _merge(vectors @ vectors.T, members, same_meaning)
    groups = [sorted(rows) for rows in members.values()]
    return sorted(groups, key=lambda rows: (-len(rows), rows[0]))


def middle(vectors: np.ndarray, rows: Sequence[int]) -> int:
    """The row that is most like all the others of its group: the question that stands for it."""
    own = vectors[list(rows)]
    return rows[int(np.argmax(own @ own.mean(axis=0)))]


def _merge(similar: np.ndarray, members: dict[int, list[int]], same_meaning: float) -> None:
    similar = similar.astype(np.float32, copy=True)
    np.fill_diagonal(similar, -np.inf)
    chain: list[int] = []
    # Groups that are done: nothing left is near enough to them. Average linkage never brings groups nearer.
    open_groups = dict.fromkeys(members)
    while open_groups:
        if not chain:
            chain.append(next(iter(open_groups)))
        last = chain[-1]
        nearest = int(np.argmax(similar[last]))
        # With equals, the one before in the chain is taken, or the chain would go round in circles.
        if len(chain) > 1 and similar[last, chain[-2]] >= similar[last, nearest]:
            nearest = chain[-2]
        if not similar[last, nearest] >= same_meaning:
            for done in chain:
                del open_groups[done]
            similar[chain] = similar[:, chain] = -np.inf
            chain.clear()
        elif len(chain) > 1 and nearest == chain[-2]:
            del chain[-2:]
            keep, gone = sorted((last, nearest))
            ours, theirs = len(members[keep]), len(members[gone])
            joined = (similar[keep] * ours + similar[gone] * theirs) / (ours + theirs)
            similar[keep] = similar[:, keep] = joined
            similar[gone] = similar[:, gone] = similar[keep, keep] = -np.inf
            members[keep] += members.pop(gone)
            del open_groups[gone]
        else:
            chain.append(nearest)
