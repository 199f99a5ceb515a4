"""Vectors of training texts are made once, and a cache that is lost or broken costs time only."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from bot.nlu.vector_cache import TRAININGS_KEPT, VectorCache


class Counting:
    """Encodes a text as its length, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, texts: Sequence[str]) -> np.ndarray:
        self.asked.extend(texts)
        return np.array([[len(text), 1.0] for text in texts], dtype=np.float32)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "var" / "vectors.db"


def test_a_text_is_encoded_once(path: Path) -> None:
    encode = Counting()
    first = VectorCache(path, "1").vectors(["a", "bb", "a"], "question", encode)
    second = VectorCache(path, "1").vectors(["bb", "ccc"], "question", encode)

    assert encode.asked == ["a", "bb", "ccc"]
    assert first[:, 0].tolist() == [1, 2, 1]
    assert second[:, 0].tolist() == [2, 3]


@pytest.mark.parametrize(("fingerprint", "kind"), [("2", "question"), ("1", "answer")])
def test_another_encoder_or_kind_finds_nothing(path: Path, fingerprint: str, kind: str) -> None:
    encode = Counting()
    VectorCache(path, "1").vectors(["a"], "question", encode)
    VectorCache(path, fingerprint).vectors(["a"], kind, encode)

    assert encode.asked == ["a", "a"]


def test_what_is_no_longer_asked_for_is_forgotten(path: Path) -> None:
    encode = Counting()
    cache = VectorCache(path, "1")
    cache.vectors(["old", "kept"], "question", encode)
    for _ in range(TRAININGS_KEPT):
        cache.vectors(["kept"], "question", encode)
    cache.vectors(["old", "kept"], "question", encode)

    assert encode.asked == ["old", "kept", "old"]


def test_a_broken_file_does_not_stop_training(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"no database " * 1_000)

    assert VectorCache(path, "1").vectors(["a"], "question", Counting()).tolist() == [[1, 1]]


def test_a_folder_that_cannot_be_written_does_not_stop_training(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    assert VectorCache(tmp_path / "file" / "x.db", "1").vectors(["a"], "question", Counting()).tolist() == [[1, 1]]
