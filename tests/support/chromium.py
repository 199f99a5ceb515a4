"""A real Chromium for tests: the system's own, or the one that BOT_TEST_CHROMIUM names."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

PROGRAM_VARIABLE = "BOT_TEST_CHROMIUM"
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# Nothing of it may call home: the tests count requests. As root it has no sandbox.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--font-render-hinting=none",
)


class ChromiumMissing(Exception):
    """None is installed; the text says what to do."""


def find_chromium() -> str:
    """The program.

    Raises:
        ChromiumMissing: there is none.
    """
    given = os.environ.get(PROGRAM_VARIABLE)
    found = given or next(filter(None, map(shutil.which, PROGRAMS)), None)
    if found is None:
        raise ChromiumMissing(f"Chromium is not installed: apt-get install chromium, or set {PROGRAM_VARIABLE}")
    return found


@contextmanager
def running_chromium() -> Iterator[Browser]:
    """A browser for as long as the block lasts.

    Raises:
        ChromiumMissing: there is none.
    """
    program = find_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def chromium_or_skip() -> Iterator[Browser]:
    """A browser for tests, which are skipped where there is none; in CI they fail."""
    try:
        find_chromium()
    except ChromiumMissing as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(error))
    with running_chromium() as browser:
        yield browser


@contextmanager
def contexts_of(browser: Browser, wait_milliseconds: int, **defaults: Any) -> Iterator[Callable[..., BrowserContext]]:
    """Makes browsers that know nothing of each other, until the block ends.

    Arguments:
        wait_milliseconds: how long each waits for what is to appear.
        defaults: Playwright's options for a browser context, unless one asks for others.
    """
    contexts: list[BrowserContext] = []

    def open_one(**options: Any) -> BrowserContext:
        context = browser.new_context(**(defaults | options))
        context.set_default_timeout(wait_milliseconds)
        contexts.append(context)
        return context

    yield open_one
    for context in contexts:
        context.close()
