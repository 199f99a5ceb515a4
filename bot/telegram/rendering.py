"""Messages in Telegram's form: escaped HTML, texts cut at the ends of sentences, inline buttons by id."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from telegram.constants import InlineKeyboardButtonLimit, MessageLimit

from bot.conversations import Message
from bot.knowledge import Language

TEXT_MAX_CHARACTERS = int(MessageLimit.MAX_TEXT_LENGTH)
"""4,096, counted after Telegram has read the formatting."""

DATA_MAX_BYTES = int(InlineKeyboardButtonLimit.MAX_CALLBACK_DATA)
"""64 bytes: an id fits, a Korean title would not."""

BUTTON_PREFIX = "b:"
NAME_BUTTON = "name"

AS_OF = {Language.KOREAN: "{date} 기준", Language.GERMAN: "Stand {date}", Language.ENGLISH: "as of {date}"}

_REFERENCE = re.compile(r"(?<![0-9A-Z-])HE-\d{4}-[0-9A-Z]{7}(?![0-9A-Z])")
_SENTENCE_END = re.compile(r"(?<=[.!?。])\s+|\n+")


@dataclass(frozen=True)
class OutgoingButton:
    """An inline button: what it shows, and the data that comes back when it is pressed."""

    title: str
    data: str


@dataclass(frozen=True)
class Outgoing:
    """One message to send: `text` is Telegram's HTML; one button a row."""

    text: str
    buttons: tuple[OutgoingButton, ...] = ()


def plain(text: str, buttons: tuple[OutgoingButton, ...] = ()) -> list[Outgoing]:
    """A text of ours; cut if it is too long, the buttons under the last part."""
    parts = [_formatted(part) for part in split(text)]
    return [*(Outgoing(part) for part in parts[:-1]), Outgoing(parts[-1], buttons)]


def rendered(message: Message, name: str = "") -> list[Outgoing]:
    """A message of the conversation with its sources and buttons.

    Arguments:
        name: the person's name, offered where the message asks for it.
    """
    buttons = tuple(OutgoingButton(button.title, BUTTON_PREFIX + button.id) for button in message.buttons)
    if message.asks == "name" and name:
        buttons = (OutgoingButton(name, NAME_BUTTON), *buttons)
    parts = [_formatted(part) for part in split(message.text)]
    sources = _sources(message)
    if sources and len(parts[-1]) + len(sources) < TEXT_MAX_CHARACTERS:
        parts[-1] += f"\n\n{sources}"
    elif sources:
        parts.append(sources)
    return [*(Outgoing(part) for part in parts[:-1]), Outgoing(parts[-1], buttons)]


def split(text: str, limit: int = TEXT_MAX_CHARACTERS) -> list[str]:
    """Cut at the last end of a sentence before the limit, else at the last space, else at the limit."""
    parts = []
    rest = text.strip()
    while len(rest) > limit:
        ends = [match.start() for match in _SENTENCE_END.finditer(rest, 0, limit)]
        cut = ends[-1] if ends else rest.rfind(" ", 1, limit)
        cut = cut if cut > 0 else limit
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*parts, rest]


def _formatted(text: str) -> str:
    # Text is data: whatever looks like markup is shown as it is. A reference is set so that a tap copies it.
    return _REFERENCE.sub(lambda match: f"<code>{match.group()}</code>", html.escape(text, quote=False))


def _sources(message: Message) -> str:
    lines = []
    for source in message.sources:
        title = html.escape(source.title)
        if source.url and source.url.startswith(("https://", "http://")):
            title = f'<a href="{html.escape(source.url)}">{title}</a>'
        dated = f" ({AS_OF[message.language].format(date=source.as_of)})" if source.as_of else ""
        lines.append(f"• {title}{dated}")
    return "\n".join(lines)
