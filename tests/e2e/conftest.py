"""What the end-to-end tests share: visitors, and a look into the assistant's database."""

from collections.abc import Callable, Iterator
from uuid import uuid4

import httpx
import pytest

from bot.inquiries import Inquiries, InquiryDetail
from bot.store import Store
from tests.support.running_assistant import RunningAssistant
from tests.support.visitor import Visitor

LoggedBy = Callable[[str], list[InquiryDetail]]


@pytest.fixture
def visitor(http: httpx.Client) -> Visitor:
    """An English conversation."""
    return Visitor.start(http, "en")


@pytest.fixture
def email() -> str:
    """An address that no other test has used."""
    return f"{uuid4().hex}@example.com"


@pytest.fixture
def logged_by(assistant: RunningAssistant) -> Iterator[LoggedBy]:
    """The inquiries that an address has logged, read from the database."""
    store = Store(assistant.environment["BOT_DATABASE_URL"])
    inquiries = Inquiries(store)

    def logged_by(email: str) -> list[InquiryDetail]:
        return [detail for detail in inquiries.export() if detail.email == email]

    yield logged_by
    store.close()
