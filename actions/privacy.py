"""Privacy, said with this installation's own figures."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.speech import Speech
from actions.turn import Turn


class SayPrivacy(Action):
    """Says what is stored, with the number of days that this installation keeps it."""

    def __init__(self, retention_days: int, speech: Speech) -> None:
        self._retention_days = retention_days
        self._speech = speech

    def name(self) -> str:
        """The name in the rule."""
        return "action_say_privacy"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Say it."""
        turn = Turn.of(tracker)
        self._speech.say(dispatcher, turn.language, "say_privacy", {"retention_days": str(self._retention_days)})
        return []
