"""Stored vectors as rows to compute with."""

from collections.abc import Sequence

import numpy as np


def matrix(vectors: Sequence[bytes]) -> np.ndarray:
    """Stored vectors, signed bytes, as float32 rows of length 1."""
    if not vectors:
        return np.empty((0, 0), dtype=np.float32)
    rows = np.frombuffer(b"".join(vectors), dtype=np.int8).reshape(len(vectors), -1).astype(np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-9), dtype=np.float32)
