"""A real Chromium for tests: the system's own, or the one that BOT_TEST_CHROMIUM names."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

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
