import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversations.text import clean_text
from bot.errors import InvalidField


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\x00", "\x07\x1b", "\u200b\u200e", "\ud800"])
def test_a_text_without_anything_visible_is_refused(text: str) -> None:
    with pytest.raises(InvalidField) as refused:
        clean_text(text, field="text", limit=10)
    assert (refused.value.field, refused.value.code) == ("text", "empty")


def test_a_text_is_as_long_as_the_limit_but_not_longer() -> None:
    assert clean_text("한" * 10, field="text", limit=10) == "한" * 10
    with pytest.raises(InvalidField) as refused:
        clean_text("한" * 11, field="text", limit=10)
    assert (refused.value.code, refused.value.limit) == ("too_long", 10)


def test_control_characters_go_and_line_ends_become_one_kind() -> None:
    assert clean_text("a\x00b\r\nc\rd\te\x1b[31m\x85", field="text", limit=100) == "ab\nc\nd\te[31m"


@given(st.text(min_size=1))
def test_what_is_kept_can_be_stored_and_is_not_changed_by_cleaning_again(text: str) -> None:
    try:
        cleaned = clean_text(text, field="text", limit=10_000)
    except InvalidField:
        return
    cleaned.encode()
    assert "\x00" not in cleaned
    assert clean_text(cleaned, field="text", limit=10_000) == cleaned
