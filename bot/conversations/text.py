"""What a visitor typed, made safe to keep: nothing is interpreted, nothing visible is changed."""

import re
import unicodedata

from bot.errors import InvalidField

_LINE_ENDS = re.compile(r"\r\n?")
# All control characters but tab and line feed, and halves of surrogate pairs, which no database can store.
_UNSTORABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def clean_text(text: str, *, field: str, limit: int) -> str:
    """Return `text` without control characters; all else stays as typed, whatever it looks like.

    Raises:
        InvalidField: nothing visible is left ("empty"), or it is longer than `limit` characters ("too_long").
    """
    cleaned = _UNSTORABLE.sub("", _LINE_ENDS.sub("\n", text))
    if not any(_is_visible(character) for character in cleaned):
        raise InvalidField(field, "empty")
    if len(cleaned) > limit:
        raise InvalidField(field, "too_long", limit)
    return cleaned


def _is_visible(character: str) -> bool:
    # Zero-width and direction characters are "Cf": a message of nothing else says nothing.
    return not character.isspace() and unicodedata.category(character) != "Cf"
