"""The dashboard's figures, added up at most twice a minute, however many look."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.insight.figures import Figures, Summary
from bot.insight.period import Period
from bot.store import Store, utc_now

FRESH = timedelta(seconds=30)
FRESH_A_DAY = timedelta(seconds=2)
"""The longer the period, the longer it takes to add up, and the less a moment changes it: a year keeps 12 minutes."""


class Insight:
    """Adds up, and keeps what it has added up for a moment: page and charts show the same numbers.

    Args:
        store: the database.
        clock: the time in UTC.
    """

    def __init__(self, store: Store, clock: Callable[[], datetime] = utc_now) -> None:
        self._store = store
        self._clock = clock
        self._known: dict[int, tuple[datetime, Summary]] = {}
        self._lock = threading.Lock()

    def summary(self, days: int) -> Summary:
        """Everything about the last `days`, today included.

        Raises:
            StoreError: the database failed.
        """
        now = self._clock()
        # One adds up, the others wait for it: four charts of one page come at once.
        with self._lock:
            known = self._known.get(days)
            if known is None or now - known[0] >= max(FRESH, days * FRESH_A_DAY):
                with self._store.reading() as session:
                    known = now, Figures(session, Period.until(now, days), now).summary()
                self._known[days] = known
            return known[1]
