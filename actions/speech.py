"""Saying a response of `data/responses` from an action, in the language of the conversation."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from rasa_sdk.executor import CollectingDispatcher

from bot.knowledge import Language, ResponseButton, Responses

NO_VALUES: Mapping[str, str] = MappingProxyType({})


class Speech:
    """Renders responses and hands them to Rasa's dispatcher."""

    def __init__(self, responses: Responses) -> None:
        self._responses = responses

    def say(
        self,
        dispatcher: CollectingDispatcher,
        language: Language,
        name: str,
        values: Mapping[str, str] = NO_VALUES,
        *,
        buttons: tuple[ResponseButton, ...] = (),
        erase_conversation: bool = False,
    ) -> None:
        """Say the response `name`.

        Arguments:
            values: for the response's placeholders.
            buttons: instead of the response's own.
            erase_conversation: tells the gateway to erase the conversation once this is said.

        Raises:
            KeyError: no such response, or a placeholder without a value.
        """
        rendered = self._responses.render(name, language, **values)
        custom = {"response": name, "asks": rendered.asks}
        dispatcher.utter_message(
            text=rendered.text,
            buttons=[{"title": button.title, "payload": button.payload} for button in buttons or rendered.buttons],
            json_message={**custom, "erase_conversation": True} if erase_conversation else custom,
        )

    def title_of(self, name: str, language: Language, payload: str) -> str:
        """The title of the button of response `name` that stands for `payload`.

        Raises:
            StopIteration: it has no such button.
        """
        buttons = self._responses.by_name[name].buttons_in(language)
        return next(button.title for button in buttons if button.payload == payload)
