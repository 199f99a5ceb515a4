"""The first component: the language of a message, given on as the entity `language`, which fills the slot."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.component import Component
from bot.nlu.identification import LinguaDetector, identify
from bot.nlu.turn import plain_text, read_context


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class LanguageIdentifier(Component):
    """Sets `language` on each message and adds it as an entity."""

    def __init__(self) -> None:
        self._detector = LinguaDetector()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LanguageIdentifier:
        """Rasa's way to make a component."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Identify each message's language from its text and the conversation's language."""
        for message in messages:
            context = read_context(message.get("metadata"))
            language = context.language
            if context.payload is None:
                text = plain_text(message.get(TEXT) or "")
                language = identify(text, language, self._detector, pinned=context.pinned, asks=context.asks)
            entity = {"entity": "language", "value": language.value, "extractor": type(self).__name__}
            message.set("language", language.value)
            message.set(ENTITIES, [*message.get(ENTITIES, []), entity], add_to_output=True)
        return messages
