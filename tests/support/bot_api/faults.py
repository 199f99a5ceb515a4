"""Calls that fail: limits, failing servers, lost connections; in turn or by chance, but the same chance each time."""

from __future__ import annotations

import random
from collections import deque
from dataclasses import dataclass
from enum import Enum


class Failure(Enum):
    """What happens to a call instead of its being done."""

    TOO_MANY = 429
    SERVER = 500
    GATEWAY = 502
    DROPPED = 0
    TIMEOUT = -1


@dataclass(frozen=True)
class _Planned:
    method: str
    failure: Failure


class Faults:
    """Which calls fail. A call that fails has done nothing: so what is sent again is not sent twice."""

    def __init__(self, seed: int = 1) -> None:
        self.retry_after_seconds = 1
        self.happened = 0
        self._planned: deque[_Planned] = deque()
        self._share = 0.0
        self._kinds: tuple[Failure, ...] = ()
        self._chance = random.Random(seed)

    def plan(self, method: str, failure: Failure, times: int = 1) -> None:
        """Let the next calls of `method` fail."""
        self._planned.extend([_Planned(method.casefold(), failure)] * times)

    def often(self, share: float, *kinds: Failure) -> None:
        """Let this share of all calls fail, 0 to 1, in one of these ways."""
        self._share, self._kinds = share, kinds

    def next(self, method: str) -> Failure | None:
        """What happens to a call of `method`; None if it works."""
        for planned in self._planned:
            if planned.method == method.casefold():
                self._planned.remove(planned)
                self.happened += 1
                return planned.failure
        if self._kinds and self._chance.random() < self._share:
            self.happened += 1
            return self._chance.choice(self._kinds)
        return None
