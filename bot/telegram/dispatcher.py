"""Hands updates to `Handling`: in order within a chat, side by side between chats, each until it is done."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import deque
from collections.abc import Sequence

from telegram import Bot, Update

from bot.errors import StoreError
from bot.telegram.chats import Chats
from bot.telegram.handling import Handled, Handling
from bot.telegram.inbox import Inbox, StoredUpdate
from bot.telegram.incoming import Incoming, Kind, read
from bot.telegram.patience import Pause
from bot.telegram.rendering import marked
from bot.telegram.sender import Sender, Unreachable

CHATS_AT_ONCE = 64
"""More would only wait for the engine and the database."""

STORE_PAUSE_SECONDS = 1.0

CLOSE_SECONDS = 8.0
"""Less than the supervisor waits before it kills; an answer takes a second, a limit of Telegram's may take longer."""

_TYPING = frozenset({Kind.TEXT, Kind.COMMAND, Kind.BUTTON, Kind.CONTACT})

_log = logging.getLogger(__name__)


class Dispatcher:
    """One task a chat that has something to do; it ends when nothing is left."""

    def __init__(
        self, bot: Bot, inbox: Inbox, chats: Chats, handling: Handling, sender: Sender, pause: Pause = asyncio.sleep
    ) -> None:
        self._bot = bot
        self._inbox = inbox
        self._chats = chats
        self._handling = handling
        self._sender = sender
        self._pause = pause
        self._waiting: dict[int, deque[StoredUpdate]] = {}
        # What has been sent of an answer, in case it cannot be noted at once.
        self._sent: dict[int, int] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = False
        self._at_once = asyncio.Semaphore(CHATS_AT_ONCE)

    def dispatch(self, updates: Sequence[StoredUpdate]) -> None:
        """Queue updates, each behind what waits in its chat."""
        for update in updates:
            waiting = self._waiting.get(update.chat_id)
            if waiting is not None:
                waiting.append(update)
                continue
            self._waiting[update.chat_id] = deque([update])
            task = asyncio.create_task(self._work(update.chat_id))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Finish the updates that are being handled; the others are pending in the database until the next start."""
        self._closing = True
        if self._tasks:
            await asyncio.wait(tuple(self._tasks), timeout=CLOSE_SECONDS)
        for task in tuple(self._tasks):
            task.cancel()
        if self._tasks:
            await asyncio.wait(tuple(self._tasks))

    async def _work(self, chat_id: int) -> None:
        waiting = self._waiting[chat_id]
        while waiting and not self._closing:
            async with self._at_once:
                await self._until_done(waiting[0])
            waiting.popleft()
        del self._waiting[chat_id]

    async def _until_done(self, stored: StoredUpdate) -> None:
        while True:
            try:
                await self._handle(stored)
                self._sent.pop(stored.update_id, None)
                return
            except StoreError as error:
                _log.error("update %d waits for the database: %s", stored.update_id, error)
            except Exception:
                # One update must not hold up its chat for ever: it is put aside, with what went wrong in the log.
                _log.exception("update %d could not be handled", stored.update_id)
                await self._inbox.done(stored.update_id)
                self._sent.pop(stored.update_id, None)
                return
            await self._pause(STORE_PAUSE_SECONDS)

    async def _handle(self, stored: StoredUpdate) -> None:
        update = Update.de_json(json.loads(stored.content), self._bot)
        incoming = read(update)
        if incoming is not None:
            await self._answer(stored, incoming)
        await self._inbox.done(stored.update_id)

    async def _answer(self, stored: StoredUpdate, incoming: Incoming) -> None:
        handled = await self._with_typing(incoming)
        if incoming.callback is not None:
            await self._sender.answer_callback(incoming.callback, handled.notice, alert=not handled.is_pressed)
        if handled.is_pressed and incoming.pressed_under is not None:
            buttons = marked(incoming.shown, incoming.button)
            if buttons != incoming.shown:
                await self._sender.show_buttons(incoming.chat_id, incoming.pressed_under, buttons)
        sent = self._sent.get(stored.update_id, stored.sent)
        for position, message in enumerate(handled.messages[sent:], start=sent + 1):
            try:
                await self._sender.send(stored.chat_id, message)
            except Unreachable:
                await self._chats.set_reachable(stored.chat_id, reachable=False)
                return
            self._sent[stored.update_id] = position
            if position < len(handled.messages):
                # After the last one the update as a whole is noted as done.
                await self._inbox.sent(stored.update_id, position)

    async def _with_typing(self, incoming: Incoming) -> Handled:
        if incoming.kind not in _TYPING:
            return await self._handling.handle(incoming)
        typing = asyncio.create_task(self._sender.typing(incoming.chat_id))
        try:
            return await self._handling.handle(incoming)
        finally:
            typing.cancel()
