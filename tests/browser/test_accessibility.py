from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Visit
from tests.support.axe import audit
from tests.support.chat_page import SHADOW, ChatPage
from tests.support.chat_words import GERMAN, ChatWords, each_language

PASSED_MIN = 15
TARGET_MIN_PIXELS = 24


def closed(chat: ChatPage) -> None:
    expect(chat.launcher).to_be_visible()


def greeted(chat: ChatPage) -> None:
    chat.open()


def answered(chat: ChatPage) -> None:
    chat.open()
    chat.ask()
    chat.answers.last.get_by_role("button", name=chat.words.unhelpful, exact=True).click()
    expect(chat.answers.last.get_by_label(chat.words.comment_label)).to_be_visible()


def form(chat: ChatPage) -> None:
    chat.open()
    chat.press(chat.words.inquire)
    chat.choose(chat.words.topic)
    chat.fill(chat.words.message_label, chat.words.short)
    expect(chat.form.locator("[aria-invalid=true]")).to_be_visible()


def options(chat: ChatPage) -> None:
    chat.open()
    chat.ask()
    chat.page.locator("hessen-chat").get_by_role("button", name=chat.words.options, exact=True).click()


def dialog(chat: ChatPage) -> None:
    chat.open()
    chat.ask()
    chat.option(chat.words.erase)
    expect(chat.page.locator("hessen-chat dialog")).to_be_visible()


def error(chat: ChatPage) -> None:
    chat.open()
    chat.type("x" * 2001)
    expect(chat.page.locator('hessen-chat [data-state="rejected"]')).to_be_visible()


def offline(chat: ChatPage) -> None:
    chat.open()
    chat.ask()
    chat.page.context.set_offline(True)
    chat.type(chat.words.question)
    expect(chat.banner).to_contain_text(chat.words.offline)
    expect(chat.own.last.locator(".fate")).to_be_visible()


STATES: tuple[Callable[[ChatPage], None], ...] = (
    closed,
    greeted,
    answered,
    form,
    options,
    dialog,
    error,
    offline,
)


@pytest.mark.parametrize("state", STATES, ids=[state.__name__ for state in STATES])
@each_language
def test_axe_finds_nothing(visit: Visit, words: ChatWords, state: Callable[[ChatPage], None]) -> None:
    chat = visit(words, viewport=PHONE, reduced_motion="reduce")
    state(chat)
    # Colours are the same in every language.
    for scheme in ("light", "dark") if words is GERMAN else ("light",):
        chat.page.emulate_media(color_scheme=scheme)
        found = audit(chat.page)
        assert found.violations == ()
        assert found.passed > PASSED_MIN


def test_axe_finds_nothing_on_the_page_with_the_chat_beside_it(visit: Visit) -> None:
    chat = visit(reduced_motion="reduce")
    chat.open()
    chat.ask()
    assert audit(chat.page).violations == ()


@each_language
def test_a_screen_reader_is_told_whole_answers_in_their_language(visit: Visit, words: ChatWords) -> None:
    chat = visit(words)
    chat.open()
    log = chat.log
    expect(log).to_have_attribute("aria-live", "polite")
    expect(log).to_have_attribute("aria-relevant", "additions")
    # Counts how often what is there changes afterwards: an answer comes as a whole, in one piece.
    chat.page.evaluate(
        f"""() => {{
            window.added = [];
            const log = {SHADOW}.querySelector('[role=log]');
            new MutationObserver((changes) => {{
                for (const change of changes)
                    if (change.target === log)
                        for (const node of change.addedNodes) window.added.push([node.className, node.innerText]);
            }}).observe(log, {{ childList: true }});
        }}"""
    )
    chat.ask()
    added = chat.page.evaluate("window.added.filter(([name]) => name === 'message bot').map(([, text]) => text)")
    assert words.answer in added[-1]
    for message in (chat.own.last, chat.answers.last):
        expect(message).to_have_attribute("lang", words.code)
    expect(chat.page.locator("hessen-chat aside")).to_have_attribute("lang", words.code)
    # Who says something is written out.
    assert chat.own.last.locator("strong").inner_text() != chat.answers.last.locator("strong").inner_text()


