"""A country is understood from the way people answer in three languages."""

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from bot.inquiries.countries import country_name, find_country


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("한국", "KR"),
        ("대한민국", "KR"),
        ("남한", "KR"),
        ("한국이에요", "KR"),
        ("한국에서 왔어요", "KR"),
        ("저는 한국 사람입니다", "KR"),
        ("서울, 한국", "KR"),
        ("독일", "DE"),
        ("독일인입니다", "DE"),
        ("인도네시아입니다", "ID"),
        ("도미니카 공화국에서", "DO"),
        ("미국에 살아요", "US"),
        ("북한", "KP"),
        ("Korea", "KR"),
        ("ＫＯＲＥＡ", "KR"),
        ("Korea입니다", "KR"),
        ("the Republic of Korea", "KR"),
        ("South Korea!", "KR"),
        ("I'm from Germany", "DE"),
        ("from the US", "US"),
        ("U.S.", "US"),
        ("UK", "GB"),
        ("England", "GB"),
        ("the Netherlands", "NL"),
        ("Papua New Guinea", "PG"),
        ("Guinea-Bissau", "GW"),
        ("Turkey", "TR"),
        ("Jeju Island, Korea", "KR"),
        ("aus Korea", "KR"),
        ("Südkorea", "KR"),
        ("Suedkorea", "KR"),
        ("Sudkorea", "KR"),
        ("Nordkorea", "KP"),
        ("Deutschland", "DE"),
        ("Wir kommen aus Österreich.", "AT"),
        ("aus den Vereinigten Arabischen Emiraten", "AE"),
        ("Island", "IS"),
        ("aus Island", "IS"),
        ("DE", "DE"),
        ("kr", "KR"),
    ],
)
def test_an_answer_names_its_country(answer: str, code: str) -> None:
    assert find_country(answer) == code


@pytest.mark.parametrize(
    "answer",
    ["", "...", "no", "No", "NO", "is", "in", "hello", "Atlantis", "Frankfurt", "EU", "XX", "Ich weiß es nicht"]
    + ["한국과 독일", "Germany and Korea", "not Germany", "nicht aus Deutschland", "독일은 아니에요", "오만한 사람"],
)
def test_an_answer_that_names_none_or_several_is_not_guessed(answer: str) -> None:
    assert find_country(answer) is None


@pytest.mark.parametrize("language", ["ko", "de", "en"])
def test_every_country_is_found_by_its_name(language: str) -> None:
    codes = [code for code in map(str, Locale.parse("en").territories) if find_country(code) == code]
    assert len(codes) >= 240
    assert [code for code in codes if find_country(country_name(code, language)) != code] == []


def test_names_are_given_in_the_asked_language() -> None:
    assert [country_name("DE", language) for language in ("ko", "de", "en")] == ["독일", "Deutschland", "Germany"]
    assert country_name("QQ", "en") == "QQ"


@given(st.text())
def test_any_answer_gives_a_code_or_nothing(answer: str) -> None:
    code = find_country(answer)
    assert code is None or (len(code) == 2 and code.isupper())
