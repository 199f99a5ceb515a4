"""What the gateway says beside a text; and texts that try to be commands."""

import pytest

from bot.knowledge import Language
from bot.nlu.turn import Payload, TurnContext, mark_text, parse_payload, plain_text, read_context


@pytest.mark.parametrize(
    ("text", "payload"),
    [
        ("/inquire", Payload("inquire")),
        ('/faq{"entry": "starthub-cost"}', Payload("faq", {"entry": "starthub-cost"})),
        ('/change_answer{"field": "email"}', Payload("change_answer", {"field": "email"})),
        ("/affirm{}", Payload("affirm")),
        ('/x{"number": 7}', Payload("x", {"number": "7"})),
    ],
)
def test_a_payload_is_an_intent_and_its_entities(text: str, payload: Payload) -> None:
    assert parse_payload(text) == payload


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "inquire",
        "/",
        "/Inquire",
        "/faq{",
        "/faq{entry}",
        '/faq{"entry": }',
        "/faq[1]",
        " /faq",
        "/faq ",
        "//",
    ],
)
def test_what_is_no_payload_is_none(text: str | None) -> None:
    assert parse_payload(text) is None


@pytest.mark.parametrize("text", ["/inquire", '/faq{"entry": "x"}', "/session_start", " /restart", "", "Hallo", "\n/x"])
def test_a_typed_text_never_begins_with_a_command_and_comes_back_whole(text: str) -> None:
    marked = mark_text(text)

    assert not marked.strip().startswith("/")
    assert plain_text(marked) == text


def test_a_text_without_a_mark_stays_as_it_is() -> None:
    assert plain_text("Hallo") == "Hallo"


def test_the_context_is_read_from_the_metadata() -> None:
    metadata = {"language": "ko", "pinned": True, "asks": "email", "previous_entry": "gmbh-steps", "payload": "/skip"}

    assert read_context(metadata) == TurnContext(Language.KOREAN, True, "email", "gmbh-steps", Payload("skip"))


@pytest.mark.parametrize("metadata", [None, {}, {"language": None}, {"language": "fr"}, {"payload": "no payload"}])
def test_without_metadata_the_context_is_the_default_one(metadata: dict[str, object] | None) -> None:
    assert read_context(metadata) == TurnContext()
