"""What the gateway says about a message beside its text, as it arrives in the message's metadata."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.knowledge import Language

TEXT_MARK = "\u2060"
"""A word joiner before every text a person typed.

Rasa reads any text that begins with `/` as an intent, entities and slots included. `str.strip` keeps this mark, so a
marked text never begins with `/`, and people's text stays data.
"""

_PAYLOAD = re.compile(r"/(?P<intent>[a-z_]+)(?P<entities>\{.*\})?")


def mark_text(text: str) -> str:
    """The text as it may enter Rasa."""
    return TEXT_MARK + text


def plain_text(text: str) -> str:
    """The text as the person typed it."""
    return text.removeprefix(TEXT_MARK)


@dataclass(frozen=True)
class Payload:
    """What a pressed button stands for: an intent, and entities by name.

    `/faq{"entry": "starthub-cost"}` is the intent `faq` with the entity `entry`.
    """

    intent: str
    entities: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class TurnContext:
    """The conversation as a component needs it.

    Arguments:
        language: the conversation's language.
        pinned: the person chose it; it stays until they choose again.
        asks: the field of a form that the assistant last asked for.
        previous_entry: the knowledge entry answered last, which a follow-up question leans on.
        payload: set where the message is a pressed button instead of a text.
    """

    language: Language = Language.ENGLISH
    pinned: bool = False
    asks: str | None = None
    previous_entry: str | None = None
    payload: Payload | None = None


def read_context(metadata: Mapping[str, Any] | None) -> TurnContext:
    """The context in a message's metadata; a message from elsewhere (training, a shell) has the default one."""
    data = metadata or {}
    language = data.get("language")
    return TurnContext(
        language=Language(language) if language in list(Language) else Language.ENGLISH,
        pinned=bool(data.get("pinned")),
        asks=data.get("asks"),
        previous_entry=data.get("previous_entry"),
        payload=parse_payload(data.get("payload")),
    )


def looks_like_payload(text: str) -> bool:
    """Whether somebody typed what only a button sends: an intent with entities."""
    match = _PAYLOAD.fullmatch(text.strip())
    return match is not None and match.group("entities") is not None


def parse_payload(text: str | None) -> Payload | None:
    """Read a payload in Rasa's notation; None where there is none or it cannot be read.

    Payloads come from the project's own files by way of the gateway, never from people.
    """
    match = _PAYLOAD.fullmatch(text or "")
    if match is None:
        return None
    try:
        entities = json.loads(match.group("entities") or "{}")
    except ValueError:
        return None
    return Payload(match.group("intent"), {str(name): str(value) for name, value in entities.items()})
