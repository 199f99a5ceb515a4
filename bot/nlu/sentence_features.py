"""The vectors of messages and of training texts, as Rasa's dense sentence features."""

from __future__ import annotations

import json
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
from bot.nlu.spelling import SpellingMender
from bot.nlu.turn import plain_text, read_context
from bot.nlu.vector_cache import PATH, VectorCache

ANSWER_TO = "answer_to"
"""On a training text that is an answer, not an example of a message: the label of the entry that it belongs to."""


_WORDS = "words.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SentenceFeaturizer(GraphComponent):  # type: ignore[misc]
    """Adds the dense sentence features that the classifier reads."""

    def __init__(self, storage: ModelStorage, resource: Resource, mender: SpellingMender | None = None) -> None:
        self._storage = storage
        self._resource = resource
        self._encoder = SentenceEncoder()
        self._mender = mender or SpellingMender({})

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceFeaturizer:
        """Rasa's way to make a component."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SentenceFeaturizer:
        """Read a trained component back from a model."""
        with model_storage.read_from(resource) as folder:
            words = json.loads((folder / _WORDS).read_text(encoding="utf-8"))
        return cls(model_storage, resource, SpellingMender(words))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn how the words of the training texts are spelt."""
        texts = (each.get(TEXT) for each in training_data.training_examples if each.get(INTENT) or each.get(ANSWER_TO))
        words = SpellingMender.learn(text for text in texts if text).words
        with self._storage.write_to(self._resource) as folder:
            (folder / _WORDS).write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Encode every example of an intent and every answer, as far as the cache does not know them."""
        cache = VectorCache(PATH, self._encoder.fingerprint())
        for kind, key in ((Kind.QUESTION, INTENT), (Kind.ANSWER, ANSWER_TO)):
            texts = [each for each in training_data.training_examples if each.get(key) and each.get(TEXT)]
            if texts:
                plain = [self._plain(each) for each in texts]
                _add(texts, cache.vectors(plain, kind.name, lambda new, kind=kind: self._encoder.encode(new, kind)))
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Encode each typed message; a pressed button says itself what it means."""
        typed = [message for message in messages if read_context(message.get("metadata")).payload is None]
        if typed:
            _add(typed, self._encoder.encode([self._plain(message) for message in typed]))
        return messages

    def _plain(self, message: Message) -> str:
        return self._mender.mend(without_particulars(plain_text(message.get(TEXT) or ""))) or " "


def _add(messages: list[Message], vectors: np.ndarray) -> None:
    for message, vector in zip(messages, vectors, strict=True):
        message.add_features(Features(vector[np.newaxis], FEATURE_TYPE_SENTENCE, TEXT, SentenceFeaturizer.__name__))


def sentence_vector(message: Message) -> np.ndarray | None:
    """The sentence features of `message`, shape (sum(WIDTHS),), or None where it has none."""
    _, features = message.get_dense_features(TEXT, [])
    return None if features is None else np.asarray(features.features)[0]
