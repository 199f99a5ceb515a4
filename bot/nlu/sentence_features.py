"""The vectors of messages and of training texts, as Rasa's dense sentence features."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.component import Component
from bot.nlu.encoders import WIDTHS, Kind, SentenceEncoder
from bot.nlu.patterns import without_particulars
from bot.nlu.spelling import SpellingMender
from bot.nlu.training_texts import training_texts
from bot.nlu.turn import plain_text, read_context
from bot.nlu.vector_cache import PATH, VectorCache

MENDED = "mended_texts"
"""On a message: each of its texts as it was encoded, with its spelling mended."""

_WORDS = "words.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SentenceFeaturizer(Component):
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
        texts = (each.text for example in training_data.training_examples for each in training_texts(example))
        words = SpellingMender.learn(texts).seen
        with self._storage.write_to(self._resource) as folder:
            (folder / _WORDS).write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Encode every text of every example, as far as the cache does not know it."""
        cache = VectorCache(PATH, self._encoder.fingerprint())
        examples = [(example, training_texts(example)) for example in training_data.training_examples]
        kinds = [text.kind for _, own in examples for text in own]
        mended = [self._mended(text.text) for _, own in examples for text in own]
        vectors = np.empty((len(mended), sum(WIDTHS)), dtype=np.float32)
        for kind in Kind:
            places = [place for place, each in enumerate(kinds) if each is kind]
            if places:
                vectors[places] = cache.vectors(
                    [mended[place] for place in places],
                    kind.name,
                    lambda new, kind=kind: self._encoder.encode(new, kind),
                )
        ends = np.cumsum([len(own) for _, own in examples])
        for (example, own), end in zip(examples, ends, strict=True):
            if own:
                here = slice(end - len(own), end)
                _add(example, tuple(mended[here]), vectors[here])
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Encode each typed message; a pressed button says itself what it means."""
        typed = [message for message in messages if read_context(message.get("metadata")).payload is None]
        mended = [self._mended(plain_text(message.get(TEXT) or "")) for message in typed]
        for message, text, vector in zip(typed, mended, self._encoder.encode(mended), strict=True):
            _add(message, (text,), vector[np.newaxis])
        return messages

    def _mended(self, text: str) -> str:
        return self._mender.mend(without_particulars(text)) or " "


def _add(message: Message, mended: tuple[str, ...], vectors: np.ndarray) -> None:
    message.set(MENDED, mended)
    message.add_features(Features(vectors, FEATURE_TYPE_SENTENCE, TEXT, SentenceFeaturizer.__name__))


def sentence_vectors(message: Message) -> np.ndarray | None:
    """The vector of each text of `message`, shape (texts, sum(WIDTHS)), or None where it has none."""
    _, features = message.get_dense_features(TEXT, [])
    return None if features is None else np.asarray(features.features)
