"""A fresh database file for each test, made by the migrations as in production."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.store import Store
from bot.store.migrations import upgrade


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'assistant.sqlite3'}"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    upgrade(url)
    store = Store(url)
    yield store
    store.close()
