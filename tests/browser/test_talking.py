from pathlib import Path

import httpx
from playwright.sync_api import expect

from bot.conversations import StaffConversations
from tests.browser.conftest import PHONE, Visit
from tests.support.chat_page import SHADOW, ChatPage
from tests.support.chat_words import ENGLISH, GERMAN, KOREAN, ChatWords, each_language
from tests.support.visitor import Visitor


def as_visitor(http: httpx.Client, chat: ChatPage) -> Visitor:
    """The same conversation through the API."""
    access = chat.kept()["access"]
    return Visitor(http, access["id"], access["token"], [])


def senders(chat: ChatPage) -> list[str]:
    """Who said something, in the order it stands there."""
    found: list[str] = chat.page.evaluate(f"[...{SHADOW}.querySelectorAll('.message')].map((one) => one.classList[1])")
    return found


@each_language
def test_greeting_and_notice_come_before_anything_is_stored(visit: Visit, words: ChatWords) -> None:
    chat = visit(words)
    chat.open()
    expect(chat.answers).to_contain_text(words.automated)
    expect(chat.log.get_by_role("button", name=words.inquire)).to_be_visible()
    assert "/api/greeting" in chat.paths()
    assert chat.paths(method="POST") == []
    assert not chat.stored_anything()


@each_language
def test_an_answer_has_its_source_its_date_and_what_to_ask_next(visit: Visit, words: ChatWords) -> None:
    chat = visit(words)
    chat.open()
    chat.ask()
    answer = chat.answers.last
    expect(answer).to_contain_text(words.answer)
    expect(answer).to_have_attribute("lang", words.code)
    expect(answer.locator(".sources")).to_contain_text(words.sources)
    expect(answer.locator(".date").first).to_contain_text(words.as_of)
    link = answer.get_by_role("link").first
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    assert str(link.get_attribute("href")).startswith("https://")
    # What was said stands in the order it was said.
    assert senders(chat) == ["bot", "user", "bot"]
    chat.log.locator(".choices").last.get_by_role("button").last.click()
    expect(chat.answers).to_have_count(3)


@each_language
def test_a_suggestion_begins_the_conversation(visit: Visit, words: ChatWords) -> None:
    chat = visit(words)
    chat.open()
    chat.press(chat.log.get_by_role("button").first.inner_text())
    expect(chat.answers.last.locator(".sources")).to_be_visible()
    assert chat.paths(method="POST")[0] == "/api/conversations"
    assert len(chat.kept()["access"]["token"]) > 20


def test_a_question_on_the_page_is_asked_in_the_chat(visit: Visit) -> None:
    chat = visit(viewport=PHONE)
    expect(chat.launcher).to_be_visible()
    chat.page.get_by_role("button", name="Was macht die MBG Hessen (MBG H)?").click()
    expect(chat.own.locator(".text")).to_have_text("Was macht die MBG Hessen (MBG H)?")
    expect(chat.answers.last.locator(".sources")).to_be_visible()
    assert senders(chat) == ["bot", "user", "bot"]


