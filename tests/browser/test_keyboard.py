import re

from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Visit
from tests.support.chat_page import ChatPage
from tests.support.chat_words import ChatWords, each_language
from tests.support.embedding_site import EmbeddingSite
from tests.support.running_assistant import RunningAssistant

TABS_MAX = 40


def press_until(chat: ChatPage, key: str, name: str) -> None:
    """Press a key until what is called `name` has the focus."""
    for _ in range(TABS_MAX):
        chat.page.keyboard.press(key)
        focused = chat.focused()
        if focused.count() and focused.first.evaluate("(one) => one.ariaLabel || one.innerText") == name:
            return
    raise AssertionError(f"{key} does not reach {name}")


@each_language
def test_everything_works_with_the_keyboard_alone(visit: Visit, words: ChatWords, email: str) -> None:
    chat = visit(words, viewport=PHONE)
    page = chat.page
    page.locator("hessen-chat .launcher").wait_for()

    chat.launcher.focus()
    page.keyboard.press("Enter")
    expect(chat.field).to_be_focused()
    expect(chat.answers).to_have_count(1)
    page.keyboard.type(words.question)
    page.keyboard.press("Enter")
    expect(chat.answers.last.locator(".sources")).to_be_visible()
    # The answer does not take the focus away.
    expect(chat.field).to_be_focused()
    press_until(chat, "Shift+Tab", words.helpful)
    page.keyboard.press("Space")
    expect(chat.answers.last.get_by_text(words.thanks)).to_be_visible()
    press_until(chat, "Shift+Tab", words.inquire)
    page.keyboard.press("Enter")
    expect(chat.form).to_be_visible()
    if chat.form.get_attribute("data-asks") == "topic":
        if chat.focused().inner_text() != words.topic:
            press_until(chat, "Tab", words.topic)
        page.keyboard.press("Enter")
    expect(chat.form.get_by_label(words.message_label, exact=True)).to_be_focused()
    page.keyboard.type(words.message)
    press_until(chat, "Tab", words.next)
    page.keyboard.press("Enter")
    for label, value in ((words.name_label, words.name), (words.company_label, "-"), (words.email_label, email)):
        expect(chat.form.get_by_label(label, exact=True)).to_be_focused()
        page.keyboard.type(value)
        page.keyboard.press("Enter")
    expect(chat.form).to_have_attribute("data-asks", "country")
    press_until(chat, "Tab", words.country)
    page.keyboard.press("Enter")
    for asks, name in (("consent", words.agree), ("confirm", words.submit)):
        expect(chat.form).to_have_attribute("data-asks", asks)
        if chat.focused().inner_text() != name:
            press_until(chat, "Tab", name)
        page.keyboard.press("Enter")
    expect(chat.answers.last).to_contain_text(words.logged)
    expect(chat.field).to_be_focused()
    page.keyboard.press("Escape")
    expect(chat.launcher).to_be_focused()


def test_escape_closes_what_was_opened_last(chat: ChatPage) -> None:
    chat.ask()
    button = chat.page.locator("hessen-chat").get_by_role("button", name=chat.words.options, exact=True)
    button.click()
    chat.page.keyboard.press("Escape")
    expect(button).to_have_attribute("aria-expanded", "false")
    expect(button).to_be_focused()
    chat.option(chat.words.erase)
    chat.page.keyboard.press("Escape")
    expect(chat.page.locator("hessen-chat dialog")).to_be_hidden()
    expect(button).to_be_focused()
    chat.page.keyboard.press("Escape")
    expect(chat.launcher).to_be_focused()


def test_on_a_touch_screen_the_keyboard_does_not_cover_the_greeting(visit: Visit) -> None:
    chat = visit(viewport=PHONE, has_touch=True, is_mobile=True)
    chat.launcher.tap()
    expect(chat.answers.first).to_be_visible()
    expect(chat.field).not_to_be_focused()
    expect(chat.focused()).to_have_text("Anfrage-Assistent Hessen")


def test_a_skip_link_of_the_page_reaches_it(visit: Visit, assistant: RunningAssistant, site: EmbeddingSite) -> None:
    site.serve(
        '<a href="#chat">Zum Chat</a><main><h1>Start</h1></main><hessen-chat id="chat"></hessen-chat>',
        head=f'<script type="module" src="{assistant.url}/widget.js"></script>',
    )
    chat = visit(url=site.url)
    expect(chat.launcher).to_be_visible()
    chat.page.get_by_role("link", name="Zum Chat").click()
    chat.page.keyboard.press("Tab")
    expect(chat.launcher).to_be_focused()
    assert re.search("#chat$", chat.page.url)
