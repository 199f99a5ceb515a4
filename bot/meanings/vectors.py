"""Stored vectors as rows to compute with, and the cells that they lie in.

A cell is a pattern of signs: on which side of some fixed planes a vector lies (Charikar 2002). Texts of like meaning
lie in the same cell or in one beside it, so that among a million only a few thousand have to be compared.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np

PLANES = 10
"""1,024 cells: of a million inquiries about a thousand each."""

_SEED = 20261127


def matrix(vectors: Sequence[bytes]) -> np.ndarray:
    """Stored vectors as float32 rows of length 1."""
    if not vectors:
        return np.empty((0, 0), dtype=np.float32)
    rows = np.frombuffer(b"".join(vectors), dtype=np.int8).reshape(len(vectors), -1).astype(np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-9), dtype=np.float32)


def cell_of(vector: bytes) -> int:
    """The cell that a stored vector lies in."""
    return _cell(_distances(vector) > 0)


def cells_near(vector: bytes, count: int) -> list[int]:
    """The vector's own cell and those beside it, the likeliest first: beyond the planes that it lies nearest to."""
    distances = _distances(vector)
    signs = distances > 0
    nearest = np.argsort(np.abs(distances), kind="stable")
    # Beyond one plane, or beyond two: what that costs is the square of the way.
    flips: list[tuple[float, tuple[int, ...]]] = [(0.0, ())]
    for place, first in enumerate(nearest):
        flips.append((float(distances[first] ** 2), (int(first),)))
        for second in nearest[:place]:
            flips.append((float(distances[first] ** 2 + distances[second] ** 2), (int(first), int(second))))
    cells = []
    for _, planes in sorted(flips)[:count]:
        beyond = signs.copy()
        beyond[list(planes)] ^= True
        cells.append(_cell(beyond))
    return cells


def _distances(vector: bytes) -> np.ndarray:
    row = matrix([vector])[0]
    return np.asarray(_planes(len(row)) @ row)


@cache
def _planes(width: int) -> np.ndarray:
    planes = np.random.Generator(np.random.PCG64(_SEED)).normal(size=(PLANES, width))
    return np.asarray(planes, dtype=np.float32)


def _cell(signs: np.ndarray) -> int:
    return int(signs @ (1 << np.arange(PLANES)))
