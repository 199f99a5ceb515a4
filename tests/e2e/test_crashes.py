"""Processes that crash or hang in the middle of a turn: every message is answered, and nothing is lost or done twice.

A part is suspended first, so that a message is surely under way when the part is killed.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.e2e.conftest import LoggedBy
from tests.e2e.form import NAME, fill, fill_after_name, open_form
from tests.support.running_assistant import Part, RunningAssistant
from tests.support.visitor import Message, Visitor

APOLOGY = "Sorry, because of a technical problem"
QUESTION = "What is StartHub Hessen?"
PRIVACY = "What happens to my data?"


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as executor:
        yield executor


def wait_until_recorded(assistant: RunningAssistant, visitor: Visitor, text: str) -> None:
    """Return once a message is on record, still without an answer."""
    assistant.wait_until(lambda: visitor.waits_with(text), "the message is recorded")


def ask_again_if_need_be(visitor: Visitor, said: Message) -> Message:
    """Press the apology's button; an answer that came in spite of the crash is as good."""
    return visitor.press_any() if said["text"].startswith(APOLOGY) else said


@pytest.mark.parametrize("part", ["engine", "actions"])
def test_a_crash_loses_no_message_no_form_and_no_inquiry(
    assistant: RunningAssistant,
    pool: ThreadPoolExecutor,
    http: httpx.Client,
    email: str,
    logged_by: LoggedBy,
    part: Part,
) -> None:
    asking, naming, confirming = (Visitor.start(http, "en") for _ in range(3))
    open_form(naming)
    fill(confirming, email)

    with assistant.suspended(part):
        replies = (
            pool.submit(asking.say, PRIVACY),
            pool.submit(naming.say, NAME),
            pool.submit(confirming.press, "Send"),
        )
        for visitor, text in ((asking, PRIVACY), (naming, NAME), (confirming, "Send")):
            wait_until_recorded(assistant, visitor, text)
        assistant.kill(part)
    asked, named, confirmed = (reply.result() for reply in replies)
    assistant.wait_until_ready()

    assert "This is how your data is handled" in ask_again_if_need_be(asking, asked)["text"]
    assert ask_again_if_need_be(naming, named)["asks"] == "company"
    logged = ask_again_if_need_be(confirming, confirmed)["text"]
    (inquiry,) = logged_by(email)
    assert inquiry.summary.reference in logged
    fill_after_name(naming, email)
    naming.press("Send")
    assert [inquiry.name for inquiry in logged_by(email)] == [NAME, NAME]


def test_an_inquiry_stored_after_the_apology_is_not_stored_again(
    assistant: RunningAssistant, visitor: Visitor, email: str, logged_by: LoggedBy
) -> None:
    fill(visitor, email)
    with assistant.suspended("actions"):
        said = visitor.press("Send")
    assert said["text"].startswith(APOLOGY)
    assistant.wait_until(lambda: bool(logged_by(email)), "the actions have stored the inquiry after all")

    text = visitor.press_any()["text"]

    (inquiry,) = logged_by(email)
    assert inquiry.summary.reference in text


def test_a_hanging_engine_brings_an_apology_in_the_language_of_the_conversation(
    assistant: RunningAssistant, http: httpx.Client
) -> None:
    visitor = Visitor.start(http, "ko")
    with assistant.suspended("engine"):
        said = visitor.say("스타트허브 헤센이 뭐예요?")

    assert said["language"] == "ko"
    assert said["text"].startswith("죄송해요")
    assistant.wait_until_ready()
    assert visitor.press_any()["entry"] == "starthub-what"


def test_messages_left_by_a_gateway_crash_are_answered_after_its_restart(
    assistant: RunningAssistant, pool: ThreadPoolExecutor, http: httpx.Client
) -> None:
    visitors = [Visitor.start(http, "en") for _ in range(3)]
    client_id = "8f6f4a0e-3f43-4d84-9a54-5c2d5e0a1b2c"
    with assistant.suspended("engine"):
        lost = [pool.submit(visitor.post, client_id=client_id, text=QUESTION) for visitor in visitors]
        for visitor in visitors:
            wait_until_recorded(assistant, visitor, QUESTION)
        assistant.kill("gateway")
        for call in lost:
            assert isinstance(call.exception(), httpx.HTTPError)
    assistant.wait_until_ready()

    for visitor in visitors:
        assistant.wait_until(lambda visitor=visitor: not visitor.waits_with(QUESTION), "the message is answered")
        history = visitor.history()
        assert [message["sender"] for message in history] == ["bot", "user", "bot"]
        assert history[-1]["entry"] == "starthub-what"
        again = visitor.post(client_id=client_id, text=QUESTION).json()["messages"]
        assert [message["id"] for message in again] == [history[-1]["id"]]


def test_a_form_survives_a_gateway_crash(
    assistant: RunningAssistant, visitor: Visitor, email: str, logged_by: LoggedBy
) -> None:
    fill(visitor, email)

    assistant.kill("gateway")
    assistant.wait_until_ready()

    assert "Reference number" in visitor.press("Send")["text"]
    assert len(logged_by(email)) == 1


def test_readyz_names_the_part_that_is_down(assistant: RunningAssistant, http: httpx.Client) -> None:
    with assistant.suspended("actions"):
        response = http.get("/readyz")

    assert response.status_code == 503
    assert response.json()["parts"]["actions"] != "ok"
    assert response.json()["parts"]["engine"] == "ok"
    assert http.get("/healthz").status_code == 200
