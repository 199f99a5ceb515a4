"""How it looks: what can be said in a test, and the pictures of README and docs, made when BOT_TEST_PICTURES is set."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Visit
from tests.support.chat_page import SHADOW, ChatPage
from tests.support.chat_words import ENGLISH, GERMAN, KOREAN, ChatWords, each_language

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
CONTRAST_MIN = 4.5

SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])


def picture(chat: ChatPage, name: str) -> None:
    """Make a picture of the page as it is, if pictures are wanted."""
    chat.settle()
    if os.environ.get("BOT_TEST_PICTURES"):
        chat.page.mouse.move(0, 0)
        chat.page.screenshot(path=PICTURES / f"{name}.png", animations="disabled")


def test_a_conversation_on_the_desktop(visit: Visit) -> None:
    chat = visit(GERMAN, reduced_motion="reduce", viewport={"width": 1280, "height": 920})
    chat.open()
    chat.ask()
    expect(chat.answers.last).to_be_in_viewport()
    expect(chat.own.last).to_be_in_viewport()
    picture(chat, "chat-de")


def test_a_conversation_on_a_phone(visit: Visit) -> None:
    chat = visit(KOREAN, reduced_motion="reduce", viewport=PHONE, device_scale_factor=2, has_touch=True)
    chat.open()
    chat.say("push!는 얼마를 지원하나요?")
    expect(chat.answers.last.locator(".sources")).to_be_visible()
    picture(chat, "chat-ko")


def test_a_conversation_in_the_dark(visit: Visit) -> None:
    chat = visit(ENGLISH, reduced_motion="reduce", color_scheme="dark", viewport={"width": 1280, "height": 920})
    chat.open()
    chat.ask()
    picture(chat, "chat-dark")


def test_the_form(visit: Visit) -> None:
    chat = visit(GERMAN, reduced_motion="reduce", viewport=PHONE, device_scale_factor=2)
    chat.open()
    chat.press(chat.words.inquire)
    chat.choose(chat.words.topic)
    chat.fill(chat.words.message_label, chat.words.message)
    chat.fill(chat.words.name_label, chat.words.name)
    chat.choose(chat.words.no_company)
    chat.fill(chat.words.email_label, "jana.gross@example")
    expect(chat.form.locator("[aria-invalid=true]")).to_be_in_viewport()
    picture(chat, "chat-form")


def test_the_smallest_phone(visit: Visit) -> None:
    chat = visit(KOREAN, reduced_motion="reduce", viewport={"width": 320, "height": 568}, device_scale_factor=2)
    expect(chat.launcher).to_be_in_viewport(ratio=1)
    picture(chat, "page-ko")
    chat.open()
    chat.page.context.set_offline(True)
    chat.type(KOREAN.question)
    expect(chat.banner).to_be_visible()
    expect(chat.own.last.locator(".fate")).to_be_in_viewport(ratio=1)
    if os.environ.get("BOT_TEST_PICTURES"):
        chat.page.screenshot(path=PICTURES / "chat-offline.png", animations="disabled")


@SCHEMES
def test_every_colour_of_text_can_be_read(visit: Visit, scheme: str) -> None:
    chat = visit(color_scheme=scheme)
    chat.open()
    pairs = [
        ("ink", "ground"), ("ink", "surface"), ("soft", "ground"), ("soft", "surface"), ("accent", "surface"),
        ("accent", "ground"), ("accent", "tint"), ("on-accent", "accent"), ("danger", "surface"), ("danger", "ground"),
        ("on-danger", "danger"), ("on-notice", "notice"), ("soft", "tint"),
    ]  # fmt: skip
    ratios = chat.page.evaluate(
        f"""(pairs) => {{
            const probe = document.createElement("span");
            {SHADOW}.append(probe);
            const light = (name) => {{
                probe.style.color = `var(--${{name}})`;
                const [red, green, blue] = getComputedStyle(probe).color.match(/[\\d.]+/g).map(Number).map((value) =>
                    value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
                return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
            }};
            const found = pairs.map(([one, other]) => [light(one), light(other)].sort((a, b) => b - a))
                .map(([high, low]) => (high + 0.05) / (low + 0.05));
            probe.remove();
            return found;
        }}""",
        pairs,
    )
    faint = {pair: ratio for pair, ratio in zip(pairs, ratios, strict=True) if ratio < CONTRAST_MIN}
    assert faint == {}


@each_language
def test_lines_break_as_the_language_wants(visit: Visit, words: ChatWords) -> None:
    chat = visit(words)
    chat.open()
    text = chat.answers.first.locator(".text")
    expect(text).to_have_css("word-break", "keep-all" if words.code == "ko" else "normal")
    expect(text).to_have_css("hyphens", "auto" if words.code == "de" else "manual")


def test_a_long_word_stays_inside(visit: Visit) -> None:
    chat = visit(viewport=PHONE)
    chat.open()
    chat.type("https://example.org/" + "x" * 300)
    expect(chat.own.last).to_be_visible()
    assert chat.page.evaluate(
        f"{SHADOW}.querySelector('.log').scrollWidth <= {SHADOW}.querySelector('.log').clientWidth"
    )
