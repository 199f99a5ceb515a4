"""Umlauts, capitals and Korean spaces that were left out are put back where that is sure."""

import pytest

from bot.nlu.spelling import SpellingMender

TEXTS = [
    "Förderung für Gründer in Hessen",
    "Wie hoch ist die Förderung für eine Gründung?",
    "Fördern und fordern: wer fordert, muss fordern",
    "Größe und Maß",
    "What is it for?",
    "for founders, for companies, for all",
]


@pytest.fixture(scope="module")
def mender() -> SpellingMender:
    return SpellingMender.learn(TEXTS)


@pytest.mark.parametrize(
    ("typed", "mended"),
    [
        ("foerderung fuer gruender", "förderung für gründer"),
        ("Forderung fur Grunder", "Förderung für Gründer"),
        ("WIE HOCH IST DIE FOERDERUNG?", "wie hoch ist die förderung?"),
        ("groesse", "größe"),
        ("Förderung für Gründer", "Förderung für Gründer"),
        ("GmbH, EXIST und HTAI", "GmbH, EXIST und HTAI"),
        ("EXIST", "EXIST"),
        ("", ""),
        ("🙂 12 %", "🙂 12 %"),
    ],
)
def test_german_is_mended(mender: SpellingMender, typed: str, mended: str) -> None:
    assert mender.mend(typed) == mended


@pytest.mark.parametrize("word", ["fordern", "for", "company", "blue"])
def test_a_word_of_its_own_stays(mender: SpellingMender, word: str) -> None:
    assert mender.mend(word) == word


@pytest.mark.parametrize(
    ("typed", "mended"),
    [
        ("founderss", "founders"),
        ("fonuders", "founders"),
        ("Foumders", "Founders"),
        ("fouders", "founders"),
        ("bounders", "bounders"),
        ("founds", "founds"),
        ("companeis", "companeis"),
        ("comprand", "comprand"),
    ],
)
def test_one_slip_in_a_word_seen_often_is_mended(typed: str, mended: str) -> None:
    """Neither in the first letter, nor two slips, nor towards a word seen less than three times."""
    assert SpellingMender.learn(["founders"] * 3 + ["companies"] * 2).mend(typed) == mended


def test_a_short_word_and_a_known_one_are_no_slips() -> None:
    mender = SpellingMender.learn(["Messe Hessen"] * 3 + ["Messer", "bank"] * 3)

    assert mender.mend("Messer bnak Essen") == "Messer bnak Essen"


def test_korean_without_spaces_gets_them_back(mender: SpellingMender) -> None:
    assert mender.mend("독일에서법인을설립하려면뭐가필요해요?").count(" ") >= 3


@pytest.mark.parametrize("text", ["스타트허브 상담은 무료인가요?", "프랑크푸르트에서", "GmbH를 설립하고 싶어요"])
def test_korean_with_spaces_stays(mender: SpellingMender, text: str) -> None:
    assert mender.mend(text) == text
