"""Seeing that something has happened to an inquiry, whichever process it happened in."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from sqlalchemy import func, select

from bot.errors import StoreError
from bot.store import InquiryEvent, Store

PERIOD_SECONDS = 1.0
"""How late a page learns of something at most. One look, at the end of one index, serves all pages."""

_log = logging.getLogger(__name__)


class LiveWatch:
    """Tells waiting pages that the history of inquiries has grown; inquiries are logged in another process.

    Args:
        store: the database.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._latest = 0
        self._changed = asyncio.Condition()

    @property
    def latest(self) -> int:
        """A number that grows whenever something happens to an inquiry."""
        return self._latest

    async def wait(self, after: int, seconds: float) -> int:
        """Return the number once it is above `after`, or as it is when the time is up."""
        async with self._changed:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait_for(lambda: self._latest > after), seconds)
            return self._latest

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Look again and again as long as the block lasts."""
        await self._look()
        task = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait({task})

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(PERIOD_SECONDS)
            try:
                await self._look()
            except StoreError as error:
                _log.warning("what has happened is looked for again: %s: %s", error.code, error)

    async def _look(self) -> None:
        latest = await asyncio.to_thread(self._read)
        if latest > self._latest:
            async with self._changed:
                self._latest = latest
                self._changed.notify_all()

    def _read(self) -> int:
        with self._store.reading() as session:
            return session.scalar(select(func.max(InquiryEvent.id))) or 0
