import re

from playwright.sync_api import expect

from bot.inquiries.reference import new_reference
from tests.browser.conftest import Visit
from tests.support.chat_page import ChatPage
from tests.support.chat_words import ChatWords, each_language
from tests.support.mail_box import MailBox


def open_form(chat: ChatPage) -> None:
    """Up to the question for the message."""
    chat.press(chat.words.inquire)
    chat.choose(chat.words.topic)
    expect(chat.form.get_by_label(chat.words.message_label, exact=True)).to_be_visible()


def fill_to_summary(chat: ChatPage, email: str) -> None:
    words = chat.words
    chat.fill(words.message_label, words.message)
    chat.fill(words.name_label, words.name)
    chat.choose(words.no_company)
    chat.fill(words.email_label, email)
    chat.choose(words.country)
    chat.choose(words.agree)
    expect(chat.answers.last).to_contain_text(email)


@each_language
def test_an_inquiry_is_logged_with_real_fields(visit: Visit, words: ChatWords, email: str, mail: MailBox) -> None:
    chat = visit(words)
    chat.open()
    open_form(chat)
    fill_to_summary(chat, email)
    chat.choose(words.submit)
    expect(chat.answers.last).to_contain_text(words.logged)
    expect(chat.form).to_have_count(0)
    (confirmation,) = mail.wait_for(email, 1)
    reference = re.search(r"HE-\d{4}-\w{7}", chat.answers.last.inner_text())
    assert reference is not None
    assert reference[0] in confirmation.text


@each_language
def test_what_is_refused_says_why_at_its_field(visit: Visit, words: ChatWords) -> None:
    chat = visit(words)
    chat.open()
    open_form(chat)
    chat.fill(words.message_label, words.short)
    field = chat.form.get_by_label(words.message_label, exact=True)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("^" + re.escape(words.too_short)))
    expect(field).to_have_value(words.short)
    expect(field).to_be_focused()
    chat.fill(words.message_label, words.message)
    name = chat.form.get_by_label(words.name_label, exact=True)
    expect(name).to_be_focused()
    expect(name).not_to_have_attribute("aria-invalid", "true")


def test_an_empty_field_is_not_sent(chat: ChatPage) -> None:
    open_form(chat)
    before = chat.own.count()
    chat.fill(chat.words.message_label, "  ")
    field = chat.form.get_by_label(chat.words.message_label)
    expect(field).to_have_accessible_description("Bitte füllen Sie dieses Feld aus.")
    expect(field).to_be_focused()
    assert chat.own.count() == before


def test_the_browser_can_fill_the_fields_in(chat: ChatPage) -> None:
    words = chat.words
    open_form(chat)
    expect(chat.form.locator("textarea")).to_have_attribute("name", "message")
    chat.fill(words.message_label, words.message)
    expect(chat.form.locator("input")).to_have_attribute("autocomplete", "name")
    chat.fill(words.name_label, words.name)
    expect(chat.form.locator("input")).to_have_attribute("autocomplete", "organization")
    chat.fill(words.company_label, "Groß Energie GmbH")
    expect(chat.form.locator("input")).to_have_attribute("autocomplete", "email")
    expect(chat.form.locator("input")).to_have_attribute("type", "email")
    chat.fill(words.email_label, "jana@example.com")
    expect(chat.form.locator("input")).to_have_attribute("autocomplete", "country-name")


@each_language
def test_one_can_go_back_and_cancel(visit: Visit, words: ChatWords) -> None:
    chat = visit(words)
    chat.open()
    open_form(chat)
    step = chat.form.locator(".step")
    expect(step).to_contain_text("2")
    chat.fill(words.message_label, words.message)
    expect(chat.form.get_by_label(words.name_label, exact=True)).to_be_focused()
    chat.choose(words.back)
    expect(chat.form.get_by_label(words.message_label, exact=True)).to_be_focused()
    chat.choose(words.cancel)
    expect(chat.answers.last).to_contain_text(words.cancelled)
    expect(chat.form).to_have_count(0)
    expect(chat.field).to_be_focused()


def test_a_question_in_between_keeps_the_form_and_what_was_half_written(chat: ChatPage) -> None:
    words = chat.words
    open_form(chat)
    chat.fill(words.message_label, words.message)
    chat.form.get_by_label(words.name_label).fill("Jana")
    chat.type(words.question)
    expect(chat.log).to_contain_text(words.answer)
    expect(chat.form).to_have_count(1)
    expect(chat.form.get_by_label(words.name_label)).to_have_value("Jana")
    expect(chat.field).to_be_focused()
    # The field below answers the form's question, too.
    chat.type(words.name)
    expect(chat.form.get_by_label(words.company_label)).to_be_visible()
    expect(chat.field).to_be_focused()


def test_a_reload_keeps_the_form(chat: ChatPage) -> None:
    words = chat.words
    open_form(chat)
    chat.fill(words.message_label, words.message)
    expect(chat.form.get_by_label(words.name_label)).to_be_visible()
    chat.page.reload()
    expect(chat.form.get_by_label(words.name_label)).to_be_visible()
    expect(chat.form.locator(".step")).to_contain_text("Schritt 3 von 8")
    chat.fill(words.name_label, words.name)
    expect(chat.form.get_by_label(words.company_label)).to_be_focused()


def test_other_forms_are_not_counted_in_steps(chat: ChatPage) -> None:
    chat.say("Wie ist der Stand meiner Anfrage?")
    expect(chat.answers.last).to_contain_text("Anfragenummer")
    chat.say(new_reference(2026))
    expect(chat.form.get_by_label(chat.words.email_label)).to_be_visible()
    expect(chat.form.locator(".step")).to_have_count(0)
