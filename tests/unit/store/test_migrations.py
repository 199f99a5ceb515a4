"""Migrations lead to the tables that the models describe, up and down, and lose nothing when they fail."""

import re
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect

from bot.errors import StoreError
from bot.store import Base, Conversation, Store
from bot.store.migrations import current, downgrade, head, upgrade

PART = re.compile(r",? ?\n|, (?![^(]*\))")

SEARCH_INDEX = ("inquiry_search_index", "ix_inquiry_search_pieces")
"""Full-text indexes are not among what models describe; the comparison of SQL sees them."""


def definitions(path: Path) -> dict[str, list[str]]:
    """The SQL of each table and index, its lines in an order of their own."""
    connection = sqlite3.connect(path)
    try:
        rows = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
    finally:
        connection.close()
    # A table that a migration had to copy has its name in quotes; a column added later follows on the same line.
    return {name: sorted(line.strip(" \t,") for line in PART.split(sql.replace('"', ""))) for name, sql in rows}


def test_a_migrated_database_has_the_tables_of_the_models(store: Store) -> None:
    with store.engine.connect() as connection:
        options = {"compare_type": True, "include_name": lambda name, kind, _: not str(name).startswith(SEARCH_INDEX)}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []


def test_migrations_and_models_write_the_same_sql(tmp_path: Path) -> None:
    """Sees what the comparison above does not: names of constraints, what deletion does, ids never given twice."""
    upgrade(f"sqlite:///{tmp_path / 'assistant.sqlite3'}")
    from_models = Store(f"sqlite:///{tmp_path / 'models.sqlite3'}")
    Base.metadata.create_all(from_models.engine)
    from_models.close()
    migrated = definitions(tmp_path / "assistant.sqlite3")
    migrated.pop("alembic_version")
    assert migrated == definitions(tmp_path / "models.sqlite3")


def test_the_way_down_leaves_nothing_and_up_again_works(empty_url: str) -> None:
    assert current(empty_url) is None
    upgrade(empty_url)
    assert current(empty_url) == head()
    downgrade(empty_url, "base")
    assert current(empty_url) is None
    store = Store(empty_url)
    assert set(inspect(store.engine).get_table_names()) <= {"alembic_version"}
    store.close()
    upgrade(empty_url)
    assert current(empty_url) == head()


def test_upgrading_twice_changes_nothing(empty_url: str) -> None:
    upgrade(empty_url)
    upgrade(empty_url)
    assert current(empty_url) == head()


def test_an_upgrade_tells_the_database_how_its_rows_are_spread(tmp_path: Path) -> None:
    """Among many rows SQLite would sort half of them by hand instead of reading an index that is in order."""
    url = f"sqlite:///{tmp_path / 'assistant.sqlite3'}"
    upgrade(url)
    store = Store(url)
    with store.session() as session:
        session.add(Conversation(token_hash="t", language="ko"))
    store.close()
    upgrade(url)
    with sqlite3.connect(tmp_path / "assistant.sqlite3") as connection:
        assert ("conversations",) in connection.execute("SELECT tbl FROM sqlite_stat1").fetchall()
    connection.close()


def test_processes_that_start_together_may_all_upgrade(empty_url: str) -> None:
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(upgrade, [empty_url] * 4))
    assert current(empty_url) == head()


def test_an_unknown_revision_is_an_error_and_leaves_the_database_alone(empty_url: str) -> None:
    upgrade(empty_url)
    with pytest.raises(StoreError):
        upgrade(empty_url, "does-not-exist")
    assert current(empty_url) == head()


def test_a_migration_that_fails_leaves_no_half_made_tables(empty_url: str) -> None:
    store = Store(empty_url)
    with store.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE inquiries (id INTEGER)")
    with pytest.raises(StoreError):
        upgrade(empty_url)
    assert inspect(store.engine).get_table_names() == ["inquiries"]
    store.close()


def test_a_path_with_a_percent_sign_works(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / '100% safe' / 'assistant.sqlite3'}"
    upgrade(url)
    assert current(url) == head()


def test_a_url_that_means_nothing_is_an_error() -> None:
    with pytest.raises(StoreError):
        upgrade("nonsense")
