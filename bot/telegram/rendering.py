"""Messages in Telegram's form: escaped HTML, texts cut at the ends of sentences, inline buttons by id."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from telegram.constants import InlineKeyboardButtonLimit, MessageLimit

from bot.conversations import Message
from bot.knowledge import Language
from bot.store import Sender

TEXT_MAX_CHARACTERS = int(MessageLimit.MAX_TEXT_LENGTH)
"""4,096, counted after Telegram has read the formatting."""

DATA_MAX_BYTES = int(InlineKeyboardButtonLimit.MAX_CALLBACK_DATA)
"""64 bytes: an id fits, a Korean title would not."""

BUTTON_PREFIX = "b:"
RATING_PREFIX = "f:"

MARK = "✓ "
"""Before the title of a button that was pressed, which otherwise would leave no trace in the chat."""

PAIR_MAX_WIDTH = 20
"""Titles up to this wide stand two in a row; a Korean syllable is as wide as two letters."""

AS_OF = {Language.KOREAN: "{date} 기준", Language.GERMAN: "Stand {date}", Language.ENGLISH: "as of {date}"}

_REFERENCE = re.compile(r"(?<![0-9A-Z-])HE-\d{4}-[0-9A-Z]{7}(?![0-9A-Z])")
_RATING = re.compile(r"f:(\d{1,18}):([01])")
_SENTENCE_END = re.compile(r"(?<=[.!?。])\s+|\n+")


@dataclass(frozen=True)
class OutgoingButton:
    """An inline button: what it shows, and the data that comes back when it is pressed."""

    title: str
    data: str


Rows = tuple[tuple[OutgoingButton, ...], ...]


@dataclass(frozen=True)
class Keyboard:
    """In place of the person's own keyboard: `texts` to send with a tap, and one button that shares their contact."""

    texts: tuple[str, ...]
    contact: str


@dataclass(frozen=True)
class Outgoing:
    """One message to send: `text` is Telegram's HTML.

    Arguments:
        rows: inline buttons, row by row.
        keyboard: only where there are no `rows`: Telegram takes one of the two. Without either, one from before goes.
    """

    text: str
    rows: Rows = ()
    keyboard: Keyboard | None = None


@dataclass(frozen=True)
class Rating:
    """Whether a message helped, as a pressed thumb says it."""

    message_id: int
    helpful: bool


def plain(text: str) -> list[Outgoing]:
    """A text of ours; cut if it is too long."""
    return [Outgoing(_formatted(part)) for part in split(text)]


def rendered(message: Message, keyboard: Keyboard | None = None) -> list[Outgoing]:
    """A message of the conversation with its sources and buttons, and thumbs under what states facts.

    Arguments:
        keyboard: offered if the message has no buttons of its own.
    """
    rows = _in_rows([OutgoingButton(button.title, BUTTON_PREFIX + button.id) for button in message.buttons])
    if message.entry is not None and message.sender is Sender.BOT:
        rows = (*rows, _thumbs(message.id))
    parts = [_formatted(part) for part in split(message.text)]
    sources = _sources(message)
    if sources and len(parts[-1]) + len(sources) < TEXT_MAX_CHARACTERS:
        parts[-1] += f"\n\n{sources}"
    elif sources:
        parts.append(sources)
    return [*(Outgoing(part) for part in parts[:-1]), Outgoing(parts[-1], rows, None if rows else keyboard)]


def rating_of(data: str) -> Rating | None:
    """What a pressed button's data says about a message; None if it is no thumb."""
    found = _RATING.fullmatch(data)
    return Rating(int(found[1]), found[2] == "1") if found else None


def marked(rows: Rows, data: str) -> Rows:
    """The buttons of a message with the pressed one marked. Of two thumbs, only the last pressed bears a mark."""
    is_rating = data.startswith(RATING_PREFIX)
    return tuple(tuple(_marked(button, data, is_rating=is_rating) for button in row) for row in rows)


def _marked(button: OutgoingButton, data: str, *, is_rating: bool) -> OutgoingButton:
    title = button.title.removeprefix(MARK)
    if button.data == data:
        return replace(button, title=MARK + title)
    return replace(button, title=title) if is_rating and button.data.startswith(RATING_PREFIX) else button


def _thumbs(message_id: int) -> tuple[OutgoingButton, ...]:
    return (
        OutgoingButton("👍", f"{RATING_PREFIX}{message_id}:1"),
        OutgoingButton("👎", f"{RATING_PREFIX}{message_id}:0"),
    )


def _in_rows(buttons: Sequence[OutgoingButton]) -> Rows:
    rows: list[tuple[OutgoingButton, ...]] = []
    for button in buttons:
        if rows and len(rows[-1]) == 1 and _is_short(button) and _is_short(rows[-1][0]):
            rows[-1] = (*rows[-1], button)
        else:
            rows.append((button,))
    return tuple(rows)


def _is_short(button: OutgoingButton) -> bool:
    width = sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in button.title)
    return width <= PAIR_MAX_WIDTH


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
