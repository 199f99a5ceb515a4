"""After a deletion: nothing of what is gone stays in the files of the database.

SQLite overwrites what it deletes (`PRAGMA secure_delete`), but the write-ahead log still holds the pages as they were,
and a full-text index holds words until its parts are merged. PostgreSQL keeps dead rows until a vacuum.
"""

import logging
import sqlite3
from collections.abc import Iterable

from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import StoreError
from bot.store.inquiry_search import SQLITE_INDEX

MERGED_PAGES = 500
"""Pages of the full-text index merged in one step: others wait to write for no longer than one takes."""

_MERGE = f"INSERT INTO {SQLITE_INDEX}({SQLITE_INDEX}, rank) VALUES ('merge', ?)"  # noqa: S608 (a name of our own)

_log = logging.getLogger(__name__)


def sweep(engine: Engine, tables: Iterable[str]) -> bool:
    """Clean up after rows of `tables` were deleted and committed.

    Returns:
        False if somebody reads from a SQLite database right now and keeps the write-ahead log from being emptied:
        then it is emptied by a later sweep.

    Raises:
        StoreError: the database failed.
    """
    try:
        return _sweep_sqlite(engine) if engine.dialect.name == "sqlite" else _vacuum(engine, tables)
    except SQLAlchemyError as error:
        raise StoreError(f"the database could not be cleaned up: {type(error).__name__}") from None


def _sweep_sqlite(engine: Engine) -> bool:
    has_words = inspect(engine).has_table(SQLITE_INDEX)
    # Bare, without a transaction around: a checkpoint cannot run in one, and merging must let others write between.
    connection = engine.raw_connection()
    try:
        driver = connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)  # noqa: S101 (the dialect says so)
        if has_words:
            _merge_words(driver)
        (busy, _, _) = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.Error as error:
        raise StoreError(f"the database could not be cleaned up: {type(error).__name__}") from None
    finally:
        connection.close()
    if busy:
        _log.warning("the write-ahead log still holds what was deleted: the database is in use; the next sweep tries")
    return not busy


def _merge_words(connection: sqlite3.Connection) -> None:
    """Merge all parts of the full-text index into one, step by step; deleted words are left behind with the old parts.

    As SQLite's documentation of FTS5 describes it: a negative number begins, and a step without work is the last.
    """
    pages = -MERGED_PAGES
    while True:
        before = connection.total_changes
        connection.execute(_MERGE, (pages,))
        if connection.total_changes - before < 2:
            return
        pages = MERGED_PAGES


def _vacuum(engine: Engine, tables: Iterable[str]) -> bool:
    quote = engine.dialect.identifier_preparer.quote
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in tables:
            connection.execute(text(f"VACUUM {quote(table)}"))
    return True
