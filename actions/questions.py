"""What the forms ask: one action a field, so that each question can depend on the conversation."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.speech import Speech
from actions.turn import Turn


class AskField(Action):
    """Asks for one field of a form with the response `say_ask_<form>_<field>`.

    Arguments:
        values: for the response's placeholders.
    """

    def __init__(self, speech: Speech, form: str, field: str, **values: str) -> None:
        self._speech = speech
        self._question = f"ask_{form}_{field}"
        self._values = values

    def name(self) -> str:
        """The name by which Rasa's form finds it."""
        return f"action_{self._question}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Ask."""
        self._speech.say(dispatcher, Turn.of(tracker).language, f"say_{self._question}", self._values)
        return []
