"""Bringing a database to the tables that this version of the program expects.

A new migration: change the models, then write `versions/NNNN_what.py` by hand after the ones before it. A test
compares the migrated database with the models, and runs every migration down and up again.
"""

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import StoreError
from bot.store.session import open_engine

# Any constant will do: it names the lock that keeps two processes from migrating one PostgreSQL database at once.
_ADVISORY_LOCK = 0x48455353
# Of each index; SQLite's documentation recommends 100 to 1000.
_SAMPLED_ROWS = 1000


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database at `url` up to `revision`, making it first if need be. At that revision, nothing happens.

    One transaction: a migration that fails leaves the database as it was. Two processes may call this at once.

    Raises:
        StoreError: the database cannot be opened or migrated, or knows a revision that this program does not.
    """
    _run(url, lambda config: command.upgrade(config, revision))
    _refresh_statistics(url)


def downgrade(url: str, revision: str) -> None:
    """Take the database at `url` back to `revision` ("base" for an empty one). What newer tables hold is lost.

    Raises:
        StoreError: as for `upgrade`.
    """
    _run(url, lambda config: command.downgrade(config, revision))


def current(url: str) -> str | None:
    """The revision of the database at `url`; None if it has never been migrated.

    Raises:
        StoreError: the database cannot be opened.
    """
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    except SQLAlchemyError as error:
        raise StoreError(f"the database failed: {type(error).__name__}") from error
    finally:
        engine.dispose()


def head() -> str | None:
    """The revision that this program expects."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    # Alembic's options are read with %-interpolation.
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _run(url: str, action: Callable[[Config], None]) -> None:
    # SQLite changes a table by copying and dropping it, which must not delete what refers to its rows.
    engine = open_engine(url, foreign_keys=False)
    try:
        with engine.begin() as connection:
            _wait_for_other_processes(connection)
            config = _config()
            config.attributes["connection"] = connection
            action(config)
    except CommandError as error:
        raise StoreError(f"the database cannot be migrated: {error}") from error
    except SQLAlchemyError as error:
        raise StoreError(f"the migration failed: {type(error).__name__}") from error
    finally:
        engine.dispose()


def _refresh_statistics(url: str) -> None:
    """Tell SQLite how its rows are spread, from a sample: without it, it takes the wrong index among many rows.

    PostgreSQL does that by itself.
    """
    engine = open_engine(url)
    try:
        if engine.dialect.name == "sqlite":
            with engine.begin() as connection:
                connection.exec_driver_sql(f"PRAGMA analysis_limit = {_SAMPLED_ROWS}")
                connection.exec_driver_sql("ANALYZE")
    except SQLAlchemyError as error:
        raise StoreError(f"the database failed: {type(error).__name__}") from error
    finally:
        engine.dispose()


def _wait_for_other_processes(connection: Connection) -> None:
    # On SQLite the transaction has the write lock from its beginning.
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
