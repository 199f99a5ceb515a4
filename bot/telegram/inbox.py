"""The durable queue of updates: stored before they are acknowledged, handled once, forgotten after two days."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from bot.store import Transactions, utc_now
from bot.store.telegram import TelegramUpdate, UpdateState

KEPT = timedelta(days=2)
"""Telegram repeats an update for at most 24 hours; after twice that no id can come again."""


@dataclass(frozen=True)
class StoredUpdate:
    """An update to handle: `content` is Telegram's JSON, `sent` how many of its answers are already sent."""

    update_id: int
    chat_id: int
    content: str
    sent: int = 0


class Inbox:
    """The queue in the database."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions
        self._handled: list[int] = []
        self._marking = asyncio.Lock()

    async def store(self, updates: Sequence[StoredUpdate]) -> list[StoredUpdate]:
        """Store what is new of `updates` and return it, in the order of ids.

        Raises:
            StoreError: the database failed; nothing is stored, and Telegram sends them again.
        """

        def work(session: Session) -> list[StoredUpdate]:
            ids = [update.update_id for update in updates]
            known = set(session.scalars(select(TelegramUpdate.update_id).where(TelegramUpdate.update_id.in_(ids))))
            new = {update.update_id: update for update in updates if update.update_id not in known}
            for stored in new.values():
                session.add(TelegramUpdate(update_id=stored.update_id, chat_id=stored.chat_id, content=stored.content))
            return sorted(new.values(), key=lambda stored: stored.update_id)

        return await self._transactions.write(work)

    async def pending(self) -> list[StoredUpdate]:
        """Everything that a stop or a crash left, in the order it came."""

        def work(session: Session) -> list[StoredUpdate]:
            rows = session.scalars(
                select(TelegramUpdate)
                .where(TelegramUpdate.state == UpdateState.PENDING)
                .order_by(TelegramUpdate.update_id)
            )
            return [StoredUpdate(row.update_id, row.chat_id, row.content or "", row.sent) for row in rows]

        return await self._transactions.read(work)

    async def next_offset(self) -> int | None:
        """The first update id that is not stored; None if nothing is."""
        last = await self._transactions.read(lambda session: session.scalar(select(func.max(TelegramUpdate.update_id))))
        return None if last is None else last + 1

    async def sent(self, update_id: int, count: int) -> None:
        """Note that the first `count` messages of the answer have been sent."""
        await self._change([update_id], sent=count)

    async def done(self, update_id: int) -> None:
        """Handled: what it said is dropped. One transaction does for all that are handled while another one runs.

        Raises:
            StoreError: the database failed; to be called again.
        """
        self._handled.append(update_id)
        async with self._marking:
            if update_id not in self._handled:
                return
            handled, self._handled = self._handled, []
            try:
                await self._change(handled, state=UpdateState.DONE, content=None)
            except BaseException:
                self._handled = [*(other for other in handled if other != update_id), *self._handled]
                raise

    async def forget(self, before: datetime | None = None) -> None:
        """Delete what was handled before `before`, by default two days ago. The newest id stays, for the offset."""
        limit = utc_now() - KEPT if before is None else before

        def work(session: Session) -> None:
            newest = select(func.max(TelegramUpdate.update_id)).scalar_subquery()
            session.execute(
                delete(TelegramUpdate)
                .where(TelegramUpdate.state == UpdateState.DONE, TelegramUpdate.received_at < limit)
                .where(TelegramUpdate.update_id < newest)
                .execution_options(synchronize_session=False)
            )

        await self._transactions.write(work)

    async def _change(self, update_ids: Sequence[int], **values: object) -> None:
        statement = update(TelegramUpdate).where(TelegramUpdate.update_id.in_(update_ids)).values(**values)

        def work(session: Session) -> None:
            session.execute(statement.execution_options(synchronize_session=False))

        await self._transactions.write(work)