def test_the_launcher_and_the_panel_say_what_they_are(visit: Visit) -> None:
    chat = visit(viewport=PHONE)
    expect(chat.launcher).to_have_accessible_name("Fragen stellen, Chat öffnen")
    expect(chat.launcher).to_have_attribute("aria-expanded", "false")
    expect(chat.page.get_by_role("complementary", name="Anfrage-Assistent Hessen")).to_have_count(1)
    chat.open()
    expect(chat.field).to_be_focused()
    chat.page.locator("hessen-chat").get_by_role("button", name=chat.words.close).click()
    expect(chat.panel).to_be_hidden()
    expect(chat.launcher).to_be_focused()


# A window of 1280 by 1024 pixels at 200 % and 400 %, and a small phone.
@pytest.mark.parametrize(("width", "height"), [(640, 512), (320, 256), (320, 568)])
@each_language
def test_nothing_is_cut_off_or_covered_when_zoomed(visit: Visit, words: ChatWords, width: int, height: int) -> None:
    chat = visit(words, viewport={"width": width, "height": height}, reduced_motion="reduce")
    chat.open()
    chat.ask()
    too_wide = chat.page.evaluate(
        f"""() => [...{SHADOW}.querySelectorAll('.panel, .log, .message, button, textarea, .languages')]
            .filter((one) => one.checkVisibility())
            .filter((one) => one.scrollWidth > one.clientWidth + 1
                || one.getBoundingClientRect().right > innerWidth + 1 || one.getBoundingClientRect().left < -1)
            .map((one) => one.outerHTML)"""
    )
    assert too_wide == []
    assert chat.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    # Whatever takes the focus can be seen.
    for target in (chat.answers.last.get_by_role("link").first, chat.log.get_by_role("button").first, chat.field):
        target.focus()
        expect(target).to_be_in_viewport(ratio=0.9)


def test_targets_are_large_enough_for_a_finger(chat: ChatPage) -> None:
    chat.ask()
    chat.page.locator("hessen-chat").get_by_role("button", name=chat.words.options, exact=True).click()
    small = chat.page.evaluate(
        f"""(least) => [...{SHADOW}.querySelectorAll('button, a, input, textarea')]
            .filter((one) => one.checkVisibility())
            .map((one) => [one, one.getBoundingClientRect()])
            .filter(([, {{ width, height }}]) => width < least || height < least)
            .map(([one]) => one.outerHTML)""",
        TARGET_MIN_PIXELS,
    )
    # A checkbox is pressed by its label, too.
    assert [html for html in small if 'type="checkbox"' not in html] == []


def test_reduced_motion_moves_nothing(visit: Visit) -> None:
    chat = visit(reduced_motion="reduce")
    chat.open()
    chat.ask()
    running = (
        f"{SHADOW}.getAnimations ? {SHADOW}.getAnimations().filter((one) => one.playState === 'running').length : 0"
    )
    assert chat.page.evaluate(running) == 0
    expect(chat.page.locator("hessen-chat .dots")).to_have_css("animation-name", "none")


def test_forced_colours_keep_what_is_chosen_and_where_buttons_end(visit: Visit) -> None:
    chat = visit(forced_colors="active")
    chat.open()
    chosen = chat.page.locator("hessen-chat .languages [aria-pressed=true]")
    other = chat.page.locator("hessen-chat .languages [aria-pressed=false]").first
    background = "(one) => getComputedStyle(one).backgroundColor"
    assert chosen.evaluate(background) != other.evaluate(background)
    assert chat.page.locator("hessen-chat .primary").first.evaluate(
        "(one) => getComputedStyle(one).borderTopStyle"
    ) == ("solid")


def test_text_spacing_of_ones_own_loses_nothing(chat: ChatPage) -> None:
    chat.ask()
    # WCAG 1.4.12, set as a reader's own style does.
    chat.page.evaluate(
        f"""() => {{
            const sheet = new CSSStyleSheet();
            sheet.replaceSync('* {{ line-height: 1.5 !important; letter-spacing: .12em !important; ' +
                'word-spacing: .16em !important }} p {{ margin-bottom: 2em !important }}');
            {SHADOW}.adoptedStyleSheets.push(sheet);
        }}"""
    )
    cut = chat.page.evaluate(
        f"""[...{SHADOW}.querySelectorAll('button, .text, h2, .note')].filter((one) => one.checkVisibility())
            .filter((one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== 'inline')
            .map((one) => one.outerHTML)"""
    )
    assert cut == []
