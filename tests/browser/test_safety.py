import json
from typing import Any

from playwright.sync_api import Route, expect

from tests.browser.conftest import Visit
from tests.support.chat_page import MESSAGES, SHADOW, ChatPage
from tests.support.running_assistant import RunningAssistant

MARKUP = "<img src=x onerror=\"document.title='broken'\"><b>fett</b> javascript:alert(1)"


def answer_with(chat: ChatPage, **changes: Any) -> None:
    """Every answer is changed on its way, as a broken or a hostile server might."""

    def change(route: Route) -> None:
        if route.request.method != "POST":
            route.fallback()
            return
        response = route.fetch()
        body = response.json()
        body["messages"] = [message | changes for message in body["messages"]]
        route.fulfill(response=response, json=body)

    # The event stream would bring the answer as it is.
    chat.page.route("**/events", lambda route: route.abort())
    chat.page.route(MESSAGES, change)


def test_text_is_text_whoever_wrote_it(chat: ChatPage) -> None:
    button = {"id": "b" * 8, "title": MARKUP}
    source = {"title": MARKUP, "url": "https://example.org/", "as_of": MARKUP}
    answer_with(chat, text=MARKUP, buttons=[button], sources=[source], entry="starthub-what")
    chat.type(MARKUP)
    for place in (chat.own.last, chat.answers.last.locator(".text"), chat.answers.last.get_by_role("link")):
        expect(place).to_contain_text(MARKUP)
    expect(chat.answers.last.get_by_role("button", name=MARKUP)).to_be_visible()
    assert chat.page.evaluate(f"{SHADOW}.querySelectorAll('img, b').length") == 0
    assert "broken" not in chat.page.title()


def test_links_lead_to_the_web_only(chat: ChatPage) -> None:
    urls = (
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//example.org",
        "",
        "https://example.org/a",
    )
    answer_with(chat, sources=[{"title": f"Quelle {url}", "url": url, "as_of": None} for url in urls])
    chat.type(chat.words.question)
    expect(chat.answers.last.locator(".sources li")).to_have_count(len(urls))
    links = chat.answers.last.get_by_role("link")
    expect(links).to_have_count(1)
    expect(links).to_have_attribute("href", "https://example.org/a")
    expect(links).to_have_attribute("rel", "noopener noreferrer")


def test_the_token_travels_in_a_header_and_never_in_an_address(chat: ChatPage) -> None:
    chat.ask()
    chat.answers.last.get_by_role("button", name=chat.words.helpful, exact=True).click()
    expect(chat.answers.last.get_by_text(chat.words.thanks)).to_be_visible()
    token = chat.kept()["access"]["token"]
    about = [request for request in chat.requests if "/api/conversations/" in request.url]
    assert {request.url.rpartition("/")[2].partition("?")[0] for request in about} == {"messages", "events", "feedback"}
    for request in chat.requests:
        assert token not in request.url
        assert "cookie" not in request.headers
        assert "/api/" not in request.url or not request.headers.get("referer")
    for request in about:
        assert request.headers["authorization"] == f"Bearer {token}"


def test_what_is_kept_is_for_this_tab_only_and_little(chat: ChatPage) -> None:
    chat.ask()
    assert chat.page.evaluate("[localStorage.length, document.cookie]") == [0, ""]
    assert set(chat.kept()) == {"access", "language", "rated", "outbox", "open"}
    # Nothing of what was said is kept once it is with the server.
    assert chat.words.question not in json.dumps(chat.kept())


def test_only_who_asks_to_be_remembered_is(chat: ChatPage, visit: Visit, assistant: RunningAssistant) -> None:
    chat.ask()
    chat.option(chat.words.remember)
    assert "access" in chat.kept("localStorage")
    assert "access" not in chat.kept()
    # Another day: the tab is gone, the device is the same.
    state = chat.page.context.storage_state()
    later = visit(storage_state=state)
    later.open()
    expect(later.answers).to_have_count(2)
    later.page.locator("hessen-chat").get_by_role("button", name=later.words.options, exact=True).click()
    box = later.page.locator("hessen-chat").get_by_label(later.words.remember)
    expect(box).to_be_checked()
    box.uncheck()
    assert later.page.evaluate("localStorage.length") == 0
    assert "access" in later.kept()
    later.page.reload()
    expect(later.answers).to_have_count(2)


def test_who_was_remembered_and_deletes_is_forgotten(chat: ChatPage) -> None:
    words = chat.words
    chat.ask()
    chat.option(words.remember)
    assert "access" in chat.kept("localStorage")
    chat.page.keyboard.press("Escape")
    chat.option(words.erase)
    dialog = chat.page.locator("hessen-chat dialog")
    dialog.get_by_role("button", name=words.erase_confirm, exact=True).click()
    dialog.get_by_role("button", name=words.renew).click()
    assert not chat.stored_anything()
    chat.ask()
    assert chat.page.evaluate("localStorage.length") == 0


def test_it_works_where_storage_is_refused(visit: Visit, assistant: RunningAssistant) -> None:
    chat = visit(url=f"{assistant.url}/healthz")
    chat.page.add_init_script(
        """for (const name of ["sessionStorage", "localStorage", "BroadcastChannel"])
            Object.defineProperty(window, name, { get() { throw new DOMException("refused", "SecurityError"); } });"""
    )
    chat.page.goto(assistant.url)
    chat.open()
    chat.ask()
