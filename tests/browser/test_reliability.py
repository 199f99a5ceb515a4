import json
from uuid import uuid4

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import Visit
from tests.support.chat_page import MESSAGES, ChatPage
from tests.support.running_assistant import RunningAssistant


def client_ids(chat: ChatPage) -> list[str]:
    posts = [request for request in chat.requests if request.method == "POST" and request.url.endswith("/messages")]
    return [json.loads(request.post_data or "{}")["client_id"] for request in posts]


def test_a_message_that_does_not_arrive_is_shown_as_pending_and_sent_again_with_the_same_key(chat: ChatPage) -> None:
    chat.ask()
    chat.fail_messages()
    chat.type("Wer kann sich für push! bewerben?")
    expect(chat.own.last.locator(".fate")).to_contain_text("Noch nicht gesendet. Neuer Versuch")
    expect(chat.own.last).to_have_attribute("data-state", "waiting")
    expect(chat.banner).to_contain_text("gerade nicht erreichbar")
    chat.mend_messages()
    expect(chat.answers.last.locator(".sources")).to_be_visible()
    chat.settle()
    expect(chat.banner).to_be_hidden()
    first, *again = client_ids(chat)[1:]
    assert again
    assert set(again) == {first}
    expect(chat.own).to_have_count(2)


def test_an_answer_that_gets_lost_is_shown_once(chat: ChatPage) -> None:
    chat.ask()

    lost: list[str] = []

    def lose(route: Route) -> None:
        # The server answers; the answer does not come back.
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch().text())
            route.abort()
        else:
            route.fallback()

    chat.page.route(MESSAGES, lose)
    chat.type("Wer kann sich für push! bewerben?")
    expect(chat.answers).to_have_count(3)
    chat.settle()
    assert len(lost) == 1
    expect(chat.answers).to_have_count(3)
    expect(chat.own).to_have_count(2)
    chat.page.reload()
    expect(chat.answers).to_have_count(3)
    expect(chat.own).to_have_count(2)


def test_what_cannot_be_sent_is_marked_and_can_be_retried_or_edited(chat: ChatPage) -> None:
    words = chat.words
    chat.ask()
    chat.page.clock.install()
    chat.fail_messages(status=503)
    chat.type("Erste Frage: Was ist push!?")
    expect(chat.own.last).to_have_attribute("data-state", "waiting")
    chat.type("Zweite Frage: Was kostet das?")
    failed = chat.page.locator('hessen-chat [data-state="failed"]')
    # Growing pauses add up to a minute. The clock runs ahead, and each look at the page lets a refusal arrive, after
    # which the next pause begins; there are far fewer attempts than looks.
    for _ in range(120):
        chat.page.clock.run_for(10_000)
        if failed.count() == 2:
            break
    expect(failed).to_have_count(2)
    expect(failed.first).to_contain_text(words.failed)
    chat.mend_messages()
    failed.last.get_by_role("button", name=words.edit).click()
    expect(chat.field).to_have_value("Zweite Frage: Was kostet das?")
    expect(chat.field).to_be_focused()
    chat.field.fill("")
    failed.get_by_role("button", name=words.retry).click()
    expect(failed).to_have_count(0)
    expect(chat.answers).to_have_count(3)


def test_a_message_that_is_too_long_says_so_and_can_be_edited(chat: ChatPage) -> None:
    chat.type("x" * 2001)
    rejected = chat.page.locator('hessen-chat [data-state="rejected"]')
    expect(rejected).to_contain_text("Diese Nachricht ist zu lang.")
    expect(rejected.get_by_role("button", name=chat.words.retry)).to_have_count(0)
    rejected.get_by_role("button", name=chat.words.edit).click()
    assert len(chat.field.input_value()) == 2001
    expect(rejected).to_have_count(0)


def test_a_limit_is_waited_for_and_said(chat: ChatPage) -> None:
    chat.ask()
    chat.fail_messages(status=429, headers={"Retry-After": "3"})
    chat.type("Was ist push!?")
    expect(chat.banner).to_contain_text("Nächster Versuch in")
    chat.mend_messages()
    expect(chat.answers).to_have_count(3)
    expect(chat.banner).to_be_hidden()


@pytest.mark.parametrize("first", [True, False], ids=["first", "later"])
def test_offline_is_said_and_what_is_written_is_sent_later(chat: ChatPage, *, first: bool) -> None:
    words = chat.words
    if not first:
        chat.ask()
    answers = chat.answers.count()
    chat.page.context.set_offline(True)
    expect(chat.banner).to_contain_text(words.offline)
    chat.type("Was ist push!?")
    expect(chat.own.last.locator(".fate")).to_be_visible()
    chat.page.context.set_offline(False)
    expect(chat.answers).to_have_count(answers + 1)
    expect(chat.banner).to_be_hidden()
    chat.settle()
    expect(chat.own).to_have_count(1 if first else 2)


def test_what_was_written_offline_survives_a_reload(chat: ChatPage) -> None:
    chat.ask()
    chat.fail_messages()
    chat.type("Was ist push!?")
    expect(chat.own.last).to_have_attribute("data-state", "waiting")
    chat.mend_messages()
    chat.page.reload()
    expect(chat.answers).to_have_count(3)
    expect(chat.own).to_have_count(2)
    expect(chat.own.last).to_contain_text("Was ist push!?")


