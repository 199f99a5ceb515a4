"""Cleaning what a person typed, so that it is stored and shown as what it seems to be."""

import re
import unicodedata

# A blank that counts as a letter, half and full width: a name made of them would look empty.
_HANGUL_FILLERS = "\u3164\uffa0"
# Joiners hold emoji and some scripts together; other invisible format characters, bidirectional overrides among
# them, can make a text read differently from what it says.
_KEPT_FORMAT_CHARACTERS = "\u200c\u200d"
_LINE_BREAKS = re.compile("\r\n|[\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]")
# Cc control, Cf format, Cs half a surrogate pair, which no database takes.
_REMOVED_CATEGORIES = frozenset({"Cc", "Cf", "Cs"})


def clean_line(text: str) -> str:
    """The text on one line: nothing invisible, single spaces, composed characters (NFC)."""
    return " ".join(_visible(text).split())


def clean_lines(text: str) -> str:
    """The same for a text of several lines: line breaks stay, with at most one empty line between two others."""
    lines = "\n".join(" ".join(line.split()) for line in _visible(text).split("\n"))
    return re.sub("\n{3,}", "\n\n", lines).strip()


def is_mostly_hangul(text: str) -> bool:
    """Whether at least half of the letters are Korean."""
    letters = [character for character in text if character.isalpha()]
    hangul = sum(1 for letter in letters if "\uac00" <= letter <= "\ud7a3" or "\u3131" <= letter <= "\u318e")
    return bool(letters) and 2 * hangul >= len(letters)


def _visible(text: str) -> str:
    text = _LINE_BREAKS.sub("\n", text)
    kept = "".join(" " if c in _HANGUL_FILLERS or c == "\t" else c for c in text if _is_kept(c))
    # Systems that send Korean and umlauts in pieces (NFD) would otherwise make search and limits go wrong.
    return unicodedata.normalize("NFC", kept)


def _is_kept(character: str) -> bool:
    if character in "\n\t" or character in _KEPT_FORMAT_CHARACTERS:
        return True
    return unicodedata.category(character) not in _REMOVED_CATEGORIES
