"""Words are found wherever they stand, in Korean, German and English; the index never hides what the text holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.store.search_text import pieces_of, search_terms, searchable


def finds(query: str, text: str) -> bool:
    """As the database does it: the index has all pieces, and the text holds the words."""
    searched = searchable(text)
    pieces = set(pieces_of(searched).split())
    terms = search_terms(query)
    return bool(terms) and all(term.pieces <= pieces and term.text in searched for term in terms)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("지원", "헤센의 창업지원을 찾고 있어요"),  # two syllables inside a word, with a particle
        ("창업지원", "헤센의 창업지원을 찾고 있어요"),
        ("김", "김민수"),
        ("스타트업", "AI스타트업입니다"),
        ("AI", "AI스타트업입니다"),
        ("한글", "\u1112\u1161\u11ab\u1100\u1173\u11af"),  # as systems write it that send syllables in parts
        ("wasserstoff", "Grünwasserstoffstrategie"),
        ("GRÜNWASSER", "grünwasserstoff"),
        ("Foerderung", "Wirtschaftsförderung"),
        ("Förderung", "Wirtschaftsfoerderung"),
        ("straße", "Hauptstrasse"),
        ("KI", "Einsatz von KI im Mittelstand"),
        ("H2", "H2-Technik"),
        ("cafe", "Café"),
        ("kim@example.com", "Schreiben Sie an kim@example.com!"),
        ("example.com", "kim@example.com"),
        ("HE-2026-7K3F9QX", "he-2026-7k3f9qx"),
        ("büro kassel", "In Kassel suchen wir ein Büro"),
        ("e-mobility", "E-Mobility in Frankfurt"),
        ("vitamin c", "Vitamin C"),
        ("ＡＩ", "AI"),
        ("기업 GmbH", "기업GmbH"),
    ],
)
def test_it_is_found(query: str, text: str) -> None:
    assert finds(query, text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("지원", "지금 원해요"),
        ("지원", "지 원"),
        ("원지", "지원"),
        ("민", "김민수"),  # one syllable is looked for where words begin
        ("KI", "Skizze"),
        ("wasserstoffe", "Wasserstoff"),
        ("anna berlin", "Anna in Bremen"),
        ("abcd", "abc bcd"),  # has all pieces, but not together
        ("kim@example.com", "kim@example.org"),
        ("?!", "Was?!"),
    ],
)
def test_it_is_not_found(query: str, text: str) -> None:
    assert not finds(query, text)


words = st.text(st.sampled_from("지원창업김가나äöüßaeiknst019 -.@"), min_size=1, max_size=12)


@given(words, words, words)
def test_what_stands_in_a_text_as_a_word_is_always_found(before: str, word: str, after: str) -> None:
    if search_terms(word):
        assert finds(word, f"{before} {word} {after}")


@given(st.text(max_size=200))
def test_any_text_is_searchable_and_stays_so(text: str) -> None:
    searched = searchable(text)
    assert searchable(searched) == searched
    assert all(piece == piece.strip() for piece in pieces_of(searched).split(" "))
