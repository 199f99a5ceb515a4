"""Calls to Telegram that wait out what passes: limits, failing servers, lost connections."""

from __future__ import annotations

import asyncio
import logging

from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    LinkPreviewOptions,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bot.telegram.patience import Pause, persist
from bot.telegram.rendering import Outgoing, Rows

TYPING_AFTER_SECONDS = 0.7
"""Most answers are there sooner; a call to Telegram for each would only take its time."""

TYPING_AGAIN_SECONDS = 4.5
"""Telegram shows it for five."""

_log = logging.getLogger(__name__)


class Unreachable(Exception):
    """The person has blocked the bot, or the chat is gone: nothing more can be sent to it."""


class Sender:
    """Sends messages through one bot.

    Arguments:
        pause: waits; tests hand in one that does not.
    """

    def __init__(self, bot: Bot, pause: Pause = asyncio.sleep) -> None:
        self._bot = bot
        self._pause = pause

    async def send(self, chat_id: int, message: Outgoing) -> None:
        """Send one message, for as long as it takes. One that Telegram refuses for good is dropped, and logged.

        Raises:
            Unreachable: the chat is closed to the bot.
        """
        try:
            await persist(
                lambda: self._bot.send_message(
                    chat_id,
                    message.text,
                    parse_mode=ParseMode.HTML,
                    reply_markup=_markup(message),
                    link_preview_options=LinkPreviewOptions(is_disabled=True),
                ),
                self._pause,
            )
        except ChatMigrated as error:
            await self.send(error.new_chat_id, message)
        except Forbidden as error:
            raise Unreachable from error
        except BadRequest as error:
            if "chat not found" in error.message.casefold():
                raise Unreachable from error
            # Sent again it would be refused again, and hold up what comes after it.
            _log.error("Telegram refused a message of %d characters: %s", len(message.text), error.message)

    async def typing(self, chat_id: int) -> None:
        """Show that an answer is on its way, until cancelled; nothing of one that is there at once.

        A courtesy: whatever goes wrong, the answer is not late for it.
        """
        await asyncio.sleep(TYPING_AFTER_SECONDS)
        while True:
            # Shielded: to break a call off costs its connection, and the next call a new one.
            await asyncio.shield(self._type(chat_id))
            await asyncio.sleep(TYPING_AGAIN_SECONDS)

    async def _type(self, chat_id: int) -> None:
        try:
            await self._bot.send_chat_action(chat_id, ChatAction.TYPING)
        except TelegramError as error:
            _log.debug("typing was not shown: %s", type(error).__name__)

    async def answer_callback(self, callback: str, notice: str | None, *, alert: bool) -> None:
        """Let a pressed button come to rest, with a notice if there is something to say. Telegram forgets old presses.

        Arguments:
            alert: whether the notice stays until it is closed.
        """
        try:
            await self._bot.answer_callback_query(callback, text=notice, show_alert=alert)
        except TelegramError as error:
            _log.debug("a pressed button was not answered: %s", type(error).__name__)

    async def show_buttons(self, chat_id: int, message_id: int, rows: Rows) -> None:
        """Show a message's buttons anew. A courtesy, as typing is; of old messages Telegram refuses it."""
        try:
            await self._bot.edit_message_reply_markup(chat_id, message_id, reply_markup=_inline(rows))
        except TelegramError as error:
            _log.debug("buttons were not changed: %s", type(error).__name__)


def _markup(message: Outgoing) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove:
    if message.rows:
        return _inline(message.rows)
    if message.keyboard is None:
        return ReplyKeyboardRemove()
    buttons = [[KeyboardButton(text)] for text in message.keyboard.texts]
    buttons.append([KeyboardButton(message.keyboard.contact, request_contact=True)])
    return ReplyKeyboardMarkup(buttons, resize_keyboard=True, one_time_keyboard=True)


def _inline(rows: Rows) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(button.title, callback_data=button.data) for button in row] for row in rows]
    )
