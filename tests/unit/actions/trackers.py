"""What Rasa hands to an action, built from a few words; and what an action does with it, easy to read."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import TEXT_MARK
from bot.knowledge import Language
from bot.nlu.turn import parse_payload

CONVERSATION = "c" * 32
SURE = 0.95
UNSURE = 0.3


@dataclass(frozen=True)
class Said:
    """One message of the person, as the engine understands it."""

    text: str
    intent: str
    confidence: float = SURE
    entities: Mapping[str, str] = field(default_factory=dict)
    entries: tuple[str, ...] = ()
    payload: str | None = None

    def parsed(self) -> dict[str, Any]:
        """The shape of Rasa's `parse_data`, in which a tracker's latest message comes, too."""
        entities = [{"entity": name, "value": value} for name, value in self.entities.items()]
        ranking = [{"intent_response_key": f"faq/{entry}", "confidence": 0.5} for entry in self.entries]
        return {
            "text": TEXT_MARK + self.text,
            "intent": {"name": self.intent, "confidence": self.confidence},
            "entities": [{"entity": "language", "value": "de"}, *entities],
            "response_selector": {"all_retrieval_intents": ["faq"], "faq": {"ranking": ranking}},
            "metadata": {"payload": self.payload},
        }

    def event(self) -> dict[str, Any]:
        """The shape of Rasa's `user` event."""
        parsed = self.parsed()
        return {"event": "user", "text": parsed["text"], "parse_data": parsed, "metadata": parsed["metadata"]}


def asked(text: str, *entries: str, confidence: float = SURE) -> Said:
    """A question that the knowledge base answers."""
    return Said(text, "faq", confidence, entries=entries or ("starthub-cost",))


def pressed(payload: str, title: str = "a button") -> Said:
    """A button."""
    meaning = parse_payload(payload)
    assert meaning is not None
    return Said(title, meaning.intent, 1.0, meaning.entities, payload=payload)


def tracker(
    *messages: Said,
    form: str | None = None,
    requested: str | None = None,
    interrupted: bool = False,
    language: Language = Language.GERMAN,
    conversation: str = CONVERSATION,
    **slots: Any,
) -> Tracker:
    """A conversation's state.

    Arguments:
        messages: of the person, the latest last.
        form: the active form. requested: the field that it asked for last.
        interrupted: the form has already been run for the latest message, and left it to a rule.
    """
    events: list[dict[str, Any]] = [{"event": "action", "name": "action_session_start"}]
    for message in messages:
        events += [{"event": "action", "name": "action_listen"}, message.event()]
    if interrupted:
        events += [{"event": "action_execution_rejected", "name": form}, {"event": "action", "name": "utter_faq"}]
    return Tracker(
        sender_id=conversation,
        slots={"language": language.value, "requested_slot": requested, **slots},
        latest_message=messages[-1].parsed() if messages else {},
        events=events,
        paused=False,
        followup_action=None,
        active_loop={"name": form} if form else {},
        latest_action_name="action_listen",
    )


@dataclass(frozen=True)
class Performed:
    """What an action did.

    Arguments:
        slots: what it set; a slot set twice shows its last value.
        last_slot: which it set last: Rasa's form looks at it.
        replies: as Rasa's dispatcher collected them.
    """

    slots: dict[str, Any]
    last_slot: str | None
    replies: list[dict[str, Any]]

    @property
    def did_nothing(self) -> bool:
        """No events and no words: the form leaves the message to another rule."""
        return not self.slots and not self.replies

    @property
    def said(self) -> list[str]:
        """Names of the responses."""
        return [reply["custom"]["response"] for reply in self.replies]

    @property
    def text(self) -> str:
        """All that was said."""
        return "\n".join(reply["text"] for reply in self.replies)

    @property
    def payloads(self) -> list[str]:
        """What the buttons stand for."""
        return [button["payload"] for reply in self.replies for button in reply["buttons"]]


def perform(action: Action, state: Tracker) -> Performed:
    """Run an action as the action server does."""
    dispatcher = CollectingDispatcher()
    events = asyncio.run(action.run(dispatcher, state, {}))
    assert all(event["event"] == "slot" for event in events)
    slots = {event["name"]: event["value"] for event in events}
    return Performed(slots, events[-1]["name"] if events else None, dispatcher.messages)
