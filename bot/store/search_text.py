"""Text as it is searched: what is written into the index, and what a query asks of it.

A word is found wherever it stands, also inside another one, as German and Korean ask for: "wasserstoff" in
"Grünwasserstoffstrategie", "지원" in "창업지원을". So the index holds not words but their short pieces, as analysers
for Chinese, Japanese and Korean do: every two neighbouring syllables of Korean, every three neighbouring letters of
other scripts, and the beginnings of words, marked with "_", for what is shorter than that ("KI", "김"). The pieces
that a query needs lead to few candidates; whether its words really stand there is then checked on the text.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

BEGINNING = "_"
TEXT_MAX_CHARACTERS = 20_000

_SYLLABLES = "\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7af"
_RUN = re.compile(rf"[{_SYLLABLES}]+|[^\W_{_SYLLABLES}]+")
_IS_SYLLABLES = re.compile(rf"[{_SYLLABLES}]")
# The usual spelling where there are no umlauts, so that either finds the other; ß becomes ss by case folding.
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})

SYLLABLES_A_PIECE = 2
LETTERS_A_PIECE = 3


@dataclass(frozen=True, slots=True)
class SearchTerm:
    """One word of a query: `text` has to stand in a searchable text, `pieces` are what the index knows of it."""

    text: str
    pieces: frozenset[str]


def searchable(text: str) -> str:
    """The words of a text in lower case without accents, each after a blank; Korean and Latin are always apart."""
    plain = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text[:TEXT_MAX_CHARACTERS]).casefold())
    parts = unicodedata.normalize("NFKD", plain.translate(_UMLAUTS))
    bare = unicodedata.normalize("NFC", "".join(part for part in parts if unicodedata.category(part) != "Mn"))
    return "".join(f" {run}" for run in _RUN.findall(bare))


def pieces_of(text: str) -> str:
    """The pieces of a searchable text, each once, separated by blanks."""
    return " ".join(dict.fromkeys(piece for run in text.split() for piece in _indexed(run)))


def search_terms(query: str) -> tuple[SearchTerm, ...]:
    """What a text has to hold to be found: every word of `query`; one without letters and digits asks for nothing."""
    found = (_term(searchable(word).split()) for word in query.split())
    return tuple(term for term in found if term is not None)


def _term(runs: list[str]) -> SearchTerm | None:
    if not runs:
        return None
    # A word as short as a mark of a beginning is only looked for there.
    text = " ".join(runs) if len(runs[0]) >= _length(runs[0]) else " " + " ".join(runs)
    return SearchTerm(text, frozenset(piece for run in runs for piece in _needed(run)))


def _indexed(run: str) -> Iterator[str]:
    yield BEGINNING + run[: _length(run) - 1]
    yield from _neighbours(run)


def _needed(run: str) -> Iterator[str]:
    """Pieces that together cover a run: fewer than there are, for each one more is a long list to go through."""
    length = _length(run)
    if len(run) >= length:
        for start in (*range(0, len(run) - length, length), len(run) - length):
            yield run[start : start + length]
    elif len(run) == length - 1:
        yield BEGINNING + run


def _neighbours(run: str) -> Iterator[str]:
    length = _length(run)
    for start in range(len(run) - length + 1):
        yield run[start : start + length]


def _length(run: str) -> int:
    return SYLLABLES_A_PIECE if _IS_SYLLABLES.match(run) else LETTERS_A_PIECE
