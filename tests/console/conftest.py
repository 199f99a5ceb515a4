"""What the console's browser tests share: one Chromium, the console on a real port, and people at their desks."""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bot.console import Console
from bot.console.cookies import LOOPBACK_NAME
from bot.gateway import create_app, server_config
from bot.knowledge import KnowledgeBase, Language, Responses, load_knowledge, load_responses
from bot.staff import Sessions
from bot.store import StaffRole
from tests.support.assistant import make_settings, make_store
from tests.support.chromium import chromium_or_skip, contexts_of
from tests.support.local_server import free_port
from tests.support.office import DATA, Office

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 320, "height": 640}
WAIT_MILLISECONDS = 20_000
expect.set_options(timeout=WAIT_MILLISECONDS)
PICTURES_VARIABLE = "BOT_TEST_PICTURES"
"""A folder: with it, the tests write the pictures of docs/console.md there."""


@pytest.fixture(scope="session")
def knowledge() -> KnowledgeBase:
    return load_knowledge(DATA / "knowledge")


@pytest.fixture(scope="session")
def responses() -> Responses:
    return load_responses(DATA / "responses")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A real browser."""
    with chromium_or_skip() as browser:
        yield browser


class Site(Office):
    """The console on a real port."""

    url: str


@pytest.fixture
def site(tmp_path: Path, knowledge: KnowledgeBase, responses: Responses) -> Iterator[Site]:
    """The gateway with the console, on a database of its own."""
    settings = make_settings(
        tmp_path,
        free_port(),
        actions_port=free_port(),
        port=free_port(),
        engine_timeout_seconds=0.1,
        tracker_url=f"sqlite:///{tmp_path / 'tracker.sqlite3'}",
    )
    store = make_store(settings)
    console = Console(settings)
    app = create_app(settings, knowledge=knowledge, responses=responses, neighbours=(console,))
    server = _Server(server_config(settings, app))
    site = Site(console, settings, store)
    site.url = f"http://127.0.0.1:{settings.port}"
    with server.running():
        yield site
    store.close()


class _Server(uvicorn.Server):
    """Uvicorn in a thread, as the browser's own loop is in this one."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._up = threading.Event()

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        self._up.set()

    def running(self) -> Any:
        return _Running(self, self._up)


class _Running:
    def __init__(self, server: uvicorn.Server, up: threading.Event) -> None:
        self._server = server
        self._up = up
        self._thread = threading.Thread(target=server.run, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()
        assert self._up.wait(WAIT_MILLISECONDS / 1000), "the server did not start"

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join()


Open = Callable[..., Page]


@pytest.fixture
def open_browser(chromium: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Makes browsers that know nothing of each other."""
    with contexts_of(chromium, WAIT_MILLISECONDS, viewport=DESKTOP, locale="en-GB") as open_one:
        yield open_one


@pytest.fixture
def at_desk(site: Site, open_browser: Callable[..., BrowserContext]) -> Open:
    """Opens a page of the console as somebody who is signed in: `at_desk("/staff/inquiries", "anna")`."""

    def open_page(
        path: str,
        name: str = "anna",
        language: Language = Language.GERMAN,
        role: StaffRole = StaffRole.AGENT,
        **options: Any,
    ) -> Page:
        known = {member.name: member for member in site.accounts.list()}
        member = known.get(name) or site.employ(name, role, language)
        with site.store.session() as session:
            opened = Sessions(site.store, site.settings).open(session, member.id, is_pending=False)
        context = open_browser(**options)
        context.add_cookies([{"name": LOOPBACK_NAME, "value": opened.token, "url": site.url}])
        page = context.new_page()
        page.goto(site.url + path)
        return page

    return open_page


def picture(page: Page, name: str) -> None:
    """A picture for the documentation, where one is wanted."""
    folder = os.environ.get(PICTURES_VARIABLE)
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png")