def test_thumbs_and_a_word_are_kept(chat: ChatPage) -> None:
    words = chat.words
    chat.ask()
    answer = chat.answers.last
    answer.get_by_role("button", name=words.unhelpful, exact=True).click()
    expect(answer.get_by_text(words.thanks)).to_be_visible()
    answer.get_by_label(words.comment_label).fill("Die Adresse fehlt.")
    answer.get_by_role("button", name=words.comment_send).click()
    expect(answer.get_by_label(words.comment_label)).to_have_count(0)
    expect(chat.focused()).to_have_accessible_name(words.unhelpful)
    chat.page.reload()
    expect(chat.answers.last.get_by_role("button", name=words.unhelpful)).to_have_attribute("aria-pressed", "true")
    chat.answers.last.get_by_role("button", name=words.helpful, exact=True).click()
    expect(chat.answers.last.get_by_role("button", name=words.helpful, exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(chat.answers.last.get_by_text(words.thanks)).to_be_visible()


def test_the_language_can_be_changed_before_the_first_message(chat: ChatPage) -> None:
    chat.page.locator("hessen-chat").get_by_role("button", name="한국어").click()
    expect(chat.answers).to_contain_text(KOREAN.automated)
    expect(chat.answers).to_have_count(1)
    expect(chat.field).to_have_accessible_name(KOREAN.entry_label)
    assert not chat.stored_anything()
    chat.words = KOREAN
    chat.ask()
    expect(chat.answers.last).to_have_attribute("lang", "ko")


def test_the_language_can_be_changed_in_a_conversation(chat: ChatPage) -> None:
    chat.ask()
    chat.page.locator("hessen-chat").get_by_role("button", name="English").click()
    expect(chat.answers.last).to_have_attribute("lang", "en")
    expect(chat.field).to_have_accessible_name(ENGLISH.entry_label)
    expect(chat.page.locator("hessen-chat").get_by_role("button", name="English")).to_have_attribute(
        "aria-pressed", "true"
    )
    # What was said before stays in its language.
    expect(chat.answers.nth(1)).to_have_attribute("lang", "de")


def test_the_chat_goes_along_with_who_writes_in_another_language(chat: ChatPage) -> None:
    chat.say(KOREAN.question)
    expect(chat.own.last).to_have_attribute("lang", "ko")
    expect(chat.answers.last).to_have_attribute("lang", "ko")
    expect(chat.field).to_have_accessible_name(KOREAN.entry_label)


def test_an_answer_in_the_language_of_before_has_its_words(chat: ChatPage) -> None:
    chat.page.locator("hessen-chat").get_by_role("button", name="한국어").click()
    expect(chat.field).to_have_accessible_name(KOREAN.entry_label)
    chat.say("Was muss ich zur Blauen Karte wissen?")
    expect(chat.answers.last).to_have_attribute("lang", "de")
    expect(chat.answers.last.locator(".sources > p")).to_have_text(GERMAN.sources)


def test_a_transcript_can_be_saved(chat: ChatPage, tmp_path: Path) -> None:
    chat.ask()
    with chat.page.expect_download() as waiting:
        chat.option(chat.words.save)
    file = tmp_path / "transcript.txt"
    waiting.value.save_as(file)
    assert waiting.value.suggested_filename.startswith("Anfrage-Assistent Hessen")
    text = file.read_text(encoding="utf-8-sig")
    for part in (chat.words.automated, chat.words.question, chat.words.answer, "Quellen: ", "https://", "Stand 20"):
        assert part in text


def test_deleting_names_what_is_gone_and_leaves_nothing(chat: ChatPage, http: httpx.Client) -> None:
    words = chat.words
    chat.ask()
    visitor = as_visitor(http, chat)
    chat.option(words.erase)
    dialog = chat.page.locator("hessen-chat dialog")
    expect(chat.focused()).to_have_text(words.cancel)
    dialog.get_by_role("button", name=words.erase_confirm, exact=True).click()
    expect(dialog).to_contain_text(words.erased)
    expect(dialog).to_contain_text("Es wurde nichts aufbewahrt")
    assert not chat.stored_anything()
    response = http.get(f"{visitor.url}/messages", headers=visitor.headers)
    assert response.status_code in (401, 404)
    dialog.get_by_role("button", name=words.renew).click()
    expect(chat.answers).to_have_count(1)
    expect(chat.focused()).to_have_accessible_name(words.entry_label)
    chat.ask()


def test_a_deletion_that_fails_can_be_tried_again(chat: ChatPage) -> None:
    words = chat.words
    chat.ask()
    chat.page.route("**/api/conversations/*", lambda route: route.abort())
    chat.option(words.erase)
    dialog = chat.page.locator("hessen-chat dialog")
    dialog.get_by_role("button", name=words.erase_confirm, exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("konnte nicht gelöscht werden")
    assert chat.stored_anything()
    chat.page.unroute("**/api/conversations/*")
    dialog.get_by_role("button", name=words.erase_confirm, exact=True).click()
    expect(dialog).to_contain_text(words.erased)


def test_staff_are_heard_while_the_page_is_open_and_on_return(chat: ChatPage, staff: StaffConversations) -> None:
    chat.ask()
    conversation = chat.kept()["access"]["id"]
    staff.take_over(conversation, "anna")
    expect(chat.answers.last).to_contain_text("schreibt Ihnen hier eine Person aus dem Team")
    chat.type("Haben Sie am Dienstag Zeit?")
    chat.settle()
    staff.say(conversation, "anna", "Ja, um zehn Uhr.")
    said = chat.page.locator("hessen-chat .message.staff")
    expect(said).to_contain_text("Ja, um zehn Uhr.")
    expect(said).to_contain_text("Team")

    # Closed, the launcher says that something came.
    chat.page.keyboard.press("Escape")
    staff.say(conversation, "anna", "Bringen Sie Unterlagen mit.")
    expect(chat.launcher).to_have_accessible_name("Fragen stellen, Chat öffnen, neue Nachrichten: 1")

    # Away meanwhile, they find it when they come back.
    url = chat.page.url
    chat.page.goto("about:blank")
    staff.say(conversation, "anna", "Bis Dienstag!")
    chat.page.goto(url)
    chat.open()
    expect(said).to_have_count(3)
    expect(said.last).to_contain_text("Bis Dienstag!")
    staff.release(conversation)
    expect(chat.answers.last).to_contain_text("antwortet wieder das automatisierte System")
    chat.ask()
