"""Database work off the event loop: one thread hop and one transaction each."""

from collections.abc import Callable
from typing import TypeVar

from anyio import CapacityLimiter, to_thread
from sqlalchemy.orm import Session

from bot.store.session import Store

Result = TypeVar("Result")

SQLITE_WRITERS = 1
"""SQLite has one writer at a time, and those it keeps waiting sleep and try again: queueing here is faster and fair."""

SERVER_WRITERS = 8
"""What SQLAlchemy's connection pool holds, less some for readers."""

READERS = 4


class Transactions:
    """Runs functions of a session in worker threads, few enough that none waits for a connection."""

    def __init__(self, store: Store) -> None:
        self._store = store
        on_sqlite = store.engine.dialect.name == "sqlite"
        self._writers = CapacityLimiter(SQLITE_WRITERS if on_sqlite else SERVER_WRITERS)
        self._readers = CapacityLimiter(READERS)

    async def write(self, work: Callable[[Session], Result]) -> Result:
        """Run `work` in a transaction that may write; it is finished even if the caller is cancelled.

        Raises:
            StoreError: the database failed. Whatever `work` raises comes through, after a roll-back.
        """

        def run() -> Result:
            with self._store.session() as session:
                return work(session)

        return await to_thread.run_sync(run, limiter=self._writers)

    async def read(self, work: Callable[[Session], Result]) -> Result:
        """Run `work` in a transaction that only reads.

        Raises:
            StoreError: the database failed. Whatever `work` raises comes through.
        """

        def run() -> Result:
            with self._store.reading() as session:
                return work(session)

        return await to_thread.run_sync(run, limiter=self._readers)
