"""The privacy service on a real database of each kind, with Rasa's and Telegram's tables beside it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.privacy.service import Privacy
from bot.settings import Settings
from bot.store import Store, utc_now
from tests.support.assistant import make_settings
from tests.support.databases import Databases
from tests.support.person import make_other_tables


@dataclass
class Clock:
    """Tells the time, and can be put forward."""

    now: datetime = field(default_factory=utc_now)

    def __call__(self) -> datetime:
        return self.now

    def pass_days(self, days: float) -> None:
        self.now += timedelta(days=days)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def settings(tmp_path: Path, url: str, databases: Databases) -> Iterator[Settings]:
    """Nothing listens where the engine should be: it is stopped."""
    with databases.empty() as tracker_url:
        yield make_settings(
            tmp_path,
            database_url=url,
            tracker_url=tracker_url,
            smtp_url="smtp://127.0.0.1:1",
            mail_from="assistant@example.org",
            staff_notify="staff@example.org",
            retention_transcript_days=30,
            retention_inquiry_days=90,
            retention_audit_days=365,
        )


@pytest.fixture
def store(settings: Settings, url: str) -> Iterator[Store]:
    store = Store(url)
    make_other_tables(settings, store)
    yield store
    store.close()


@pytest.fixture
def privacy(store: Store, settings: Settings, clock: Clock) -> Privacy:
    return Privacy(store, settings, clock)
