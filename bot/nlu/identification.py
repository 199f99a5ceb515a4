"""Which of the three languages a text is in."""

from __future__ import annotations

import re
from typing import Protocol

from bot.knowledge import Language
from bot.nlu.patterns import REFERENCE

HANGUL_SHARE = 0.3
"""Korean messages name German institutions; from this share of Hangul letters on, a message is Korean."""

LATIN_CONFIDENCE = 0.8
"""How sure the library must be to change the conversation's language between German and English."""

LATIN_LETTERS_MIN = 9
"""Shorter Latin messages ("ok", "GmbH", "push!") tell too little: the conversation's language stays."""

NAME_FIELDS = frozenset({"name", "company", "email", "country"})
"""Answers to these are names: a Korean name in a German conversation does not make it Korean."""

_HANGUL = re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")
_KOREAN_END = re.compile(r"[\uac00-\ud7a3](?:요|까|다|죠)[\s?!.~]*$")
"""A polite or formal verb ending closes a Korean sentence, however many Latin names stand in it."""

_LETTER = re.compile(r"[^\W\d_]")
_NOT_PROSE = re.compile(r"\S+@\S+|https?://\S+|www\.\S+")


class LatinDetector(Protocol):
    """Tells German from English."""

    def german_share(self, text: str) -> float:
        """How likely `text` is German rather than English, 0 to 1."""


class LinguaDetector:
    """German or English by lingua's n-gram models, which ship with the package."""

    def __init__(self) -> None:
        from lingua import Language as LinguaLanguage
        from lingua import LanguageDetectorBuilder

        self._german = LinguaLanguage.GERMAN
        self._detector = LanguageDetectorBuilder.from_languages(LinguaLanguage.GERMAN, LinguaLanguage.ENGLISH).build()

    def german_share(self, text: str) -> float:
        """How likely `text` is German rather than English, 0 to 1."""
        return float(self._detector.compute_language_confidence(text, self._german))


def has_hangul(text: str) -> bool:
    """Whether any letter of `text` is Korean."""
    return _HANGUL.search(text) is not None


def identify(
    text: str, current: Language, detector: LatinDetector, *, pinned: bool = False, asks: str | None = None
) -> Language:
    """The language to answer `text` in.

    Hangul is Korean; German and English are told apart by `detector`; a short or mixed message keeps `current`, and so
    does every message once the person has chosen a language (`pinned`) or gives a name (`asks`).
    """
    if pinned or asks in NAME_FIELDS:
        return current
    prose = _NOT_PROSE.sub(" ", REFERENCE.sub(" ", text))
    letters = len(_LETTER.findall(prose))
    hangul = len(_HANGUL.findall(prose))
    if letters == 0:
        return current
    if hangul / letters >= HANGUL_SHARE or _KOREAN_END.search(prose):
        return Language.KOREAN
    if letters < LATIN_LETTERS_MIN or hangul or (not prose.isascii() and not _is_latin(prose)):
        return current
    german = detector.german_share(prose)
    if german >= LATIN_CONFIDENCE:
        return Language.GERMAN
    if german <= 1 - LATIN_CONFIDENCE:
        return Language.ENGLISH
    return current


def _is_latin(text: str) -> bool:
    return all(ord(letter) < 0x250 for letter in _LETTER.findall(text))
