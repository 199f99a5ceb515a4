"""Opening the database, and one transaction at a time on it."""

import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import psycopg
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.orm.exc import StaleDataError

from bot.errors import Conflict, StoreError

# How long a writer of SQLite waits for those before it. Transactions here last milliseconds, but whom the database
# keeps waiting sleeps and tries again, and others come in between.
BUSY_TIMEOUT_MILLISECONDS = 15_000
# SQLite sleeps a millisecond first, then longer and longer; whoever sleeps a tenth of a second each time hardly ever
# wakes between two writers of a busy process. So it starts anew after this time.
BUSY_ROUND_MILLISECONDS = 50

_READ_ONLY = "bot_read_only"


class Store:
    """The database of one process. Safe to use from several threads; holds a pool of connections."""

    def __init__(self, url: str) -> None:
        """Open the database at `url`, an SQLAlchemy URL. No connection is made before the first transaction.

        Raises:
            StoreError: the URL cannot be understood, or its directory cannot be made.
        """
        self.engine = open_engine(url)
        # Threads of one process queue here, which is fair; only processes wait for each other in the database.
        self._turn = threading.Lock() if self.engine.dialect.name == "sqlite" else None
        self._writers = sessionmaker(self.engine, expire_on_commit=False)
        readers = self.engine.execution_options(**{_READ_ONLY: True}, **_reading_options(self.engine))
        self._readers = sessionmaker(readers, expire_on_commit=False)
        event.listen(self._readers, "before_flush", _refuse_to_write)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """One transaction that may write: committed at the end of the block, rolled back if the block raises.

        Objects stay readable after the commit. On SQLite the write lock is taken at the start, so what is read
        inside cannot be changed by another writer before the commit. On PostgreSQL that holds only for rows that are
        read with `with_for_update`, which SQLite ignores: read so what a change rests on.

        Raises:
            Conflict: a row is already there, or one it refers to is not, or another writer has changed it meanwhile.
            StoreError: anything else that the database refuses.
        """
        with self._queue(), _translated_errors(), self._writers.begin() as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One transaction that only reads, all of it as it is at one moment. It neither waits for writers nor holds
        them up.

        Raises:
            StoreError: the database failed, or the block tried to write objects.
        """
        with _translated_errors(), self._readers.begin() as session:
            yield session

    @contextmanager
    def _queue(self) -> Iterator[None]:
        if self._turn is None:
            yield
            return
        if not self._turn.acquire(timeout=BUSY_TIMEOUT_MILLISECONDS / 1000):
            raise StoreError("the database is busy: another transaction of this process does not end")
        try:
            yield
        finally:
            self._turn.release()

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
        engine = create_engine(parsed, hide_parameters=True, json_serializer=_dump_json, **_driver_options(parsed))
    except (SQLAlchemyError, ImportError) as error:
        raise StoreError("the database URL cannot be used") from error
    if parsed.get_backend_name() == "sqlite":
        if parsed.database:
            _make_private_directory(Path(parsed.database).parent)
        _set_up_sqlite(engine, foreign_keys=foreign_keys)
    return engine


def _driver_options(url: URL) -> dict[str, Any]:
    if url.get_backend_name() != "postgresql":
        return {}
    # A plan made once for all values would read a million closed inquiries the way that suits ten new ones.
    # A server that restarts, or a firewall that forgets, must not fail the next transaction.
    return {"connect_args": {"prepare_threshold": None}, "pool_pre_ping": True}


def _reading_options(engine: Engine) -> dict[str, Any]:
    if engine.dialect.name != "postgresql":
        return {}
    # As on SQLite: one transaction sees one moment, whatever others write meanwhile, and the database itself refuses
    # to write what the session does not see, such as SQL in text.
    return {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"}


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
        # What is deleted is overwritten, not just forgotten: nothing of an erased person stays in the file.
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")

    def began(connection: Connection) -> None:
        # A transaction that reads first and writes later fails at once, without waiting, if another writer
        # came in between. Taking the write lock at the start makes it wait instead.
        read_only = connection.get_execution_options().get(_READ_ONLY, False)
        if read_only:
            connection.exec_driver_sql("BEGIN DEFERRED")
        else:
            _begin_writing(connection)

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", began)


def _begin_writing(connection: Connection) -> None:
    deadline = time.monotonic() + BUSY_TIMEOUT_MILLISECONDS / 1000
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {BUSY_ROUND_MILLISECONDS}")
    try:
        while True:
            try:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            except OperationalError as error:
                busy = getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY
                if not busy or time.monotonic() > deadline:
                    raise
            else:
                return
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MILLISECONDS}")


def _refuse_to_write(_session: Session, _context: object, _instances: object) -> None:
    raise StoreError("a reading transaction cannot write")


@contextmanager
def _translated_errors() -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        raise Conflict(f"the database refused the row{_where(error)}") from _without_values(error)
    except StaleDataError as error:
        raise Conflict("the row was changed meanwhile: look at it again") from error
    except SQLAlchemyError as error:
        raise StoreError(f"the database failed: {type(error).__name__}{_where(error)}") from _without_values(error)


def _diagnosis(error: SQLAlchemyError) -> psycopg.errors.Diagnostic | None:
    original = error.orig if isinstance(error, DBAPIError) else None
    return original.diag if isinstance(original, psycopg.Error) else None


def _where(error: SQLAlchemyError) -> str:
    diagnosis = _diagnosis(error)
    if diagnosis is None:
        return ""
    return f" ({diagnosis.constraint_name or diagnosis.sqlstate or 'no answer'})"


def _without_values(error: SQLAlchemyError) -> SQLAlchemyError | None:
    """The error as the cause of another one, unless its text may quote what visitors wrote, as PostgreSQL's does."""
    return error if _diagnosis(error) is None else None
