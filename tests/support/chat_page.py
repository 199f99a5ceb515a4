"""Somebody who uses the widget in a browser, as they see it."""

import json
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, Request, Route, expect

from tests.support.chat_words import GERMAN, ChatWords

SHADOW = "document.querySelector('hessen-chat').shadowRoot"
MESSAGES = "**/api/conversations/*/messages"


class ChatPage:
    """A page with the chat on it.

    Arguments:
        page: Playwright's.
        words: what is said in the language that the test is in.
    """

    def __init__(self, page: Page, words: ChatWords = GERMAN) -> None:
        self.page = page
        self.words = words
        self.requests: list[Request] = []
        self.problems: list[str] = []
        page.on("request", lambda request: self.requests.append(request))
        page.on("pageerror", lambda error: self.problems.append(str(error)))

    @property
    def launcher(self) -> Locator:
        return self.page.locator("hessen-chat .launcher")

    @property
    def panel(self) -> Locator:
        return self.page.locator("hessen-chat #panel")

    @property
    def log(self) -> Locator:
        return self.page.locator("hessen-chat").get_by_role("log")

    @property
    def field(self) -> Locator:
        return self.page.locator("hessen-chat .composer textarea")

    @property
    def form(self) -> Locator:
        return self.page.locator("hessen-chat form.form")

    @property
    def banner(self) -> Locator:
        return self.page.locator("hessen-chat .banner")

    @property
    def answers(self) -> Locator:
        """What the assistant said, the greeting too."""
        return self.page.locator("hessen-chat .message.bot")

    @property
    def own(self) -> Locator:
        return self.page.locator("hessen-chat .message.user")

    def open(self) -> None:
        """Open the chat, if it is not open, and wait for what it begins with."""
        expect(self.launcher.or_(self.panel).first).to_be_attached()
        if self.launcher.is_visible():
            self.launcher.click()
        expect(self.answers.first).to_be_visible()

    def press(self, name: str) -> None:
        """Press a button of the conversation, the newest of that name."""
        self.log.get_by_role("button", name=name, exact=True).last.click()

    def option(self, name: str) -> None:
        """Press one of the options."""
        self.page.locator("hessen-chat").get_by_role("button", name=self.words.options, exact=True).click()
        self.page.locator("hessen-chat .options").get_by_text(name, exact=True).click()

    def type(self, text: str) -> None:
        """Type a message and send it."""
        self.field.fill(text)
        self.field.press("Enter")

    def say(self, text: str) -> None:
        """Type a message and wait for the answer to it."""
        before = self.answers.count()
        self.type(text)
        expect(self.own.last.locator(".text")).to_have_text(text)
        expect(self.answers).not_to_have_count(before)
        self.settle()

    def ask(self) -> None:
        """Ask what StartHub is; the answer has sources."""
        self.say(self.words.question)
        expect(self.answers.last.locator(".sources")).to_be_visible()

    def fill(self, label: str, value: str) -> None:
        """Fill in the form's field and send it."""
        field = self.form.get_by_label(label, exact=True)
        field.fill(value)
        self.form.get_by_role("button", name=self.words.next, exact=True).click()

    def choose(self, name: str) -> None:
        """Press a button of the form."""
        self.form.get_by_role("button", name=name, exact=True).click()

    def settle(self) -> None:
        """Wait until nothing is on its way."""
        expect(self.page.locator("hessen-chat .fate")).to_have_count(0)

    def focused(self) -> Locator:
        """What has the focus in the chat."""
        return self.page.locator("hessen-chat :focus")

    def kept(self, area: str = "sessionStorage") -> dict[str, Any]:
        """What the browser stores."""
        text = self.page.evaluate(f"JSON.stringify(Object.values({area}).map((value) => JSON.parse(value))[0] ?? {{}})")
        kept: dict[str, Any] = json.loads(text)
        return kept

    def stored_anything(self) -> bool:
        return bool(self.page.evaluate("sessionStorage.length + localStorage.length + document.cookie.length"))

    def foreign_requests(self, *own: str) -> list[str]:
        """Addresses that were asked for and are of none of the origins."""
        return [request.url for request in self.requests if not request.url.startswith((*own, "data:", "blob:"))]

    def paths(self, *, method: str | None = None) -> list[str]:
        """Paths that were asked for."""
        return [urlsplit(request.url).path for request in self.requests if method in (None, request.method)]

    def fail_messages(self, *, status: int | None = None, headers: dict[str, str] | None = None) -> None:
        """From now on sent messages do not arrive, or are answered with an error."""

        def handle(route: Route) -> None:
            if route.request.method != "POST":
                route.fallback()
            elif status is None:
                route.abort()
            else:
                route.fulfill(status=status, headers=headers or {}, json={"error": {"code": "x", "message": "x"}})

        self.page.route(MESSAGES, handle)

    def mend_messages(self) -> None:
        self.page.unroute(MESSAGES)
