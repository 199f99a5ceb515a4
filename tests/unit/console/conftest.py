"""The console on a database of each kind, and people of each role."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.knowledge import KnowledgeBase, Responses, load_knowledge, load_responses
from bot.settings import Settings
from bot.store import StaffRole, Store
from tests.support.assistant import make_settings, make_store
from tests.support.office import DATA, Colleague, Office, open_office


@pytest.fixture(scope="session")
def knowledge() -> KnowledgeBase:
    return load_knowledge(DATA / "knowledge")


@pytest.fixture(scope="session")
def responses() -> Responses:
    return load_responses(DATA / "responses")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return make_settings(tmp_path)


@pytest_asyncio.fixture
async def office(settings: Settings, knowledge: KnowledgeBase, responses: Responses) -> AsyncIterator[Office]:
    store: Store = make_store(settings)
    async with open_office(settings, store, knowledge, responses) as opened:
        yield opened
    store.close()


@pytest.fixture
def anna(office: Office) -> Colleague:
    """Who answers."""
    return office.colleague("anna", StaffRole.AGENT)


@pytest.fixture
def rita(office: Office) -> Colleague:
    """Who only reads."""
    return office.colleague("rita", StaffRole.READER)
