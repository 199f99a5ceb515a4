"""Robustness suites: the test questions as careless fingers and other keyboards type them, always the same way."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.evaluation.sets import Question
from bot.knowledge import Language

SEED = 1946
"""Any fixed number: the suites are the same in every run, so that figures can be compared."""

LETTERS_PER_TYPO = 14
"""One slip in about fourteen letters: two in a usual question, more than people leave standing."""

_HANGUL_FIRST, _HANGUL_LAST = 0xAC00, 0xD7A3
_FINALS = 28
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})
_BARE = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "Ä": "A", "Ö": "O", "Ü": "U", "ß": "s"})


def suites(questions: Sequence[Question]) -> dict[str, list[Question]]:
    """Each suite by name; a question that a suite does not change is left out of it."""
    return {
        "typos": _changed(questions, typos),
        "no spaces (Korean)": _changed(questions, without_spaces, Language.KOREAN),
        "ae, oe, ue, ss (German)": _changed(questions, lambda text, _: text.translate(_UMLAUTS), Language.GERMAN),
        "umlauts dropped (German)": _changed(questions, lambda text, _: text.translate(_BARE), Language.GERMAN),
        "lower case, no punctuation": _changed(questions, careless),
        "capitals": _changed(questions, lambda text, _: text.upper()),
    }


def typos(text: str, chance: random.Random) -> str:
    """Letters swapped, doubled, dropped, or (Hangul) a final consonant lost or changed."""
    letters = [index for index, character in enumerate(text) if character.isalpha()]
    characters = list(text)
    for index in chance.sample(letters, len(letters) // LETTERS_PER_TYPO or min(1, len(letters))):
        characters[index] = _slip(text, index, chance)
    return "".join(characters)


def without_spaces(text: str, _: random.Random) -> str:
    """Written in one go, as many do on a phone."""
    return text.replace(" ", "")


def careless(text: str, _: random.Random) -> str:
    """In small letters, without a mark at the end or a comma between."""
    return "".join(character for character in text.lower() if character not in ".,?!;:").strip()


def _slip(text: str, index: int, chance: random.Random) -> str:
    character = text[index]
    if _HANGUL_FIRST <= ord(character) <= _HANGUL_LAST:
        bare = _HANGUL_FIRST + (ord(character) - _HANGUL_FIRST) // _FINALS * _FINALS
        # ㄴ for what stood there, or nothing: the keys are neighbours.
        return chr(bare) if (ord(character) - _HANGUL_FIRST) % _FINALS else chr(bare + 4)
    kind = chance.choice(("double", "drop", "neighbour"))
    if kind == "double":
        return character * 2
    if kind == "drop":
        return ""
    rows = ("qwertzuiop", "asdfghjkl", "yxcvbnm")
    row = next((row for row in rows if character.lower() in row), character)
    place = row.find(character.lower())
    return row[place + 1 if place + 1 < len(row) else place - 1]


def _changed(
    questions: Sequence[Question], change: Callable[[str, random.Random], str], language: Language | None = None
) -> list[Question]:
    changed = []
    for question in questions:
        if language is None or question.language is language:
            text = change(question.text, random.Random(f"{SEED} {question.text}"))  # noqa: S311 (not a secret)
            if text != question.text and text.strip():
                changed.append(replace(question, text=text))
    return changed
