"""Texts to the token ids of multilingual-e5-small: SentencePiece's unigram segmentation."""

from __future__ import annotations

import re

from bot.nlu.e5_file import Vocabulary

TOKENS_MAX = 512
"""The model knows no more positions; a longer text is cut."""

_SPACES = re.compile(r" {2,}")
_WORD_MARK = "\u2581"
"""SentencePiece writes a word's beginning as this character instead of a space."""

_NEVER = float("-inf")


class Tokenizer:
    """Cuts a text into the likeliest pieces."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._longest = max(map(len, vocabulary.pieces))

    def __call__(self, text: str) -> list[int]:
        """The ids of `text`, begin and end marks included."""
        known = self._vocabulary
        plain = _SPACES.sub(" ", text.translate(known.replacements))
        marked = (plain if plain.startswith(" ") else f" {plain}").replace(" ", _WORD_MARK)
        ids = self._likeliest(marked)[: TOKENS_MAX - 2]
        return [known.begin, *ids, known.end]

    def _likeliest(self, text: str) -> list[int]:
        """Viterbi's algorithm: the best way to reach each place, from the ways to reach the places before it."""
        known = self._vocabulary
        length = len(text)
        scores = [0.0] + [_NEVER] * length
        ways = [(0, known.unknown)] * (length + 1)
        find = known.pieces.get
        for start in range(length):
            score = scores[start]
            for end in range(start + 1, min(length, start + self._longest) + 1):
                piece = find(text[start:end])
                if piece is not None and score + piece[1] > scores[end]:
                    scores[end] = score + piece[1]
                    ways[end] = (start, piece[0])
            if score + known.unknown_score > scores[start + 1]:
                scores[start + 1] = score + known.unknown_score
                ways[start + 1] = (start, known.unknown)
        ids = []
        place = length
        while place:
            place, number = ways[place]
            ids.append(number)
        return ids[::-1]
