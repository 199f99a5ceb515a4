"""Cleaned text holds nothing invisible, and cleaning it again changes nothing."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.inquiries.text import clean_line, clean_lines, is_mostly_hangul

# Surrogates too: they come out of JSON escapes.
anything = st.text(st.characters())
troublesome = st.text(
    st.sampled_from("ab 가ᄀ\u1161\u0308\u3164\u202e\u200b\u200d\ud800\u2028\x00\x1c\r\n\t\u00a0\u037e")
)
texts = anything | troublesome
FORBIDDEN = {"Cc", "Cf", "Cs"}


def is_clean(text: str) -> bool:
    return all(unicodedata.category(c) not in FORBIDDEN or c in "\u200c\u200d" for c in text)


@given(texts)
def test_a_cleaned_line_is_one_storable_line(text: str) -> None:
    line = clean_line(text)
    assert is_clean(line)
    assert line == " ".join(line.split())
    line.encode("utf-8")


@given(texts)
def test_cleaned_lines_keep_nothing_but_line_breaks(text: str) -> None:
    lines = clean_lines(text)
    assert is_clean(lines.replace("\n", ""))
    assert "\n\n\n" not in lines
    assert lines == lines.strip()


@given(texts)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean_line(clean_line(text)) == clean_line(text)
    assert clean_lines(clean_lines(text)) == clean_lines(text)


@given(st.text("abcäöüß가나다 한글ABC!?0123456789🙂"))
def test_visible_characters_all_stay(text: str) -> None:
    assert clean_line(text).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  a \t b  ", "a b"),
        ("a\nb", "a b"),
        ("a\x00b\x07", "ab"),
        ("\u202eevil\u202c", "evil"),
        ("\u3164\u3164", ""),
        ("\u1112\u1161\u11ab", "한"),
        ("u\u0308ber", "über"),
        ("👩\u200d💻", "👩\u200d💻"),
    ],
)
def test_one_line(typed: str, kept: str) -> None:
    assert clean_line(typed) == kept


def test_line_breaks_of_every_system_become_one_kind() -> None:
    assert clean_lines("a\r\nb\rc\u2028d\n\n\n\n e ") == "a\nb\nc\nd\n\ne"


@pytest.mark.parametrize(
    ("text", "korean"), [("수소 H2 문의", True), ("Hydrogen 수소", False), ("123", False), ("ㅎㅎ", True)]
)
def test_korean_is_told_by_its_letters(text: str, korean: bool) -> None:
    assert is_mostly_hangul(text) is korean
