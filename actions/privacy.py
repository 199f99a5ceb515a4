"""Privacy, said with this installation's own figures."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.speech import Speech
from actions.turn import Turn


class SayPrivacy(Action):
    """Says what is stored, with the numbers of days that this installation keeps it."""

    def __init__(self, speech: Speech, transcript_days: int, inquiry_days: int) -> None:
        self._speech = speech
        self._days = {"transcript_days": str(transcript_days), "inquiry_days": str(inquiry_days)}

    def name(self) -> str:
        """The name in the rule."""
        return "action_say_privacy"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Say it."""
        turn = Turn.of(tracker)
        self._speech.say(dispatcher, turn.language, "say_privacy", self._days)
        return []
