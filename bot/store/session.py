"""Opening the database, and one transaction at a time on it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from bot.errors import Conflict, StoreError

# How long a writer waits for the one before it. Transactions here last milliseconds.
BUSY_TIMEOUT_MILLISECONDS = 5000

_READ_ONLY = "bot_read_only"


class Store:
    """The database of one process. Safe to use from several threads; holds a pool of connections."""

    def __init__(self, url: str) -> None:
        """Open the database at `url`, an SQLAlchemy URL. No connection is made before the first transaction.

        Raises:
            StoreError: the URL cannot be understood, or its directory cannot be made.
        """
        self.engine = open_engine(url)
        self._writers = sessionmaker(self.engine, expire_on_commit=False)
        readers = self.engine.execution_options(**{_READ_ONLY: True})
        self._readers = sessionmaker(readers, expire_on_commit=False)
        event.listen(self._readers, "before_flush", _refuse_to_write)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """One transaction that may write: committed at the end of the block, rolled back if the block raises.

        Objects stay readable after the commit. On SQLite the write lock is taken at the start, so what is read
        inside cannot be changed by another writer before the commit.

        Raises:
            Conflict: a row is already there, or one it refers to is not.
            StoreError: anything else that the database refuses.
        """
        with _translated_errors(), self._writers.begin() as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One transaction that only reads. It neither waits for writers nor holds them up.

        Raises:
            StoreError: the database failed, or the block tried to write objects.
        """
        with _translated_errors(), self._readers.begin() as session:
            yield session

    def check(self) -> None:
        """Raise StoreError unless the database answers."""
        with self.reading() as session:
            session.execute(text("SELECT 1"))

    def close(self) -> None:
        """Close all connections. The store must not be used afterwards."""
        self.engine.dispose()


def open_engine(url: str, *, foreign_keys: bool = True) -> Engine:
    """An engine for `url`, set up for its kind of database.

    Args:
        url: an SQLAlchemy URL.
        foreign_keys: off only for migrations, which copy and drop tables; with it on, SQLite would take that for
            a deletion and delete what refers to the rows.

    Raises:
        StoreError: the URL cannot be understood, or its directory cannot be made.
    """
    try:
        parsed = make_url(url)
        # Parameters stay out of error messages, and so out of logs: they are what visitors wrote.
        engine = create_engine(parsed, hide_parameters=True, json_serializer=_dump_json)
    except (SQLAlchemyError, ImportError) as error:
        raise StoreError("the database URL cannot be used") from error
    if parsed.get_backend_name() == "sqlite":
        if parsed.database:
            _make_private_directory(Path(parsed.database).parent)
        _set_up_sqlite(engine, foreign_keys=foreign_keys)
    return engine


def _dump_json(value: object) -> str:
    # Korean stays readable and searchable in the column.
    return json.dumps(value, ensure_ascii=False)


def _make_private_directory(directory: Path) -> None:
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"the directory of the database cannot be made: {error.strerror}") from error


class _SqliteConnection(Protocol):
    isolation_level: str | None

    def execute(self, statement: str) -> Any: ...


def _set_up_sqlite(engine: Engine, *, foreign_keys: bool) -> None:
    def connected(connection: _SqliteConnection, _record: object) -> None:
        # The driver must not begin transactions by itself: it would begin none for SELECT and DDL.
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MILLISECONDS}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")

    def began(connection: Connection) -> None:
        # A transaction that reads first and writes later fails at once, without waiting, if another writer
        # came in between. Taking the write lock at the start makes it wait instead.
        read_only = connection.get_execution_options().get(_READ_ONLY, False)
        connection.exec_driver_sql("BEGIN DEFERRED" if read_only else "BEGIN IMMEDIATE")

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", began)


def _refuse_to_write(_session: Session, _context: object, _instances: object) -> None:
    raise StoreError("a reading transaction cannot write")


@contextmanager
def _translated_errors() -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        raise Conflict("the database refused the row") from error
    except SQLAlchemyError as error:
        raise StoreError(f"the database failed: {type(error).__name__}") from error
