"""Calls to Telegram that wait out what passes: limits, failing servers, lost connections."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError

from bot.telegram.rendering import Outgoing

PAUSE_FIRST_SECONDS = 0.5
PAUSE_LAST_SECONDS = 30.0

Pause = Callable[[float], Awaitable[None]]

_log = logging.getLogger(__name__)

_Result = TypeVar("_Result")


def seconds_of(error: RetryAfter) -> float:
    """How long Telegram says to wait; the library gives it as a number or a span of time, as its version likes."""
    told = error.retry_after
    return float(told) if isinstance(told, (int, float)) else told.total_seconds()


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

    async def send(self, chat_id: int, message: Outgoing, *, reply_to: int | None = None) -> int | None:
        """Send one message, for as long as it takes; return its id, or None if Telegram refuses this message.

        Raises:
            Unreachable: the chat is closed to the bot.
        """
        rows = [[InlineKeyboardButton(button.title, callback_data=button.data)] for button in message.buttons]
        try:
            sent = await self._persist(
                lambda: self._bot.send_message(
                    chat_id,
                    message.text,
                    parse_mode=ParseMode.HTML,
                    reply_markup=InlineKeyboardMarkup(rows) if rows else None,
                    link_preview_options=LinkPreviewOptions(is_disabled=True),
                    reply_to_message_id=reply_to,
                )
            )
        except ChatMigrated as error:
            return await self.send(error.new_chat_id, message)
        except Forbidden as error:
            raise Unreachable from error
        except BadRequest as error:
            if "chat not found" in error.message.casefold():
                raise Unreachable from error
            # Sent again it would be refused again, and hold up what comes after it.
            _log.error("Telegram refused a message of %d characters: %s", len(message.text), error.message)
            return None
        return int(sent.message_id)

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

    async def _persist(self, call: Callable[[], Awaitable[_Result]]) -> _Result:
        """Make a call until Telegram takes or refuses it."""
        pause = PAUSE_FIRST_SECONDS
        while True:
            try:
                return await call()
            except RetryAfter as error:
                # A little later than told, and not all at the same moment.
                await self._pause(seconds_of(error) + random.uniform(0.05, 0.5))  # noqa: S311 (not a secret)
            except (BadRequest, Forbidden, ChatMigrated):
                raise
            except NetworkError as error:
                _log.warning("Telegram cannot be reached (%s); again in %.1f s", type(error).__name__, pause)
                await self._pause(pause * random.uniform(0.8, 1.2))  # noqa: S311 (not a secret)
                pause = min(pause * 2, PAUSE_LAST_SECONDS)
