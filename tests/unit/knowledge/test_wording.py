"""How German and Korean texts are written: real umlauts, no gender star or colon, Hangul."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from bot.knowledge import Language, load_knowledge, load_responses, load_terms
from tests.unit.knowledge.files import ROOT

UMLAUT_AS_TWO_LETTERS = re.compile(r"\w*(?:ae|oe|ue)\w*", re.IGNORECASE)

MEANT = re.compile(
    # after a, e, q: one sound or two syllables, never an umlaut (aktuell stays out: its "ue" stands after t)
    r"""(?ix) ^(?:
        \w*(?:aue|eue|que|oue|äue)\w*          # bauen, neue, Quelle, Couverture
      | \w*(?:tuell|duell|nuell|xuell|suell)\w* # aktuell, individuell, manuell, visuell
      | \w*(?:fluen|stuer|gruen?t)\w*           # Influencer
      | \w*zuein\w* | \w*zuer\w* | \w*zuent\w*  # zueinander, zuerst
      | statue\w* | duet\w* | revue | bue
      | israel\w* | michael\w* | raphael\w* | samsung | \w*aero\w* | paella
      | goethe\w* | \w*koexist\w* | \w*poet\w* | \w*soeben\w* | oem\w*
      | does | joe | noe\w* | shoes?
      | blue\w* | value\w* | venue | queue | due | true | issue\w* | continue\w* | rescue\w*
      | koebag | loewe\w* | giessen | tae | dae | daejeon | fue  # names, Korean ones too; FuE is research, development
      | \w*oeröffnung\w*                       # Kontoeröffnung
    )$"""
)
"""German and foreign words in which these letters are no replacement of an umlaut."""

GENDER_SIGN = re.compile(r"\w[*:_·](?:in|innen|r|n|e|s)\b|\w/-?in(?:nen)?\b|[a-zäöüß]Innen\b")
HANGUL = re.compile(r"[가-힣]")


def said(language: Language) -> Iterator[tuple[str, str]]:
    """Everything the assistant says in a language, with its place. Questions are left out: people type as they like."""
    knowledge = load_knowledge(ROOT / "data" / "knowledge")
    for topic in knowledge.topics:
        yield f"{topic.id}: title", topic.title[language]
    for entry in knowledge.entries.values():
        yield f"{entry.id}: title", entry.title(language)
        yield f"{entry.id}: answer", entry.answer[language]
    for response in load_responses(ROOT / "data" / "responses").by_name.values():
        yield f"{response.name}: text", response.text[language]
        for title, payload in response.buttons:
            yield f"{response.name}: button {payload}", title[language]
    for term in load_terms(ROOT / "data" / "terms.yml"):
        if language in term.names:
            yield f"terms: {term.id}", term.names[language]


def test_german_is_written_with_umlauts() -> None:
    replaced = [
        (place, word)
        for place, text in said(Language.GERMAN)
        for word in UMLAUT_AS_TWO_LETTERS.findall(text)
        if not MEANT.match(word)
    ]

    assert replaced == []


@pytest.mark.parametrize("word", ["fuer", "Foerderung", "Gruendung", "moechte", "zustaendig", "ueber", "Laender"])
def test_a_replaced_umlaut_would_be_noticed(word: str) -> None:
    assert UMLAUT_AS_TWO_LETTERS.fullmatch(word)
    assert not MEANT.match(word)


@pytest.mark.parametrize("word", ["neue", "aktuell", "Quelle", "Steuer", "Bauen", "individuelle", "betreuen", "zuerst"])
def test_german_words_with_these_letters_are_let_be(word: str) -> None:
    assert MEANT.match(word)


def test_german_needs_no_gender_star_or_colon() -> None:
    assert [(place, text) for place, text in said(Language.GERMAN) if GENDER_SIGN.search(text)] == []


@pytest.mark.parametrize("text", ["Gründer*innen", "Gründer:innen", "Gründer_innen", "GründerInnen", "Gründer/-innen"])
def test_a_gender_sign_would_be_noticed(text: str) -> None:
    assert GENDER_SIGN.search(text)


def test_korean_is_written_in_hangul() -> None:
    names = {"한국어", "Deutsch", "English"}  # a language is called by its own name in every language
    without = [
        (place, text)
        for place, text in said(Language.KOREAN)
        if not HANGUL.search(text) and text not in names and not place.startswith("terms")
    ]

    assert without == []


@pytest.mark.parametrize("language", [Language.GERMAN, Language.ENGLISH], ids=str)
def test_german_and_english_hold_no_hangul_but_the_name_of_the_language(language: Language) -> None:
    stray = [
        (place, text) for place, text in said(language) if HANGUL.search(text.replace("한국어", "").replace("언어", ""))
    ]

    assert stray == []
