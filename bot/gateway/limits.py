"""How often a client address may start conversations, and how often a conversation may send."""

import ipaddress
import math
import time

import limits
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter

from bot.errors import RateLimited
from bot.settings import Settings

IPV6_PREFIX = 64
"""One household or server has a whole /64: single addresses in it are no limit to anybody."""


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
        await self._check(self._conversations, "start", _network(address))

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


def _network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, IPV6_PREFIX), strict=False))
    return address
