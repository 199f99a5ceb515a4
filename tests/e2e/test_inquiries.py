"""What is stored when an inquiry is logged by talking."""

import re

import httpx
import pytest

from bot.store import InquiryState
from tests.e2e.conftest import LoggedBy
from tests.e2e.form import MESSAGE, NAME, fill
from tests.support.visitor import Visitor

REFERENCE = re.compile(r"HE-\d{4}-[0-9A-Z]{7}")


def test_a_logged_inquiry_is_stored_with_transcript_entities_and_language(
    visitor: Visitor, email: str, logged_by: LoggedBy
) -> None:
    visitor.say("What is StartHub Hessen?")
    fill(visitor, email)
    assert not logged_by(email), "stored before it was confirmed"

    text = visitor.press("Send")["text"]

    (inquiry,) = logged_by(email)
    assert inquiry.summary.reference in text
    assert (inquiry.message, inquiry.name, inquiry.company) == (MESSAGE, NAME, None)
    assert (inquiry.summary.language, inquiry.summary.topic, inquiry.summary.country) == ("en", "starthub", "KR")
    assert inquiry.summary.channel == "web"
    assert "What is StartHub Hessen?" in [line.text for line in inquiry.transcript]
    assert "starthub-what" in [line.entry for line in inquiry.transcript]
    assert ("technology", "hydrogen") in [(entity.entity, entity.value) for entity in inquiry.entities]


def test_the_same_confirmation_sent_twice_is_stored_once(visitor: Visitor, email: str, logged_by: LoggedBy) -> None:
    fill(visitor, email)
    body = {"client_id": "5f0c0a52-6a55-4b0e-9d6e-0f3a3f0d7f11", "button": visitor.button("Send")}

    first, second = visitor.post(**body), visitor.post(**body)

    assert first.json() == second.json()
    assert len(logged_by(email)) == 1


def test_the_send_button_pressed_again_stores_nothing_more(visitor: Visitor, email: str, logged_by: LoggedBy) -> None:
    fill(visitor, email)
    button = visitor.button("Send")

    answers = [visitor.post(button=button) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert len(logged_by(email)) == 1


def test_what_was_cancelled_or_not_agreed_to_is_not_stored(
    http: httpx.Client, visitor: Visitor, email: str, logged_by: LoggedBy
) -> None:
    fill(visitor, email)
    visitor.press("Cancel")
    other = Visitor.start(http, "en")
    other.say("I would like to log an inquiry")
    other.press("Funding")
    other.say(MESSAGE)
    other.say(NAME)
    other.press("No company")
    other.say(email)
    other.press("South Korea")
    other.press("I do not agree")

    assert not logged_by(email)


def test_withdrawing_keeps_the_inquiry_and_says_so(visitor: Visitor, email: str, logged_by: LoggedBy) -> None:
    fill(visitor, email)
    visitor.press("Send")
    visitor.say("I want to withdraw my inquiry")
    visitor.press("Yes, withdraw it")

    (inquiry,) = logged_by(email)
    assert inquiry.summary.state is InquiryState.WITHDRAWN
    assert [(event.event, event.new_value) for event in inquiry.history] == [("logged", None), ("state", "withdrawn")]


def test_erasing_by_talking_leaves_only_the_last_reply(visitor: Visitor, email: str, logged_by: LoggedBy) -> None:
    fill(visitor, email)
    visitor.press("Send")
    visitor.say("Please delete my data")
    said = visitor.press("Yes, erase for good")

    assert not logged_by(email)
    assert [message["id"] for message in visitor.history()] == [said["id"]]


def test_erasing_by_the_chat_api_names_the_inquiry_that_is_kept(
    visitor: Visitor, email: str, logged_by: LoggedBy
) -> None:
    fill(visitor, email)
    visitor.press("Send")
    (inquiry,) = logged_by(email)

    report = visitor.http.delete(visitor.url, headers=visitor.headers).json()

    assert any(inquiry.summary.reference in line for line in report["kept"])
    assert report["erased"]
    assert len(logged_by(email)) == 1
    assert visitor.http.get(f"{visitor.url}/messages", headers=visitor.headers).status_code in (401, 404)


@pytest.mark.parametrize(
    "text", ['=HYPERLINK("http://example.com")', "<script>alert(1)</script>", "'; DROP TABLE inquiries; --"]
)
def test_what_looks_like_code_is_stored_as_it_was_typed(
    visitor: Visitor, email: str, logged_by: LoggedBy, text: str
) -> None:
    visitor.say("I would like to log an inquiry")
    visitor.press("Funding")
    visitor.say(f"{text} {MESSAGE}")
    visitor.say(NAME)
    visitor.press("No company")
    visitor.say(email)
    visitor.press("South Korea")
    visitor.press("I agree")
    visitor.press("Send")

    (inquiry,) = logged_by(email)
    assert inquiry.message == f"{text} {MESSAGE}"
