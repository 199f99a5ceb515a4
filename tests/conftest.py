"""What the tests of several folders share."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache

import httpx
import pytest

from bot.store import Store
from tests.support.databases import BACKENDS, Backend, Databases, SqliteFiles
from tests.support.mail_box import MailBox
from tests.support.postgres import PostgresMissing, running_postgres
from tests.support.running_assistant import RunningAssistant

STAFF_ADDRESS = "staff@example.org"


@pytest.fixture(scope="session")
def mail() -> Iterator[MailBox]:
    """The mail server that the real assistant sends through."""
    with MailBox() as box:
        yield box


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory, mail: MailBox) -> Iterator[RunningAssistant]:
    """The real assistant, started once for all tests that ask for it."""
    settings = {
        "BOT_SMTP_URL": mail.url,
        "BOT_MAIL_FROM": "Hessen <inquiries@example.org>",
        "BOT_STAFF_NOTIFY": STAFF_ADDRESS,
    }
    with RunningAssistant(tmp_path_factory.mktemp("assistant"), **settings) as running:
        yield running


@pytest.fixture
def http(assistant: RunningAssistant) -> Iterator[httpx.Client]:
    """A client of the real assistant's gateway; every part of it answers when the test begins."""
    assistant.wait_until_ready()
    with assistant.client() as client:
        yield client


@pytest.fixture(scope="session")
def databases_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Backend], Databases]]:
    """Databases of a kind; PostgreSQL is started when it is first asked for."""
    with ExitStack() as stack:

        @cache
        def make(backend: Backend) -> Databases:
            if backend == "sqlite":
                return Databases(SqliteFiles(tmp_path_factory.mktemp("sqlite")))
            return Databases(stack.enter_context(running_postgres()))

        yield make


@pytest.fixture(params=BACKENDS)
def databases(request: pytest.FixtureRequest, databases_of: Callable[[Backend], Databases]) -> Databases:
    """Databases of each kind: a test that asks for this, or for what is made of it, runs on both."""
    try:
        return databases_of(request.param)
    except PostgresMissing as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(error))


@pytest.fixture
def empty_url(databases: Databases) -> Iterator[str]:
    """The URL of a database without tables; of each kind."""
    with databases.empty() as url:
        yield url


@pytest.fixture
def url(databases: Databases) -> Iterator[str]:
    """The URL of a database with all tables; of each kind."""
    with databases.migrated() as url:
        yield url


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """A database with all tables; of each kind."""
    store = Store(url)
    yield store
    store.close()
