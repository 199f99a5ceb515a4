"""Mends what people leave out when they type: umlauts, capitals, and spaces in Korean.

The encoders were trained on edited text. `foerderung`, `FÖRDERUNG` and 독일비자종류비교 lie far from what they
mean; what can be told for sure is put right before encoding. The text itself stays as it was typed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from kiwipiepy import Kiwi

from bot.nlu.identification import has_hangul
from bot.nlu.korean import plain_kiwi

_WORD = re.compile(r"[^\W\d_]+")
_RUN_OF_HANGUL = re.compile(r"[가-힣]{7,}")
"""Korean words are seldom longer with all that is written onto them; a longer run has lost its spaces."""

_LETTERS = re.compile(r"[^\W\d_]")
_SHOUTED_MIN = 8
"""Shorter texts in capitals may be abbreviations: EXIST, GMBH, HTAI."""

_TWO_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_ONE_LETTER = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})


class SpellingMender:
    """Knows the words that the knowledge base itself is written in.

    Arguments:
        words: lower-case words without umlauts, and what each stands for.
    """

    def __init__(self, words: dict[str, str]) -> None:
        self.words = words
        self._kiwi: Kiwi = plain_kiwi()

    @classmethod
    def learn(cls, texts: Iterable[str]) -> SpellingMender:
        """Learn from texts that are spelt well, for the most part.

        A word is mended only if what was typed stands nowhere for a word of its own, as `fordern` beside `fördern`.
        """
        seen = Counter(word.lower() for text in texts for word in _WORD.findall(text))
        mended: dict[str, str] = {}
        for word, _ in seen.most_common():
            for typed in (word.translate(_TWO_LETTERS), word.translate(_ONE_LETTER)):
                if typed != word and (typed not in seen or seen[typed] * 4 < seen[word]):
                    mended.setdefault(typed, word)
        return cls(mended)

    def mend(self, text: str) -> str:
        """The text as an edited one would have it, as far as that is sure."""
        if has_hangul(text) and _RUN_OF_HANGUL.search(text):
            text = _RUN_OF_HANGUL.sub(lambda run: self._kiwi.space(run.group()), text)
        if text.isupper() and len(_LETTERS.findall(text)) >= _SHOUTED_MIN:
            text = text.lower()
        return _WORD.sub(self._mended, text)

    def _mended(self, match: re.Match[str]) -> str:
        typed = match.group()
        word = self.words.get(typed.lower())
        if word is None:
            return typed
        return word.capitalize() if typed[0].isupper() else word
