"""What the browser tests share: one running assistant, one Chromium, somebody else's website, and visits."""

from collections.abc import Callable, Iterator
from typing import Any, Protocol
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext
from pydantic import SecretStr

from bot.conversations import StaffConversations
from bot.settings import Settings
from bot.store import Store
from tests.conftest import STAFF_ADDRESS
from tests.support.chat_page import ChatPage
from tests.support.chat_words import GERMAN, ChatWords
from tests.support.chromium import chromium_or_skip, contexts_of
from tests.support.embedding_site import EmbeddingSite
from tests.support.mail_box import MailBox
from tests.support.running_assistant import RunningAssistant

DESKTOP = {"width": 1280, "height": 860}
PHONE = {"width": 390, "height": 780}
WAIT_MILLISECONDS = 30_000


class Visit(Protocol):
    """Opens a page in a browser of its own; `options` are Playwright's for a browser context."""

    def __call__(self, words: ChatWords = ..., url: str | None = None, **options: Any) -> ChatPage: ...


@pytest.fixture(scope="session")
def site() -> Iterator[EmbeddingSite]:
    """A website on another origin, which may embed the widget."""
    with EmbeddingSite() as running:
        yield running


@pytest.fixture(scope="session")
def stranger() -> Iterator[EmbeddingSite]:
    """A website on another origin, which may not."""
    with EmbeddingSite() as running:
        yield running


@pytest.fixture(scope="session")
def assistant(
    tmp_path_factory: pytest.TempPathFactory, mail: MailBox, site: EmbeddingSite
) -> Iterator[RunningAssistant]:
    """The real assistant, started once for all of these tests."""
    settings = {
        "BOT_SMTP_URL": mail.url,
        "BOT_MAIL_FROM": "Hessen <inquiries@example.org>",
        "BOT_STAFF_NOTIFY": STAFF_ADDRESS,
        "BOT_WIDGET_ORIGINS": site.origin,
    }
    with RunningAssistant(tmp_path_factory.mktemp("assistant"), **settings) as running:
        yield running


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A real browser."""
    with chromium_or_skip() as browser:
        yield browser


@pytest.fixture
def open_context(chromium: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Makes browsers that know nothing of each other."""
    with contexts_of(chromium, WAIT_MILLISECONDS, viewport=DESKTOP) as open_one:
        yield open_one


@pytest.fixture
def visit(assistant: RunningAssistant, open_context: Callable[..., BrowserContext]) -> Iterator[Visit]:
    """Visits of the assistant's page, or another; none may cause an error, ask strangers, or set a cookie."""
    assistant.wait_until_ready()
    visits: list[ChatPage] = []

    def visit_one(words: ChatWords = GERMAN, url: str | None = None, **options: Any) -> ChatPage:
        context = open_context(locale=words.locale, **options)
        chat = ChatPage(context.new_page(), words)
        visits.append(chat)
        chat.page.goto(url or assistant.url)
        return chat

    yield visit_one
    for chat in visits:
        assert chat.problems == []
        assert chat.foreign_requests(assistant.url, "http://localhost:") == []
        assert chat.page.context.cookies() == []


@pytest.fixture
def chat(visit: Visit) -> ChatPage:
    """The open chat on the assistant's page, in German."""
    opened = visit()
    opened.open()
    return opened


@pytest.fixture
def staff(assistant: RunningAssistant) -> Iterator[StaffConversations]:
    """What staff do, as the command line does it."""
    store = Store(assistant.environment["BOT_DATABASE_URL"])
    yield StaffConversations(store, Settings(secret_key=SecretStr("k" * 32)))
    store.close()


@pytest.fixture
def email() -> str:
    """An address that no other test has used."""
    return f"{uuid4().hex}@example.com"
