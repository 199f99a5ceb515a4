"""Long polling: the way for development, and wherever no public address is to be had."""

from __future__ import annotations

import asyncio
import logging

from telegram import Bot
from telegram.error import Conflict, TelegramError

from bot.errors import StoreError
from bot.telegram.dispatcher import Dispatcher
from bot.telegram.inbox import Inbox, StoredUpdate
from bot.telegram.incoming import ALLOWED_UPDATES, chat_of
from bot.telegram.patience import PAUSE_FIRST_SECONDS, Pause, longer, persist

POLL_SECONDS = 30
"""How long Telegram holds a call when nothing has happened."""

BATCH = 100

_log = logging.getLogger(__name__)


class Receiver:
    """Asks for updates without end. Asking for those after an id acknowledges those before it, so they are stored."""

    def __init__(self, bot: Bot, inbox: Inbox, dispatcher: Dispatcher, pause: Pause = asyncio.sleep) -> None:
        self._bot = bot
        self._inbox = inbox
        self._dispatcher = dispatcher
        self._pause = pause

    async def run(self) -> None:
        """Receive until cancelled."""
        offset = await self._inbox.next_offset()
        wait = PAUSE_FIRST_SECONDS
        while True:
            try:
                offset = await self._poll(offset)
                wait = PAUSE_FIRST_SECONDS
                continue
            except Conflict:
                _log.error("another process polls with this bot's token: stop it, or set a webhook there")
            except (TelegramError, StoreError) as error:
                _log.error("no updates: %s; again in %.1f s", type(error).__name__, wait)
            await self._pause(wait)
            wait = longer(wait)

    async def _poll(self, offset: int | None) -> int | None:
        updates = await persist(
            lambda: self._bot.get_updates(
                offset=offset, limit=BATCH, timeout=POLL_SECONDS, allowed_updates=ALLOWED_UPDATES
            ),
            self._pause,
        )
        stored = [
            StoredUpdate(update.update_id, chat, update.to_json())
            for update in updates
            if (chat := chat_of(update)) is not None
        ]
        self._dispatcher.dispatch(await self._inbox.store(stored))
        return updates[-1].update_id + 1 if updates else offset
