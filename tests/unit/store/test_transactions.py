"""One block is one transaction: all of it or nothing, and writers take turns."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.errors import Conflict, StoreError
from bot.store import Conversation, Store, hash_token
from bot.store.session import BUSY_TIMEOUT_MILLISECONDS


def conversation(identity: str = "a" * 32) -> Conversation:
    return Conversation(id=identity, token_hash=hash_token("t"), language="ko")


def count(store: Store) -> int:
    with store.reading() as session:
        return session.scalar(select(func.count()).select_from(Conversation)) or 0


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 1),
        ("busy_timeout", BUSY_TIMEOUT_MILLISECONDS),
        ("foreign_keys", 1),
        ("secure_delete", 1),
    ],
)
def test_sqlite_is_set_up_for_several_processes(tmp_path: Path, pragma: str, value: object) -> None:
    store = Store(f"sqlite:///{tmp_path / 'assistant.sqlite3'}")
    with store.reading() as session:
        assert session.connection().exec_driver_sql(f"PRAGMA {pragma}").scalar() == value
    store.close()


def test_a_block_that_raises_leaves_what_was_there_before(store: Store) -> None:
    with store.session() as session:
        session.add(conversation("a" * 32))
    with pytest.raises(RuntimeError), store.session() as session:
        session.add(conversation("b" * 32))
        session.flush()
        raise RuntimeError
    with store.session() as session:
        session.add(conversation("c" * 32))
    with store.reading() as session:
        assert session.scalars(select(Conversation.id).order_by(Conversation.id)).all() == ["a" * 32, "c" * 32]


def test_objects_stay_readable_after_the_commit(store: Store) -> None:
    with store.session() as session:
        row = conversation()
        session.add(row)
    assert (row.language, row.channel, row.turns_in_session) == ("ko", "web", 0)


def test_a_row_that_is_already_there_is_a_conflict(store: Store) -> None:
    with store.session() as session:
        session.add(conversation())
    with pytest.raises(Conflict), store.session() as session:
        session.add(conversation())


def test_other_failures_of_the_database_are_store_errors(store: Store) -> None:
    with pytest.raises(StoreError), store.session() as session:
        session.connection().exec_driver_sql("SELECT * FROM no_such_table")


def test_error_messages_do_not_hold_what_was_to_be_stored(store: Store) -> None:
    secret = "visitor-wrote-this"
    with store.session() as session:
        session.add(conversation(secret))
    with pytest.raises(Conflict) as caught, store.session() as session:
        session.add(conversation(secret))
    assert secret not in str(caught.value)
    assert secret not in str(caught.value.__cause__)


def test_a_reading_block_cannot_write(store: Store) -> None:
    with pytest.raises(StoreError), store.reading() as session:
        session.add(conversation())
    assert count(store) == 0


def test_a_reading_block_cannot_write_with_sql_either(store: Store) -> None:
    if store.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has no transactions that only read")
    with pytest.raises(StoreError), store.reading() as session:
        session.connection().exec_driver_sql("DELETE FROM conversations")


def test_readers_do_not_wait_for_a_writer(store: Store) -> None:
    with store.session() as session:
        session.add(conversation())
        session.flush()
        assert count(store) == 0
    assert count(store) == 1


def test_a_reading_block_sees_one_moment(store: Store) -> None:
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Conversation)) == 0
        with store.session() as writing:
            writing.add(conversation())
        assert session.scalar(select(func.count()).select_from(Conversation)) == 0
    assert count(store) == 1


def test_a_writer_that_reads_first_sees_every_earlier_writer(store: Store) -> None:
    """Each adds one to a number that it read: without turns, some would be lost or fail."""
    writers = 8
    with store.session() as session:
        session.add(conversation())
    together = threading.Barrier(writers)

    def add_one(_: int) -> None:
        together.wait()
        with store.session() as session:
            row = session.get_one(Conversation, "a" * 32, with_for_update=True)
            row.turns_in_session += 1

    with ThreadPoolExecutor(writers) as threads:
        list(threads.map(add_one, range(writers)))
    with store.reading() as session:
        assert session.get_one(Conversation, "a" * 32).turns_in_session == writers


def test_times_come_back_in_utc(store: Store) -> None:
    in_seoul = datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=timezone(timedelta(hours=9)))
    with store.session() as session:
        row = conversation()
        row.created_at = in_seoul
        session.add(row)
    with store.reading() as session:
        stored = session.get_one(Conversation, "a" * 32).created_at
    assert stored == in_seoul
    assert stored.tzinfo is UTC


def test_a_time_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(StoreError), store.session() as session:
        row = conversation()
        row.created_at = datetime(2026, 1, 2)
        session.add(row)


def test_the_directory_of_the_database_is_made_for_its_owner_only(tmp_path: Path) -> None:
    Store(f"sqlite:///{tmp_path / 'new' / 'assistant.sqlite3'}").close()
    assert (tmp_path / "new").stat().st_mode & 0o077 == 0


def test_a_store_that_answers_passes_its_check(store: Store) -> None:
    store.check()


def test_a_file_that_is_no_database_fails_the_check(tmp_path: Path) -> None:
    path = tmp_path / "assistant.sqlite3"
    path.write_text("this is not a database, but long enough to be looked at as if it were one" * 20)
    store = Store(f"sqlite:///{path}")
    with pytest.raises(StoreError):
        store.check()
    store.close()
