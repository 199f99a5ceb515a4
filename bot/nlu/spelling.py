"""Mends what goes wrong when people type: umlauts, capitals, spaces in Korean, a slip of the fingers.

The encoders were trained on edited text. `foerderung`, `FÖRDERUNG`, `Förderrung` and 독일비자종류비교 lie far from what
they mean; what can be told for sure is put right before encoding. The text itself stays as it was typed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from kiwipiepy import Kiwi

from bot.nlu.identification import has_hangul
from bot.nlu.korean import plain_kiwi

_WORD = re.compile(r"[^\W\d_]+")
_RUN_OF_HANGUL = re.compile(r"[가-힣]{7,}")
"""Korean words are seldom longer with all that is written onto them; a longer run has lost its spaces."""

_LETTERS = re.compile(r"[^\W\d_]")
_SHOUTED_MIN = 8
"""Shorter texts in capitals may be abbreviations: EXIST, GMBH, HTAI."""

_SLIP_MIN = 5
"""In a shorter word one letter makes another word."""

_SURE_MIN = 3
"""A word seen less often may itself be a slip: some training questions have them, as people do."""

_TWO_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_ONE_LETTER = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})


class SpellingMender:
    """Knows the words that the knowledge base itself is written in.

    Arguments:
        seen: every word of the training texts in lower case, and how often it stands there.
    """

    def __init__(self, seen: Mapping[str, int]) -> None:
        self.seen = seen
        self._kiwi: Kiwi = plain_kiwi()
        self._bare: dict[str, str] = {}
        self._slips: dict[str, list[str]] = {}
        for word, count in sorted(seen.items(), key=lambda item: (-item[1], item[0])):
            for typed in (word.translate(_TWO_LETTERS), word.translate(_ONE_LETTER)):
                # Only if what was typed stands nowhere for a word of its own, as `fordern` beside `fördern`.
                if typed != word and (typed not in seen or seen[typed] * 4 < count):
                    self._bare.setdefault(typed, word)
            if count >= _SURE_MIN and len(word) >= _SLIP_MIN and not has_hangul(word):
                for key in _shortened(word):
                    self._slips.setdefault(key, []).append(word)

    @classmethod
    def learn(cls, texts: Iterable[str]) -> SpellingMender:
        """Learn from texts that are spelt well, for the most part."""
        return cls(Counter(word.lower() for text in texts for word in _WORD.findall(text)))

    def mend(self, text: str) -> str:
        """The text as an edited one would have it, as far as that is sure."""
        if has_hangul(text) and _RUN_OF_HANGUL.search(text):
            text = _RUN_OF_HANGUL.sub(lambda run: self._kiwi.space(run.group()), text)
        if text.isupper() and len(_LETTERS.findall(text)) >= _SHOUTED_MIN:
            text = text.lower()
        return _WORD.sub(self._mended, text)

    def _mended(self, match: re.Match[str]) -> str:
        typed = match.group()
        lower = typed.lower()
        word = self._bare.get(lower) or self._meant(lower)
        if word is None:
            return typed
        return word.capitalize() if typed[0].isupper() else word

    def _meant(self, typed: str) -> str | None:
        """The word from which one slip of the fingers leads to `typed`, the commonest of several."""
        if len(typed) < _SLIP_MIN or typed in self.seen or has_hangul(typed):
            return None
        near = (word for key in _shortened(typed) for word in self._slips.get(key, ()) if _one_slip(typed, word))
        return max(near, key=lambda word: (self.seen[word], word), default=None)


def _shortened(word: str) -> Iterator[str]:
    """The word, and the word less one letter: what two words that a slip parts have in common (as SymSpell does)."""
    yield word
    for place in range(1, len(word)):
        yield word[:place] + word[place + 1 :]


def _one_slip(typed: str, word: str) -> bool:
    """Whether one letter is doubled, dropped, added or another one, or two have changed places; the first is right."""
    if typed[0] != word[0]:
        return False
    shorter = min(len(typed), len(word))
    left = next((place for place in range(shorter) if typed[place] != word[place]), shorter)
    right = next((place for place in range(shorter - left) if typed[-1 - place] != word[-1 - place]), shorter - left)
    mine, other = typed[left : len(typed) - right], word[left : len(word) - right]
    return max(len(mine), len(other)) == 1 or (len(mine) == 2 and mine == other[::-1])
