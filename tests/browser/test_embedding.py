import re

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.support.chat_page import SHADOW
from tests.support.chat_words import ENGLISH, GERMAN, KOREAN
from tests.support.embedding_site import EmbeddingSite
from tests.support.running_assistant import RunningAssistant


def script(assistant: RunningAssistant, attributes: str = "") -> str:
    """The one line that embeds the widget."""
    return f'<script type="module" src="{assistant.url}/widget.js" {attributes}></script>'


def strict_policy(assistant: RunningAssistant) -> str:
    """Nothing inline, no eval, no HTML from strings, and the assistant alone."""
    return (
        f"default-src 'none'; script-src {assistant.url}; connect-src {assistant.url}; img-src data:; "
        "base-uri 'none'; require-trusted-types-for 'script'"
    )


def test_one_line_puts_it_on_any_page_under_a_strict_policy(
    visit: Visit, assistant: RunningAssistant, site: EmbeddingSite
) -> None:
    site.serve("<h1>Willkommen</h1>", head=script(assistant), policy=strict_policy(assistant))
    chat = visit(url=site.url)
    refused: list[str] = []
    chat.page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    chat.open()
    chat.ask()
    chat.say("Ich möchte eine Anfrage stellen")
    expect(chat.form).to_be_visible()
    chat.option(chat.words.erase)
    expect(chat.page.locator("hessen-chat dialog")).to_be_visible()
    assert chat.page.evaluate(f"getComputedStyle({SHADOW}.querySelector('.panel')).position") == "fixed"
    assert refused == []
    assert chat.foreign_requests(site.origin, assistant.url) == []
    # The token is in no address, and not on the page that embeds.
    token = chat.kept()["access"]["token"]
    assert not any(token in request.url for request in chat.requests)
    assert token not in chat.page.content()


def test_an_element_with_attributes_does_the_same(
    visit: Visit, assistant: RunningAssistant, site: EmbeddingSite
) -> None:
    element = '<hessen-chat language="ko" scheme="dark" open></hessen-chat>'
    site.serve(element, head=script(assistant, 'data-language="en"'))
    chat = visit(KOREAN, url=site.url)
    expect(chat.answers).to_contain_text(KOREAN.automated)
    assert chat.page.locator("hessen-chat").count() == 1
    assert chat.page.evaluate("getComputedStyle(document.querySelector('hessen-chat')).colorScheme") == "dark"
    # It was there at load: it has not taken the focus.
    expect(chat.field).not_to_be_focused()


def test_the_language_is_that_of_script_then_page_then_browser(
    visit: Visit, assistant: RunningAssistant, site: EmbeddingSite
) -> None:
    for attributes, language, words in (
        ('data-language="ko"', "de", KOREAN),
        ("", "ko-KR", KOREAN),
        ("", "fr", GERMAN),
        ("", "en", ENGLISH),
    ):
        site.serve("", head=script(assistant, attributes), language=language)
        chat = visit(GERMAN, url=site.url)
        chat.open()
        expect(chat.answers).to_contain_text(words.automated)


def test_a_page_may_change_the_language_and_ask(visit: Visit, assistant: RunningAssistant, site: EmbeddingSite) -> None:
    site.serve('<hessen-chat language="de" open></hessen-chat>', head=script(assistant))
    chat = visit(url=site.url)
    expect(chat.answers).to_contain_text(GERMAN.automated)
    chat.page.evaluate("document.querySelector('hessen-chat').setAttribute('language', 'ko')")
    expect(chat.answers).to_contain_text(KOREAN.automated)
    chat.page.evaluate("(text) => document.querySelector('hessen-chat').ask(text)", KOREAN.question)
    expect(chat.answers.last).to_contain_text(KOREAN.answer)
    chat.page.evaluate("document.querySelector('hessen-chat').close()")
    expect(chat.launcher).to_be_visible()


def test_a_release_can_be_pinned_with_its_integrity(
    visit: Visit, assistant: RunningAssistant, site: EmbeddingSite, http: httpx.Client
) -> None:
    described = http.get("/widget.json").json()
    modules = described["modules"]
    preloads = "".join(
        f'<link rel="modulepreload" href="{assistant.url}{module["path"]}" integrity="{module["integrity"]}">'
        for module in modules
    )
    entry = described["script"]
    pinned = f'<script type="module" src="{assistant.url}{entry["path"]}" integrity="{entry["integrity"]}"></script>'
    site.serve("", head=preloads + pinned, policy=strict_policy(assistant))
    chat = visit(url=site.url)
    chat.open()
    chat.ask()
    assert "/widget.js" not in chat.paths()


