"""How often a client address may start conversations, and how often a conversation may send."""

import math
import time

import limits
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter

from bot.errors import RateLimited
from bot.networks import network_of
from bot.settings import Settings


class RateLimits:
    """Counts in memory, in windows that begin with the first call. Old windows are dropped."""

    def __init__(self, settings: Settings) -> None:
        self._limiter = FixedWindowRateLimiter(MemoryStorage())
        self._conversations = limits.parse(settings.rate_limit_conversations)
        self._messages = limits.parse(settings.rate_limit_messages)

    async def check_start(self, address: str) -> None:
        """Count a started conversation of a client address.

        Raises:
            RateLimited: that is too many.
        """
        await self._check(self._conversations, "start", network_of(address))

    async def check_message(self, conversation_id: str) -> None:
        """Count a message of a conversation.

        Raises:
            RateLimited: that is too many.
        """
        await self._check(self._messages, "message", conversation_id)

    async def _check(self, limit: limits.RateLimitItem, *key: str) -> None:
        if await self._limiter.hit(limit, *key):
            return
        window = await self._limiter.get_window_stats(limit, *key)
        raise RateLimited(max(1, math.ceil(window.reset_time - time.time())))
