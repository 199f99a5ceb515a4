"""The vectors of messages and of training texts, as Rasa's dense sentence features."""

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

from bot.nlu.encoders import Kind, SentenceEncoder
from bot.nlu.patterns import without_particulars
from bot.nlu.turn import plain_text, read_context
from bot.nlu.vector_cache import PATH, VectorCache

ANSWER_TO = "answer_to"
"""On a training text that is an answer, not an example of a message: the label of the entry that it belongs to."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceFeaturizer(GraphComponent):  # type: ignore[misc]
    """Adds the dense sentence features that the classifier reads."""

    def __init__(self) -> None:
        self._encoder = SentenceEncoder()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceFeaturizer:
        """Rasa's way to make a component."""
        return cls()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Encode every example of an intent and every answer, as far as the cache does not know them."""
        cache = VectorCache(PATH, self._encoder.fingerprint())
        for kind, key in ((Kind.QUESTION, INTENT), (Kind.ANSWER, ANSWER_TO)):
            texts = [each for each in training_data.training_examples if each.get(key) and each.get(TEXT)]
            if texts:
                plain = [_plain(each) for each in texts]
                _add(texts, cache.vectors(plain, kind.name, lambda new, kind=kind: self._encoder.encode(new, kind)))
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Encode each typed message; a pressed button says itself what it means."""
        typed = [message for message in messages if read_context(message.get("metadata")).payload is None]
        if typed:
            _add(typed, self._encoder.encode([_plain(message) for message in typed]))
        return messages


def _plain(message: Message) -> str:
    return without_particulars(plain_text(message.get(TEXT) or "")) or " "


def _add(messages: list[Message], vectors: np.ndarray) -> None:
    for message, vector in zip(messages, vectors, strict=True):
        message.add_features(Features(vector[np.newaxis], FEATURE_TYPE_SENTENCE, TEXT, SentenceFeaturizer.__name__))


def sentence_vector(message: Message) -> np.ndarray | None:
    """The sentence features of `message`, shape (sum(WIDTHS),), or None where it has none."""
    _, features = message.get_dense_features(TEXT, [])
    return None if features is None else np.asarray(features.features)[0]
