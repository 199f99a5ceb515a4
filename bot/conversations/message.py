"""Messages and conversations as faces see them."""

from dataclasses import dataclass
from datetime import datetime

from bot.knowledge import Language
from bot.store import Message as MessageRow
from bot.store import Sender


@dataclass(frozen=True)
class MessageButton:
    """A button offered with a message. What it means to the engine stays on the server."""

    id: str
    title: str


@dataclass(frozen=True)
class MessageSource:
    """Where a message's facts are from, and the date they are true for."""

    title: str
    url: str | None
    as_of: str | None


@dataclass(frozen=True)
class Message:
    """One message of a conversation; ids rise by time."""

    id: int
    sender: Sender
    text: str
    language: Language
    buttons: tuple[MessageButton, ...]
    sources: tuple[MessageSource, ...]
    entry: str | None
    asks: str | None
    created_at: datetime


@dataclass(frozen=True)
class Answered:
    """What a message was answered with; `message` is the visitor's own if it was recorded just now."""

    replies: tuple[Message, ...]
    message: Message | None = None


@dataclass(frozen=True)
class Greeting:
    """What a face shows before anything is stored: the first message, and the titles of its buttons."""

    language: Language
    text: str
    suggestions: tuple[str, ...]


@dataclass(frozen=True)
class StartedConversation:
    """A new conversation. Its token is told this once; only its hash is kept."""

    id: str
    token: str
    language: Language
    messages: tuple[Message, ...]


def message_from_row(row: MessageRow) -> Message:
    """The message that a row holds."""
    return Message(
        id=row.id,
        sender=row.sender,
        text=row.text,
        language=Language(row.language),
        buttons=tuple(MessageButton(button.id, button.title) for button in row.buttons),
        sources=tuple(MessageSource(**source) for source in row.sources),
        entry=row.entry,
        asks=row.asks,
        created_at=row.created_at,
    )
