"""Waiting out what passes: Telegram's limits, failing servers, lost connections."""

from __future__ import annotations

import logging
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from telegram.error import BadRequest, NetworkError, RetryAfter

PAUSE_FIRST_SECONDS = 0.5
PAUSE_LAST_SECONDS = 30.0

Pause = Callable[[float], Awaitable[None]]

_log = logging.getLogger(__name__)

_Result = TypeVar("_Result")


async def persist(call: Callable[[], Awaitable[_Result]], pause: Pause) -> _Result:
    """Make a call until Telegram takes or refuses it.

    Raises:
        TelegramError: Telegram refuses; asked again, it would refuse again.
    """
    wait = PAUSE_FIRST_SECONDS
    while True:
        try:
            return await call()
        except RetryAfter as error:
            # A little later than told, and not all at the same moment.
            await pause(_seconds_of(error) + random.uniform(0.05, 0.5))  # noqa: S311 (not a secret)
        except BadRequest:
            # A refusal, although the library counts it among the network's errors.
            raise
        except NetworkError as error:
            _log.warning("Telegram cannot be reached (%s); again in %.1f s", type(error).__name__, wait)
            await pause(wait * random.uniform(0.8, 1.2))  # noqa: S311 (not a secret)
            wait = longer(wait)


def longer(wait: float) -> float:
    """The pause after one of `wait` seconds."""
    return min(wait * 2, PAUSE_LAST_SECONDS)


def _seconds_of(error: RetryAfter) -> float:
    """How long Telegram says to wait; the library gives it as a number or a span of time, as its version likes."""
    told = error.retry_after
    return float(told) if isinstance(told, (int, float)) else told.total_seconds()
