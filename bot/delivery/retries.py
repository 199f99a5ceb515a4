"""When a delivery that did not arrive is tried again."""

import random
from collections.abc import Callable
from dataclasses import dataclass

FIRST_PAUSE_SECONDS = 10.0
GROWTH = 3.0
LONGEST_PAUSE_SECONDS = 6 * 3600.0
JITTER = 0.2
"""A share: with it, what failed together does not come back together."""


@dataclass(frozen=True)
class RetryPolicy:
    """Pauses that grow threefold from ten seconds to six hours, each a fifth longer or shorter by chance.

    Twelve attempts take a day: a mail server's greylisting lasts minutes, its repair a night.

    Arguments:
        attempts: how often something is tried before it is marked failed.
        chance: a random number from 0 to 1.
    """

    attempts: int
    chance: Callable[[], float] = random.random

    def pause_seconds(self, attempt: int, retry_after_seconds: float | None = None) -> float:
        """How long to wait after the attempt with this number, counted from 1.

        `retry_after_seconds` is what the other side asks for: never sooner, but no later than the longest pause.
        """
        # The exponent is bounded: a large number of attempts would not fit a float.
        grown: float = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * GROWTH ** float(min(attempt - 1, 20)))
        pause = grown * (1 - JITTER + 2 * JITTER * self.chance())
        asked = min(retry_after_seconds or 0.0, LONGEST_PAUSE_SECONDS)
        return max(pause, asked)
