"""Vectors of training texts, kept between trainings, so that an edit costs the encoding of what was edited.

A file of its own under `var/`; lost, it is made again. Messages that people send are never looked up or kept here.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

PATH = Path("var/vectors.db")

TRAININGS_KEPT = 20
"""A vector that none of the last trainings asked for is forgotten."""

_TABLES = """
create table if not exists vectors (key blob primary key, vector blob not null, training integer not null);
create table if not exists trainings (number integer primary key);
"""


class VectorCache:
    """Looks vectors up by the content of what they were made from.

    Arguments:
        path: the file. fingerprint: of the encoders; with another one nothing is found.
    """

    def __init__(self, path: Path, fingerprint: str) -> None:
        self._path = path
        self._fingerprint = fingerprint

    def vectors(self, texts: Sequence[str], kind: str, encode: Callable[[Sequence[str]], np.ndarray]) -> np.ndarray:
        """One float32 row a text; `encode` makes those that are not kept.

        A file that cannot be used is no reason not to train: then everything is encoded.
        """
        keys = {text: self._key(text, kind) for text in dict.fromkeys(texts)}
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(self._path, timeout=30)
        except (OSError, sqlite3.Error):
            return encode(texts)
        try:
            return self._through(connection, keys, texts, encode)
        except sqlite3.DatabaseError:
            return encode(texts)
        finally:
            connection.close()

    def _through(
        self,
        connection: sqlite3.Connection,
        keys: dict[str, bytes],
        texts: Sequence[str],
        encode: Callable[[Sequence[str]], np.ndarray],
    ) -> np.ndarray:
        connection.executescript(_TABLES)
        training = connection.execute("insert into trainings default values").lastrowid or 0
        found: dict[str, np.ndarray] = {}
        ageing = []
        for text, key in keys.items():
            row = connection.execute("select vector, training from vectors where key = ?", (key,)).fetchone()
            if row is not None:
                found[text] = np.frombuffer(row[0], dtype=np.float32)
                if row[1] < training - TRAININGS_KEPT // 2:
                    ageing.append(key)
        new = [text for text in keys if text not in found]
        if new:
            found.update(zip(new, encode(new), strict=True))
        connection.executemany(
            "insert into vectors values (?, ?, ?)",
            ((keys[text], found[text].astype(np.float32).tobytes(), training) for text in new),
        )
        # To note each use would write all vectors anew each time; a note from half of their time ago is good enough.
        connection.executemany("update vectors set training = ? where key = ?", ((training, key) for key in ageing))
        connection.execute("delete from vectors where training <= ?", (training - TRAININGS_KEPT,))
        connection.commit()
        return np.stack([found[text] for text in texts])

    def _key(self, text: str, kind: str) -> bytes:
        return hashlib.sha256("\0".join((self._fingerprint, kind, text)).encode()).digest()
