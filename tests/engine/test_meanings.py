"""Vectors for other processes: near for the same meaning in any language, and made without holding others up."""

from __future__ import annotations

import asyncio
import base64

import numpy as np

from bot.nlu.encoders import WIDTHS
from bot.nlu.meanings import encoder_name, meanings

SAME = (
    "Wie wird das Wetter morgen in Frankfurt?",
    "What will the weather be like tomorrow in Frankfurt?",
    "내일 프랑크푸르트 날씨는 어때요?",
)
OTHER = "Schreib mir bitte ein Gedicht über Katzen"


def vectors(*texts: str) -> np.ndarray:
    packed = asyncio.run(meanings(texts))
    rows = np.array([np.frombuffer(base64.b64decode(text), dtype=np.int8) for text in packed], dtype=np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_one_question_lies_near_itself_in_other_languages_and_far_from_others() -> None:
    found = vectors(*SAME, OTHER)

    similar = found @ found.T
    assert found.shape == (4, WIDTHS[0])
    assert similar[:3, :3].min() > 0.55
    assert similar[3, :3].max() < 0.45


def test_an_empty_text_has_a_vector_too() -> None:
    assert np.isfinite(vectors("", "  ")).all()


def test_between_two_texts_others_have_their_turn() -> None:
    async def work() -> int:
        turns = 0

        async def other() -> None:
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0)

        task = asyncio.create_task(other())
        await meanings(SAME)
        task.cancel()
        return turns

    assert asyncio.run(work()) >= len(SAME)


def test_the_encoders_name_fits_its_column() -> None:
    assert len(encoder_name()) == 16
