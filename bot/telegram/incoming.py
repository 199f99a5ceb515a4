"""What an update means to the bot: one of a few kinds, with what is needed of it and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto

from telegram import CallbackQuery, ChatMember, Message, Update
from telegram.constants import ChatType

from bot.telegram.rendering import OutgoingButton, Rows

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
"""All that is asked of Telegram; channel posts, reactions, polls and the like never arrive."""


class Kind(Enum):
    """The kinds of updates that have a behaviour of their own."""

    TEXT = auto()
    COMMAND = auto()
    BUTTON = auto()
    CONTACT = auto()
    EDITED = auto()
    UNREADABLE = auto()
    BLOCKED = auto()
    RETURNED = auto()
    GROUP = auto()
    MIGRATED = auto()


@dataclass(frozen=True)
class Incoming:
    """One update.

    Arguments:
        text: what was typed, of a picture its caption; of a contact, the name on it.
        command: without its slash; `text` is then what stands behind it.
        button: the data of a pressed inline button.
        callback: to be answered, so that the button stops turning.
        pressed_under: the message with the pressed button, and
        shown: its buttons, if Telegram still knows them.
        language_code: of the person's Telegram client, IETF; None where it is not told.
        name: the person's own, as their profile shows it.
        migrated_to: the chat id that a group has now.
    """

    update_id: int
    chat_id: int
    kind: Kind
    text: str = ""
    command: str = ""
    button: str = ""
    callback: str | None = None
    pressed_under: int | None = None
    shown: Rows = ()
    language_code: str | None = None
    name: str = ""
    migrated_to: int | None = None


def chat_of(update: Update) -> int | None:
    """The chat that an update belongs to; None for one that belongs to none, which is not handled."""
    return update.effective_chat.id if update.effective_chat else None


def read(update: Update) -> Incoming | None:
    """What the update means; None if nothing follows from it."""
    chat, user = update.effective_chat, update.effective_user
    if chat is None:
        return None
    code, name = (user.language_code, user.full_name) if user else (None, "")
    seen = Incoming(update.update_id, chat.id, Kind.UNREADABLE, language_code=code, name=name)
    if chat.type != ChatType.PRIVATE:
        moved = update.message.migrate_to_chat_id if update.message else None
        return replace(seen, kind=Kind.MIGRATED, migrated_to=moved) if moved else replace(seen, kind=Kind.GROUP)
    if update.my_chat_member is not None:
        blocked = update.my_chat_member.new_chat_member.status in (ChatMember.BANNED, ChatMember.LEFT)
        return replace(seen, kind=Kind.BLOCKED if blocked else Kind.RETURNED)
    if update.callback_query is not None:
        return _read_press(seen, update.callback_query)
    if update.edited_message is not None:
        # A live location is edited every few seconds by itself.
        edited = update.edited_message
        return replace(seen, kind=Kind.EDITED) if edited.text or edited.caption else None
    return None if update.message is None else _read_message(seen, update.message)


def _read_press(seen: Incoming, query: CallbackQuery) -> Incoming:
    press = replace(seen, kind=Kind.BUTTON, button=query.data or "", callback=query.id)
    message = query.message
    # Telegram hands over an old message without its content.
    if not isinstance(message, Message) or message.reply_markup is None:
        return press
    rows = tuple(
        tuple(OutgoingButton(button.text, str(button.callback_data)) for button in row)
        for row in message.reply_markup.inline_keyboard
    )
    return replace(press, pressed_under=message.message_id, shown=rows)


def _read_message(seen: Incoming, message: Message) -> Incoming | None:
    if message.text and message.text.startswith("/"):
        command, _, rest = message.text[1:].partition(" ")
        # In menus of groups the bot's name stands behind the command.
        return replace(seen, kind=Kind.COMMAND, command=command.partition("@")[0].casefold(), text=rest.strip())
    if message.contact is not None:
        # Somebody else's card is not an answer, and its telephone number is never kept.
        own = message.from_user is not None and message.contact.user_id == message.from_user.id
        parts = (message.contact.first_name, message.contact.last_name)
        return replace(seen, kind=Kind.CONTACT, text=" ".join(part for part in parts if part) if own else "")
    text = message.text or message.caption or ""
    if text.strip():
        return replace(seen, kind=Kind.TEXT, text=text)
    # What says only that something has happened in the chat, such as a pinned message, is nobody's word.
    return seen if text or message.effective_attachment else None
