"""The loop that takes due deliveries of one channel out of the outbox and has them delivered."""

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Protocol

from bot.delivery import outbox
from bot.delivery.records import ClaimedDelivery
from bot.delivery.retries import RetryPolicy
from bot.errors import AssistantError, DeliveryPostponed, DeliveryRefused, LeaseLost
from bot.store import DeliveryState, Transactions, utc_now

BATCH = 8
"""Deliveries under way at once: few enough for a small mail server."""

DELIVERY_SECONDS = 150.0
"""How long one attempt may take unless a worker is told otherwise: a mail server may take a minute to each question."""

LEASE_MARGIN_SECONDS = 30.0
"""An attempt has ended so long before its lease does."""

POLL_SECONDS = 0.5
"""How soon a worker sees what another process has put in; the look is one indexed read."""

STOP_SECONDS = 5.0

_log = logging.getLogger(__name__)


class Courier(Protocol):
    """Delivers over one channel. All that a face has to bring along to deliver its messages."""

    async def deliver(self, delivery: ClaimedDelivery) -> None:
        """Deliver; returning means that it has arrived, and a repeat of the same id must not be shown twice.

        Raises:
            DeliveryPostponed: it may arrive later; so does anything unexpected.
            DeliveryRefused: it will never arrive as it is.
            LeaseLost: it is no longer this worker's, or was erased; nothing is marked.
        """


class Worker:
    """Delivers what is due over one channel; several workers may run, in any process.

    Args:
        transactions: of the database.
        channel: whose deliveries.
        courier: delivers them.
        policy: how often, and with which pauses.
        delivery_seconds: how long one attempt may take; what a worker that died had claimed is due soon after that.
        clock: the time in UTC.
        pause: waits for a number of seconds between looks.
    """

    def __init__(
        self,
        transactions: Transactions,
        channel: str,
        courier: Courier,
        policy: RetryPolicy,
        *,
        delivery_seconds: float = DELIVERY_SECONDS,
        clock: Callable[[], datetime] = utc_now,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._transactions = transactions
        self._channel = channel
        self._courier = courier
        self._policy = policy
        self._delivery_seconds = delivery_seconds
        self._clock = clock
        self._pause = pause

    async def run(self) -> None:
        """Deliver until cancelled; what is under way then is finished if it does not take too long."""
        while True:
            try:
                found = await self.deliver_due()
            except AssistantError as error:
                _log.warning("%s: the outbox cannot be read: %s: %s", self._channel, error.code, error)
                found = 0
            if not found:
                await self._pause(POLL_SECONDS)

    async def deliver_due(self) -> int:
        """Try once what is due now, at most a batch; return how many that were.

        Raises:
            StoreError: the database failed.
        """
        now = self._clock()
        if not await self._transactions.read(partial(outbox.has_due, channel=self._channel, now=now)):
            return 0
        claim = partial(
            outbox.claim,
            channel=self._channel,
            now=now,
            limit=BATCH,
            lease_seconds=self._delivery_seconds + LEASE_MARGIN_SECONDS,
            policy=self._policy,
        )
        deliveries = await self._transactions.write(claim)
        attempts = [asyncio.create_task(self._attempt(delivery)) for delivery in deliveries]
        if attempts:
            try:
                await asyncio.shield(asyncio.wait(attempts))
            except asyncio.CancelledError:
                _, late = await asyncio.wait(attempts, timeout=STOP_SECONDS)
                for attempt in late:
                    attempt.cancel()
                raise
        return len(deliveries)

    async def _attempt(self, delivery: ClaimedDelivery) -> None:
        try:
            await self._deliver(delivery)
        except LeaseLost:
            _log.info("delivery %d is no longer this worker's, or was erased", delivery.id)
        except AssistantError as error:
            # It is due again when its lease ends.
            _log.warning("delivery %d cannot be marked: %s: %s", delivery.id, error.code, error)

    async def _deliver(self, delivery: ClaimedDelivery) -> None:
        try:
            async with asyncio.timeout(self._delivery_seconds):
                await self._courier.deliver(delivery)
        except LeaseLost:
            raise
        except DeliveryRefused as error:
            await self._fail(delivery, str(error))
        except DeliveryPostponed as error:
            await self._postpone(delivery, str(error), error.retry_after_seconds)
        except TimeoutError:
            await self._postpone(delivery, f"took longer than {self._delivery_seconds:g} s")
        except AssistantError as error:
            await self._postpone(delivery, f"{error.code}: {error}")
        except Exception as error:
            # A fault of one channel or row must not stop the others. Its text may quote what somebody wrote.
            _log.error("delivery %d: %s\n%s", delivery.id, type(error).__name__, _places(error))
            await self._postpone(delivery, f"unexpected {type(error).__name__}")
        else:
            await self._transactions.write(partial(outbox.mark_delivered, delivery=delivery, now=self._clock()))

    async def _postpone(self, delivery: ClaimedDelivery, reason: str, retry_after_seconds: float | None = None) -> None:
        work = partial(
            outbox.postpone,
            delivery=delivery,
            now=self._clock(),
            error=reason,
            policy=self._policy,
            retry_after_seconds=retry_after_seconds,
        )
        state = await self._transactions.write(work)
        level = logging.ERROR if state is DeliveryState.FAILED else logging.WARNING
        _log.log(level, "delivery %d (%s) %s: %s", delivery.id, self._channel, state, reason)

    async def _fail(self, delivery: ClaimedDelivery, reason: str) -> None:
        await self._transactions.write(partial(outbox.mark_failed, delivery=delivery, now=self._clock(), error=reason))
        _log.error("delivery %d (%s) failed for good: %s", delivery.id, self._channel, reason)


def _places(error: Exception) -> str:
    return "".join(traceback.format_tb(error.__traceback__))
