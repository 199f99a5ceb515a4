"""Calls to Telegram that wait out what passes: limits, failing servers, lost connections."""

from __future__ import annotations

import asyncio
import logging

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bot.telegram.patience import Pause, persist
from bot.telegram.rendering import Outgoing

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
        rows = [[InlineKeyboardButton(button.title, callback_data=button.data)] for button in message.buttons]
        try:
            await persist(
                lambda: self._bot.send_message(
                    chat_id,
                    message.text,
                    parse_mode=ParseMode.HTML,
                    reply_markup=InlineKeyboardMarkup(rows) if rows else None,
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
        """Show that an answer is on its way. A courtesy: whatever goes wrong, the answer is not late for it."""
        try:
            await self._bot.send_chat_action(chat_id, ChatAction.TYPING)
        except TelegramError as error:
            _log.debug("typing was not shown: %s", type(error).__name__)

    async def answer_callback(self, callback: str, notice: str | None) -> None:
        """Let a pressed button come to rest, with a notice if it did nothing. Telegram forgets old presses."""
        try:
            await self._bot.answer_callback_query(callback, text=notice, show_alert=notice is not None)
        except TelegramError as error:
            _log.debug("a pressed button was not answered: %s", type(error).__name__)