def test_what_differs_from_its_integrity_does_not_run(
    visit: Visit, assistant: RunningAssistant, site: EmbeddingSite, http: httpx.Client
) -> None:
    entry = http.get("/widget.json").json()["script"]
    wrong = "sha384-" + "A" * 64
    site.serve("", head=f'<script type="module" src="{assistant.url}{entry["path"]}" integrity="{wrong}"></script>')
    chat = visit()
    with chat.page.expect_console_message(lambda message: "integrity" in message.text):
        chat.page.goto(site.url)
    assert chat.page.locator("hessen-chat").count() == 0


def test_a_site_that_is_not_on_the_list_gets_nothing(
    visit: Visit, assistant: RunningAssistant, stranger: EmbeddingSite
) -> None:
    stranger.serve("<h1>Fremd</h1>", head=script(assistant))
    chat = visit()
    with chat.page.expect_console_message(lambda message: "CORS policy" in message.text):
        chat.page.goto(stranger.url)
    read = "fetch(%r).then(() => 'read', () => 'refused')"
    for path in ("/api/greeting", "/widget.json"):
        assert chat.page.evaluate(read % f"{assistant.url}{path}") == "refused"
    start = "fetch(%r, {method: 'POST', headers: {'Content-Type': 'application/json'}, body: '{}'})"
    assert chat.page.evaluate(
        f"{start % f'{assistant.url}/api/conversations'}.then(() => 'read', () => 'refused')"
    ) == ("refused")


def test_the_page_around_it_and_the_chat_do_not_change_each_other(
    visit: Visit, assistant: RunningAssistant, site: EmbeddingSite
) -> None:
    style = "html { font-size: 8px; color: red; line-height: 4 } div, p, button { display: none; color: red }"
    site.serve(f'<style>{style}</style><h1 class="text">Start</h1>', head=script(assistant))
    chat = visit(url=site.url)
    chat.open()
    text = chat.answers.locator(".text")
    expect(text).to_have_css("font-size", "16px")
    expect(text).not_to_have_css("color", "rgb(255, 0, 0)")
    expect(chat.page.locator("h1")).to_have_css("color", "rgb(255, 0, 0)")
    expect(chat.field).to_be_visible()


def test_it_can_be_moved_and_taken_away(visit: Visit, assistant: RunningAssistant, site: EmbeddingSite) -> None:
    site.serve('<main></main><hessen-chat language="de"></hessen-chat>', head=script(assistant))
    chat = visit(url=site.url)
    chat.open()
    chat.ask()
    chat.page.evaluate("document.querySelector('main').append(document.querySelector('hessen-chat'))")
    expect(chat.answers).to_have_count(2)
    with chat.page.expect_event("requestfailed", lambda request: request.url.endswith("/events")):
        chat.page.evaluate("document.querySelector('hessen-chat').remove()")


def test_what_is_loaded_before_the_first_message_is_little_and_comes_once(
    visit: Visit, assistant: RunningAssistant, site: EmbeddingSite
) -> None:
    site.serve("", head=script(assistant))
    chat = visit(url=site.url)
    expect(chat.launcher).to_be_visible()
    loaded = [path for path in chat.paths() if path != "/embed-test"]
    assert len(loaded) == len(set(loaded)) <= 18
    assert all(re.fullmatch(r"/widget\.js|/widget/[0-9a-f]{16}/[\w/.-]+\.js", path) for path in loaded)
    chat.open()
    assert [path for path in chat.paths() if path not in loaded][1:] == ["/api/greeting"]


def test_before_the_first_message_less_than_20_kb_cross_the_wire(visit: Visit) -> None:
    chat = visit()
    chat.open()
    sizes = chat.page.evaluate(
        """performance.getEntriesByType('resource')
            .filter(({ name }) => name.includes('/widget'))
            .map(({ encodedBodySize }) => encodedBodySize)"""
    )
    assert 10_000 < sum(sizes) <= 20_000


@pytest.mark.parametrize(("accent", "used"), [("#7a1f3d", True), ("#ffe08a", False)], ids=["readable", "unreadable"])
def test_a_pages_own_colour_is_used_if_it_can_be_read(
    visit: Visit, assistant: RunningAssistant, site: EmbeddingSite, accent: str, *, used: bool
) -> None:
    style = f"<style>hessen-chat {{ --hessen-chat-accent: {accent}; --hessen-chat-on-accent: #fff }}</style>"
    site.serve('<hessen-chat scheme="light"></hessen-chat>', head=style + script(assistant))
    chat = visit(url=site.url)
    chat.open()
    own = "rgb(122, 31, 61)"
    expect(chat.page.locator("hessen-chat .primary").first).to_have_css(
        "background-color", own if used else "rgb(15, 70, 132)"
    )
