"""Conversations that last: the engine begins a new session every few turns, which nobody may notice."""

from tests.e2e.form import fill
from tests.support.visitor import Visitor

ENGINE_SESSION_TURNS = 25
"""The default of BOT_ENGINE_SESSION_TURNS."""


def test_a_conversation_goes_on_after_many_turns(visitor: Visitor) -> None:
    entries = [visitor.say("What is StartHub Hessen?")["entry"] for _ in range(ENGINE_SESSION_TURNS * 2 + 5)]

    assert set(entries) == {"starthub-what"}
    assert len(visitor.history()) == 1 + 2 * len(entries)


def test_a_question_leans_on_the_one_before_also_in_a_new_session(visitor: Visitor) -> None:
    for _ in range(ENGINE_SESSION_TURNS):
        visitor.say("What is StartHub Hessen?")

    assert visitor.say("How much does it cost?")["entry"] == "starthub-cost"


def test_a_chosen_language_is_kept_in_a_new_session(visitor: Visitor) -> None:
    visitor.say("Please speak Korean")

    said = [visitor.say("What is StartHub Hessen?")["language"] for _ in range(ENGINE_SESSION_TURNS + 2)]

    assert set(said) == {"ko"}


def test_a_form_that_outlasts_a_session_keeps_its_answers(visitor: Visitor, email: str) -> None:
    for _ in range(ENGINE_SESSION_TURNS - 4):
        visitor.say("hello")

    assert email in fill(visitor, email)["text"]


def test_an_inquiry_is_known_in_a_new_session(visitor: Visitor, email: str) -> None:
    fill(visitor, email)
    visitor.press("Send")
    for _ in range(ENGINE_SESSION_TURNS):
        visitor.say("thank you")

    assert "has not been answered yet" in visitor.say("What is the status of my inquiry?")["text"]
