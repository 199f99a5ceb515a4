"""Each answer is stored in one form, or refused with a code that a face can explain."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import InvalidField
from bot.inquiries.fields import (
    COMPANY_MAX_CHARACTERS,
    MESSAGE_MAX_CHARACTERS,
    NAME_MAX_CHARACTERS,
    parse_company,
    parse_country,
    parse_email,
    parse_message,
    parse_name,
)

CODES: dict[Callable[[str], str | None], set[str]] = {
    parse_name: {"empty", "too_long", "no_letters", "looks_like_email"},
    parse_company: {"too_long"},
    parse_message: {"too_short", "too_long"},
    parse_email: {"format", "too_long", "domain"},
    parse_country: {"unknown"},
}


def refusal(parse: Callable[[str], object], text: str) -> InvalidField:
    with pytest.raises(InvalidField) as caught:
        parse(text)
    return caught.value


@pytest.mark.parametrize("name", ["김민수", "Jürgen Müller-Lüdenscheidt", "O'Brien", "李", "Łukasz", "Kim @ Seoul"])
def test_names_of_all_kinds_are_taken(name: str) -> None:
    assert parse_name(f"  {name}\n") == name


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (" \u200b\u3164\n", "empty"),
        ("x" * (NAME_MAX_CHARACTERS + 1), "too_long"),
        ("12345", "no_letters"),
        ("🙂", "no_letters"),
        ("kim@example.com", "looks_like_email"),
        ("Kim kim@example.com", "looks_like_email"),
    ],
)
def test_what_is_no_name_is_refused(text: str, code: str) -> None:
    error = refusal(parse_name, text)
    assert (error.field, error.code) == ("name", code)


def test_a_refusal_tells_the_limit_and_not_the_answer() -> None:
    error = refusal(parse_name, "secret" * 100)
    assert error.limit == NAME_MAX_CHARACTERS
    assert "secret" not in str(error)


@pytest.mark.parametrize("text", ["", " ", "-", "None", "keine", "Privatperson.", "없음", "없어요"])
def test_no_company_is_none(text: str) -> None:
    assert parse_company(text) is None


def test_a_company_is_taken_as_it_is_called() -> None:
    assert parse_company(" (주) 수소  에너지 ") == "(주) 수소 에너지"
    assert parse_company("1&1 AG") == "1&1 AG"
    assert refusal(parse_company, "x" * (COMPANY_MAX_CHARACTERS + 1)).code == "too_long"


def test_a_message_keeps_its_lines() -> None:
    assert parse_message(" Guten Tag,\r\n\r\nwir  suchen Partner. ") == "Guten Tag,\n\nwir suchen Partner."


@pytest.mark.parametrize("text", ["지원 문의", "1234567890", "abcdefghij", "x" * MESSAGE_MAX_CHARACTERS])
def test_a_message_long_enough_in_its_script_is_taken(text: str) -> None:
    assert parse_message(text) == text


@pytest.mark.parametrize(
    ("text", "code", "limit"),
    [
        ("", "too_short", 10),
        ("too short", "too_short", 10),
        ("         x         ", "too_short", 10),
        ("안녕하세", "too_short", 5),
        ("x" * 4001, "too_long", 4000),
    ],
)
def test_a_message_too_short_or_too_long_is_refused(text: str, code: str, limit: int) -> None:
    error = refusal(parse_message, text)
    assert (error.field, error.code, error.limit) == ("message", code, limit)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("kim@example.com", "kim@example.com"),
        (" Kim@EXAMPLE.com ", "Kim@example.com"),
        ("<kim@example.com>", "kim@example.com"),
        ("mailto:kim@example.com", "kim@example.com"),
        ("Meine Adresse ist kim@example.com.", "kim@example.com"),
        ("kim@example.com입니다", "kim@example.com"),
        ("kim @ example.com", "kim@example.com"),
        ("ｋｉｍ＠example.com", "kim@example.com"),
        ("kim@müller.de", "kim@müller.de"),
        ("민수@한국.한국", "민수@한국.한국"),
        ("a+b@sub.example.co.kr", "a+b@sub.example.co.kr"),
    ],
)
def test_addresses_are_stored_in_one_form(typed: str, stored: str) -> None:
    assert parse_email(typed) == stored


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "format"),
        ("kim", "format"),
        ("@example.com", "format"),
        ("kim..lee@example.com", "format"),
        ("kim@example.com, lee@example.com", "format"),
        ("kim@", "domain"),
        ("kim@example", "domain"),
        ("kim@-example.com", "domain"),
        ("kim@exa_mple.com", "domain"),
        ("kim@localhost", "domain"),
        ("x" * 65 + "@example.com", "too_long"),
        ("kim@" + "x." * 130 + "com", "too_long"),
    ],
)
def test_what_is_no_address_is_refused(text: str, code: str) -> None:
    error = refusal(parse_email, text)
    assert (error.field, error.code) == ("email", code)


def test_a_country_is_stored_as_its_code() -> None:
    assert parse_country("한국에서 왔어요") == "KR"
    assert refusal(parse_country, "Atlantis").code == "unknown"


@pytest.mark.parametrize("parse", CODES)
@given(text=st.text(st.characters()) | st.text("a@.- <>한,\n"))
def test_any_answer_is_stored_stably_or_refused_with_a_known_code(
    parse: Callable[[str], str | None], text: str
) -> None:
    try:
        stored = parse(text)
    except InvalidField as error:
        assert error.code in CODES[parse]
    else:
        assert stored is None or parse(stored) == stored