def test_a_reload_continues_the_conversation_where_it_was(chat: ChatPage) -> None:
    chat.ask()
    access = chat.kept()["access"]
    chat.page.reload()
    expect(chat.answers).to_have_count(2)
    expect(chat.panel).to_be_visible()
    expect(chat.log).to_have_attribute("aria-live", "polite")
    assert chat.kept()["access"] == access
    chat.say("Und was kostet das?")
    expect(chat.answers).to_have_count(3)


def test_a_second_tab_continues_the_conversation_and_both_stay_the_same(chat: ChatPage) -> None:
    chat.ask()
    other = ChatPage(chat.page.context.new_page(), chat.words)
    other.page.goto(chat.page.url)
    other.open()
    expect(other.answers).to_have_count(2)
    other.say("Was ist push!?")
    expect(chat.own.last).to_contain_text("Was ist push!?")
    expect(chat.answers).to_have_count(3)
    chat.say("Wer kann sich für push! bewerben?")
    expect(other.answers).to_have_count(4)
    assert other.kept()["access"] == chat.kept()["access"]


def test_a_tab_that_was_open_before_the_first_message_joins(chat: ChatPage) -> None:
    other = ChatPage(chat.page.context.new_page(), chat.words)
    other.page.goto(chat.page.url)
    other.open()
    chat.ask()
    expect(other.answers).to_have_count(2)
    expect(other.own.last).to_contain_text(chat.words.question)


def test_a_restart_of_the_server_loses_nothing(chat: ChatPage, assistant: RunningAssistant) -> None:
    chat.ask()
    assistant.kill("gateway")
    chat.type("Was ist push!?")
    expect(chat.own.last.locator(".fate")).to_be_visible()
    assistant.wait_until_ready()
    expect(chat.answers).to_have_count(3, timeout=60_000)
    chat.settle()
    expect(chat.banner).to_be_hidden()
    chat.say("Wer kann sich für push! bewerben?")
    expect(chat.answers).to_have_count(4)
    expect(chat.own).to_have_count(3)


def test_a_stream_that_breaks_is_opened_again_and_that_is_shown(chat: ChatPage, assistant: RunningAssistant) -> None:
    chat.ask()
    chat.page.route("**/events", lambda route: route.abort())
    chat.page.evaluate("dispatchEvent(new Event('online'))")
    expect(chat.banner).to_contain_text("gerade nicht erreichbar")
    chat.page.unroute("**/events")
    chat.banner.get_by_role("button", name="Jetzt versuchen").click()
    expect(chat.banner).to_be_hidden()


def test_a_conversation_that_was_deleted_elsewhere_says_so_and_hands_back_what_was_written(chat: ChatPage) -> None:
    words = chat.words
    chat.ask()
    access = chat.kept()["access"]
    headers = {"Authorization": f"Bearer {access['token']}"}
    url = f"{chat.page.url}api/conversations/{access['id']}"
    assert chat.page.request.delete(url, headers=headers).ok
    chat.type("Was ist push!?")
    expect(chat.page.locator("hessen-chat .gone")).to_contain_text(words.gone)
    expect(chat.field).to_have_value("Was ist push!?")
    assert not chat.stored_anything()
    chat.page.locator("hessen-chat .gone").get_by_role("button", name=words.renew).click()
    expect(chat.answers).to_have_count(1)
    chat.field.press("Enter")
    expect(chat.answers.last.locator(".sources")).to_be_visible()


def test_a_conversation_that_has_expired_begins_anew_on_return(visit: Visit) -> None:
    chat = visit()
    chat.open()
    chat.ask()
    gone = {"id": str(uuid4()), "token": "t" * 43}
    chat.page.evaluate(
        """(gone) => {
            const [key] = Object.keys(sessionStorage);
            const kept = JSON.parse(sessionStorage.getItem(key));
            addEventListener("pagehide", () =>
                sessionStorage.setItem(key, JSON.stringify({ ...kept, access: gone })));
        }""",
        gone,
    )
    chat.page.reload()
    expect(chat.answers).to_have_count(1)
    expect(chat.answers).to_contain_text(chat.words.automated)
    assert not chat.stored_anything()


def test_the_greeting_is_asked_for_again_until_it_comes(visit: Visit, assistant: RunningAssistant) -> None:
    chat = visit(url=f"{assistant.url}/healthz")
    chat.page.route("**/api/greeting*", lambda route: route.abort())
    chat.page.goto(assistant.url)
    expect(chat.banner).to_contain_text("gerade nicht erreichbar")
    chat.page.unroute("**/api/greeting*")
    expect(chat.answers).to_contain_text(chat.words.automated)
    expect(chat.banner).to_be_hidden()


def test_talking_that_cannot_be_loaded_is_loaded_later(chat: ChatPage) -> None:
    chat.page.route("**/session.js", lambda route: route.abort())
    chat.type(chat.words.question)
    expect(chat.banner).to_contain_text("gerade nicht erreichbar")
    expect(chat.own.locator(".fate")).to_be_visible()
    chat.page.unroute("**/session.js")
    expect(chat.answers).to_have_count(2)
    expect(chat.own).to_have_count(1)


def test_a_page_from_before_an_update_asks_to_be_loaded_again_and_loses_nothing(chat: ChatPage) -> None:
    chat.page.route("**/session.js", lambda route: route.fulfill(status=404))
    chat.type(chat.words.question)
    expect(chat.banner).to_contain_text("Bitte laden Sie die Seite neu")
    chat.page.unroute("**/session.js")
    chat.page.reload()
    expect(chat.own).to_have_count(1)
    expect(chat.answers.last.locator(".sources")).to_be_visible()
