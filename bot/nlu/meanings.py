"""What texts mean, as vectors for other processes: near each other for the same meaning, in whatever language.

Only Google's multilingual encoder, uncentred: so a vector stays the same when the model is trained again, and vectors
made years apart may be compared. Rounded to a byte a number, which changes a cosine by less than 0.003.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import Sequence

import numpy as np

from bot.nlu.encoders import SentenceEncoder, universal_encoder
from bot.nlu.patterns import without_particulars

TEXTS_MAX = 64
"""More in one call are refused."""

_LARGEST = 127


async def meanings(texts: Sequence[str]) -> list[str]:
    """One vector a text: signed bytes in base64.

    Between two texts others have their turn: people in conversations do not wait for more than one text.
    """
    vectors = []
    for text in texts:
        vectors.append(_packed(universal_encoder().encode([without_particulars(text) or " "])[0]))
        await asyncio.sleep(0)
    return vectors


def encoder_name() -> str:
    """Changes whenever vectors may no longer be compared with those from before."""
    return hashlib.sha256(SentenceEncoder.fingerprint().encode()).hexdigest()[:16]


def _packed(vector: np.ndarray) -> str:
    scaled = np.rint(vector * (_LARGEST / max(float(np.abs(vector).max()), 1e-9)))
    return base64.b64encode(scaled.astype(np.int8).tobytes()).decode()
