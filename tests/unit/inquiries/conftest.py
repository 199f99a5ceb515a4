"""Inquiries with a clock that stands and an outbox that writes down what it is told."""

import pytest

from bot.inquiries import Desk, Inquiries
from bot.store import Store
from tests.unit.inquiries.cases import DRAFT, Clock
from tests.unit.inquiries.notebook import Notebook


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def outbox() -> Notebook:
    return Notebook()


@pytest.fixture
def inquiries(store: Store, clock: Clock, outbox: Notebook) -> Inquiries:
    return Inquiries(store, clock, desk=Desk(outbox))


@pytest.fixture
def reference(inquiries: Inquiries, outbox: Notebook) -> str:
    reference = inquiries.log(DRAFT).reference
    outbox.told.clear()
    return reference
