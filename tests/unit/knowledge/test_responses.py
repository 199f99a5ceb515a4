"""Responses: what is read, what is refused, and how placeholders are filled."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.knowledge import KnowledgeError, Language, Responses, load_responses
from bot.knowledge.responses import ASKED_FIELDS
from tests.unit.knowledge.files import response, without, write_responses

TITLE = {"ko": "네", "de": "Ja", "en": "Yes"}


def load(folder: Path, **responses: Any) -> Responses:
    return load_responses(write_responses(folder, responses))


def the_mistake(folder: Path, **responses: Any) -> str:
    with pytest.raises(KnowledgeError) as caught:
        load(folder, **responses)
    assert len(caught.value.mistakes) == 1, caught.value.mistakes
    return str(caught.value.mistakes[0])


def test_a_response_is_rendered_in_each_language_with_its_buttons(tmp_path: Path) -> None:
    button = {"title": TITLE, "payload": "/affirm"}
    responses = load(tmp_path, say_ask=response(buttons=[button], asks="email"))

    german = responses.render("say_ask", Language.GERMAN)
    korean = responses.render("say_ask", Language.KOREAN)

    assert (german.text, german.asks) == ("Guten Tag", "email")
    assert [(item.title, item.payload) for item in german.buttons] == [("Ja", "/affirm")]
    assert korean.text == "안녕하세요"
    assert korean.buttons[0].title == "네"


def test_every_placeholder_is_filled(tmp_path: Path) -> None:
    text = {"ko": "{name}님, {days}일", "de": "{name}: {days} Tage", "en": "{days} days, {name}"}
    responses = load(tmp_path, say_hello=response(text=text))

    assert responses.by_name["say_hello"].placeholders == {"name", "days"}
    assert responses.render("say_hello", Language.ENGLISH, name="Kim", days="180").text == "180 days, Kim"


@pytest.mark.parametrize("value", ["{other}", "{name}", "{0}", "{{name}}", "{", r"\g<1>", "\\1", "{name.__class__}"])
def test_braces_in_a_value_are_left_alone(tmp_path: Path, value: str) -> None:
    text = {"ko": "{name}, {other}", "de": "{name}, {other}", "en": "{name}, {other}"}
    responses = load(tmp_path, say_hello=response(text=text))

    rendered = responses.render("say_hello", Language.GERMAN, name=value, other="x")
    assert rendered.text == f"{value}, x"


def test_a_placeholder_without_a_value_is_an_error_of_the_program(tmp_path: Path) -> None:
    text = {"ko": "{name}", "de": "{name}", "en": "{name}"}
    responses = load(tmp_path, say_hello=response(text=text))

    with pytest.raises(KeyError, match="name"):
        responses.render("say_hello", Language.GERMAN)


def test_an_unknown_response_is_an_error_of_the_program(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="say_goodbye"):
        load(tmp_path, say_hello=response()).render("say_goodbye", Language.GERMAN)


def test_placeholders_are_the_same_in_each_language(tmp_path: Path) -> None:
    text = {"ko": "{name}", "de": "{nam}", "en": "{name}"}

    assert the_mistake(tmp_path, say_hello=response(text=text)) == (
        "general.yml: say_hello: text: must have the same {placeholders} in each language"
    )


@pytest.mark.parametrize("language", ["ko", "de", "en"])
def test_no_language_of_a_text_is_missing(tmp_path: Path, language: str) -> None:
    text = without(response()["text"], language)

    assert (
        the_mistake(tmp_path, say_hello=response(text=text)) == f"general.yml: say_hello: text.{language}: is missing"
    )


@pytest.mark.parametrize("language", ["ko", "de", "en"])
def test_no_language_of_a_button_is_missing(tmp_path: Path, language: str) -> None:
    button = {"title": without(TITLE, language), "payload": "/affirm"}

    assert the_mistake(tmp_path, say_hello=response(buttons=[button])) == (
        f"general.yml: say_hello: buttons: title.{language}: is missing"
    )


@pytest.mark.parametrize("field", ASKED_FIELDS)
def test_a_response_may_ask_for_each_field_of_the_form(tmp_path: Path, field: str) -> None:
    assert load(tmp_path, say_ask=response(asks=field)).by_name["say_ask"].asks == field


def test_a_field_that_the_chat_api_does_not_know_is_not_asked_for(tmp_path: Path) -> None:
    mistake = the_mistake(tmp_path, say_ask=response(asks="phone"))

    assert mistake.startswith("general.yml: say_ask: asks: is 'phone': must be one of topic,")


@pytest.mark.parametrize("payload", ["affirm", "https://example.com", "repeat:1"])
def test_a_payload_names_an_intent(tmp_path: Path, payload: str) -> None:
    mistake = the_mistake(tmp_path, say_ask=response(buttons=[{"title": TITLE, "payload": payload}]))

    assert mistake == "general.yml: say_ask: buttons: payload: must begin with / and an intent's name"


def test_a_button_has_a_payload(tmp_path: Path) -> None:
    mistake = the_mistake(tmp_path, say_ask=response(buttons=[{"title": TITLE}]))

    assert mistake == "general.yml: say_ask: buttons: payload: is missing"


def test_a_name_tells_who_says_it(tmp_path: Path) -> None:
    assert "begins with utter_" in the_mistake(tmp_path, greet=response())


def test_a_misspelt_field_is_not_ignored(tmp_path: Path) -> None:
    assert the_mistake(tmp_path, say_hello=response(button=[])).startswith(
        "general.yml: say_hello: button: is not a field here"
    )


def test_a_response_stands_once_over_all_files(tmp_path: Path) -> None:
    write_responses(tmp_path, {"say_hello": response()}, "aaa.yml")

    assert the_mistake(tmp_path, say_hello=response()) == (
        "general.yml: say_hello: is a response that another file has, too"
    )


@pytest.mark.parametrize("wrong", [[], "text", None])
def test_responses_are_a_mapping(tmp_path: Path, wrong: object) -> None:
    with pytest.raises(KnowledgeError, match="responses: must be a mapping"):
        load_responses(write_responses(tmp_path, wrong))


def test_a_response_that_is_no_mapping_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="say_hello: must be a mapping of fields, not a text"):
        load(tmp_path, say_hello="Hello")
