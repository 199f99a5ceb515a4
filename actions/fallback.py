"""What is said when a message was not understood: first the nearest entries, then a person."""

from __future__ import annotations

import json

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.speech import Speech
from actions.turn import Turn
from bot.knowledge import KnowledgeBase, ResponseButton

CLOSEST_ENTRIES = 3
"""More buttons than this are not read on a phone."""

FALLBACK = "nlu_fallback"


class OfferClosest(Action):
    """Offers the nearest entries as buttons; the second time in a row it offers to log an inquiry."""

    def __init__(self, knowledge: KnowledgeBase, speech: Speech) -> None:
        self._knowledge = knowledge
        self._speech = speech

    def name(self) -> str:
        """The name in the rule."""
        return "action_offer_closest"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Offer."""
        turn = Turn.of(tracker)
        known = [entry for entry in turn.message.entries if entry in self._knowledge.entries][:CLOSEST_ENTRIES]
        again = bool(turn.before) and turn.before[0].intent == FALLBACK
        if again or not known:
            self._speech.say(dispatcher, turn.language, "say_offer_inquiry")
            return []
        buttons = tuple(
            ResponseButton(self._knowledge.entries[entry].title(turn.language), f"/faq{json.dumps({'entry': entry})}")
            for entry in known
        )
        self._speech.say(dispatcher, turn.language, "say_offer_closest", buttons=buttons)
        return []
