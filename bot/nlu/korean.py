"""Korean words without the particles that are written onto them.

A Korean word carries its particles: 스타트허브는, GmbH를, 헤센에서.
A ruler that knows 스타트허브 must see it without 는.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from kiwipiepy import Kiwi
from spacy.tokens import Doc
from spacy.vocab import Vocab

from bot.nlu.identification import has_hangul

_ENDINGS = ("J", "VCP", "E", "XSN", "XSV", "XSA")
"""Tags of the Sejong tag set that close a word: particles, the copula 이다, endings, suffixes."""

_WORD = re.compile(r"\S+")
_PUNCTUATION = re.compile(r"[^\w\s]")


@cache
def plain_kiwi() -> Kiwi:
    """The one analyser of this process.

    Its dictionaries of names are left out: particles and spaces are found without them, and they cost 250 MB.
    """
    return Kiwi(num_workers=1, load_default_dict=False, load_multi_dict=False, load_typo_dict=False)


class ParticleTokenizer:
    """A spaCy tokenizer: words are split at spaces, punctuation, and before a word's particles."""

    def __init__(self, vocab: Vocab) -> None:
        self._vocab = vocab
        self._kiwi = plain_kiwi()

    def __call__(self, text: str) -> Doc:
        """Cut `text` into words; the document has every character of it."""
        cuts = self._cuts(text)
        words, spaces = [], []
        for match in _WORD.finditer(text):
            start, end = match.span()
            places = sorted({start, end, *(cut for cut in cuts if start < cut < end)})
            for left, right in pairwise(places):
                words.append(text[left:right])
                spaces.append(right == end and end < len(text) and text[end] == " ")
        return Doc(self._vocab, words=words, spaces=spaces)

    def _cuts(self, text: str) -> set[int]:
        """Offsets at which words are cut."""
        cuts = set()
        for match in _PUNCTUATION.finditer(text):
            if match.group() not in "-&+":
                cuts.update(match.span())
        if not has_hangul(text):
            return cuts
        before = ""
        for token in self._kiwi.tokenize(text):
            closes = token.tag.startswith(_ENDINGS)
            # Only the first particle of a run is a cut: 에서는 stays one piece, which no ruler looks for.
            if closes and not before.startswith(_ENDINGS):
                cuts.add(token.start)
            before = token.tag
        return cuts
