"""The tracker's loose dictionaries as one typed view of the turn that an action answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rasa_sdk import Tracker

from bot.knowledge import Language

TEXT_MARK = "\u2060"
"""The engine puts it before typed text, so that none is read as a command; see `bot.nlu.turn`."""


@dataclass(frozen=True)
class Entity:
    """Something recognised in a message: `value` is a canonical id."""

    name: str
    value: str


@dataclass(frozen=True)
class UserMessage:
    """One message of the person, as the engine understood it.

    `entries` are the nearest knowledge entries, best first; `pressed` tells a button from typed text.
    """

    text: str
    intent: str
    confidence: float
    entities: tuple[Entity, ...]
    entries: tuple[str, ...]
    pressed: bool

    def entity(self, name: str) -> str | None:
        """The first value of an entity, or None."""
        return next((entity.value for entity in self.entities if entity.name == name), None)

    @property
    def is_question(self) -> bool:
        """Whether it is written as a question."""
        return self.text.rstrip().endswith(("?", "？"))


@dataclass(frozen=True)
class Turn:
    """What an action needs to know.

    Arguments:
        message: the latest message.
        before: the messages before it in this session, latest first.
        requested: the field that the active form asked for last; None when a form opens.
        interrupted: the form runs again after something else was answered in the same turn.
    """

    conversation: str
    language: Language
    message: UserMessage
    before: tuple[UserMessage, ...]
    requested: str | None
    interrupted: bool
    slots: dict[str, Any]

    @classmethod
    def of(cls, tracker: Tracker) -> Turn:
        """Read a tracker."""
        messages = [_message(event) for event in reversed(tracker.events) if event.get("event") == "user"]
        active = bool(tracker.active_loop) and tracker.active_loop.get("name") is not None
        return cls(
            conversation=tracker.sender_id,
            language=Language(tracker.get_slot("language") or Language.ENGLISH.value),
            message=_message(tracker.latest_message),
            before=tuple(messages[1:]),
            requested=tracker.get_slot("requested_slot") if active else None,
            interrupted=_interrupted(tracker.events),
            slots=dict(tracker.slots),
        )

    def text(self, slot: str) -> str | None:
        """A slot's value as text, or None."""
        value = self.slots.get(slot)
        return None if value is None else str(value)


def _interrupted(events: list[dict[str, Any]]) -> bool:
    """Whether the form has already been run for the latest message and left it to another rule."""
    for event in reversed(events):
        if event.get("event") == "user":
            return False
        if event.get("event") == "action_execution_rejected":
            return True
    return False


def _message(event: dict[str, Any]) -> UserMessage:
    parsed = event.get("parse_data", event)
    intent = parsed.get("intent") or {}
    ranking = parsed.get("response_selector", {}).get("faq", {}).get("ranking", [])
    return UserMessage(
        text=(event.get("text") or "").removeprefix(TEXT_MARK),
        intent=intent.get("name") or "nlu_fallback",
        confidence=intent.get("confidence") or 0.0,
        entities=tuple(
            Entity(entity["entity"], str(entity["value"]))
            for entity in parsed.get("entities", [])
            if entity["entity"] != "language"
        ),
        entries=tuple(item["intent_response_key"].partition("/")[2] for item in ranking),
        pressed=bool((event.get("metadata") or {}).get("payload")),
    )
