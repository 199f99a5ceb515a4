"""Entities by spaCy rulers, each with its canonical id; the classifier takes them as features, too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.knowledge import Language, load_terms
from bot.nlu.component import Component, files_fingerprint
from bot.nlu.identification import has_hangul
from bot.nlu.recognition import Mention, TermRecognizer
from bot.nlu.training_texts import training_texts
from bot.nlu.turn import plain_text, read_context

TERMS = "terms"
"""On a message: the names of the terms in each of its texts, which the classifier reads."""

ELSEWHERE = "elsewhere"
"""A place outside what the assistant knows; to actions it is a place like any other."""

_ENTITIES = {ELSEWHERE: "place"}


# As a featurizer, too: Rasa shows training examples to featurizers only, and the classifier learns from their terms.
@DefaultV1Recipe.register(
    [DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR],
    is_trainable=False,
)
class TermEntityExtractor(Component):
    """Adds technologies, programmes, organisations, places, legal forms, e-mail addresses and references."""

    def __init__(self, config: dict[str, Any]) -> None:
        self._recognizer = TermRecognizer(load_terms(Path(config["terms"])))

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TermEntityExtractor:
        """Rasa's way to make a component."""
        return cls(config)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`terms`: the file of terms, from the folder that Rasa runs in."""
        return {"terms": "data/terms.yml"}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Changes with the terms, too."""
        return f"{super().fingerprint_addon(config)} {files_fingerprint([Path(config['terms'])])}"

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Note each example's terms for the classifier; as entities they would be something to learn."""
        for example in training_data.training_examples:
            texts = [each.text for each in training_texts(example)]
            if texts:
                example.set(TERMS, tuple(self._terms_of(text) for text in texts))
        return training_data

    def _terms_of(self, text: str) -> tuple[str, ...]:
        language = Language.KOREAN if has_hangul(text) else Language.GERMAN
        return _terms(self._recognizer.recognise(text, language))

    def process(self, messages: list[Message]) -> list[Message]:
        """Recognise each message's entities; a pressed button brings its own."""
        for message in messages:
            payload = read_context(message.get("metadata")).payload
            entities = self._named(payload.entities) if payload else self._recognised(message)
            message.set(ENTITIES, [*message.get(ENTITIES, []), *entities], add_to_output=True)
        return messages

    def _named(self, entities: dict[str, str]) -> list[dict[str, Any]]:
        return [self._entity(name, value, None, None) for name, value in entities.items()]

    def _recognised(self, message: Message) -> list[dict[str, Any]]:
        text = message.get(TEXT) or ""
        language = Language(message.get("language") or Language.ENGLISH.value)
        mentions = self._recognizer.recognise(plain_text(text), language)
        message.set(TERMS, (_terms(mentions),))
        # Offsets count in the text as the tracker holds it, mark included.
        shift = len(text) - len(plain_text(text))
        return [
            self._entity(
                _ENTITIES.get(mention.label, mention.label), mention.value, mention.start + shift, mention.end + shift
            )
            for mention in mentions
        ]

    def _entity(self, name: str, value: str, start: int | None, end: int | None) -> dict[str, Any]:
        place = {} if start is None else {"start": start, "end": end}
        return {"entity": name, "value": value, **place, "extractor": type(self).__name__}


def _terms(mentions: list[Mention]) -> tuple[str, ...]:
    """Mentions as names of features; of an address or a reference only that there is one."""
    names = {
        mention.label if mention.label in ("email", "reference") else f"{mention.label}/{mention.value}"
        for mention in mentions
    }
    if any(mention.label == ELSEWHERE for mention in mentions):
        # Each of these places is named too seldom to learn from; that it is one of them tells most.
        names.add(ELSEWHERE)
    return tuple(sorted(names))
