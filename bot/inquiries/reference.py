"""The reference of an inquiry, such as HE-2026-7K3F9QX: short enough to read out, and no typo goes unnoticed.

After the year come six random characters and a check character. The alphabet has 29 characters, a prime number, and
leaves out what is easily taken for another one (0 O, 1 I L, 5 S, U V, of which 5 and V stay). Each character has a
value from 0 to 28; the four digits of the year count with their own value. The values are weighted with 11, 10, ...
1 from left to right, and the check character makes the sum a multiple of 29. As 29 is prime and all weights differ,
changing any one character or swapping any two neighbours changes the sum: both are always found.
"""

import re
import secrets
import unicodedata

from bot.errors import InvalidReference

PREFIX = "HE"
RANDOM_CHARACTERS = 6

# By value. The digits stand where their own value is, so that a digit counts the same in the year and after it;
# the places of 0 and 1, which are left out, are taken by the last two letters.
ALPHABET = "YZ23456789ABCDEFGHJKMNPQRTVWX"
_YEAR_DIGITS = "0123456789"
_CODE_CHARACTERS = RANDOM_CHARACTERS + 1

# What a person may have read instead of a character that does occur. Not Z for 2: it is a character of the code, and
# swapped with the year's last digit it would lead to another inquiry.
_MEANT_IN_YEAR = str.maketrans("OILSB", "01158")
_MEANT_IN_CODE = str.maketrans("SU", "5V")

_DASHES = re.compile(r"[\u00ad\u2010-\u2015\u2212\u301c\u3161\u30fc\ufe58\ufe63~_./:]")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_YEAR = r"([0-9OILSB]{4})"
_GAP = r"[\s-]*"
_CODE = rf"((?:[0-9A-Z]{_GAP}){{{RANDOM_CHARACTERS}}}[0-9A-Z])"
_BARE = re.compile(rf"{_GAP}(?:H\s?E)?{_GAP}{_YEAR}{_GAP}{_CODE}{_GAP}")
# Inside a sentence the prefix is needed; a Korean particle may follow without a space.
_IN_SENTENCE = re.compile(rf"(?<![0-9A-Z])H\s?E{_GAP}{_YEAR}{_GAP}{_CODE}(?![0-9A-Z])")


def new_reference(year: int) -> str:
    """A fresh random reference of `year` (four digits). The caller sees to it that it is unused."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_CHARACTERS))
    rest = -_weighted_sum(f"{year:04d}", code) % len(ALPHABET)
    return f"{PREFIX}-{year:04d}-{code}{ALPHABET[rest]}"


def parse_reference(text: str) -> str:
    """The reference in `text`, in the form that `new_reference` gives.

    Lower case, spaces, other dashes or none, full-width characters, a missing prefix and characters that look alike
    are all understood, and a reference with its prefix is found inside a sentence.

    Raises:
        InvalidReference: with reason "format" if there is nothing like a reference, "check" if there is, but a
            character is wrong or two are swapped.
    """
    plain = unicodedata.normalize("NFKC", text).upper()
    plain = _INVISIBLE.sub("", _DASHES.sub("-", plain))
    found = _BARE.fullmatch(plain) or _IN_SENTENCE.search(plain)
    if found is None:
        raise InvalidReference("format")
    year = found[1].translate(_MEANT_IN_YEAR)
    code = re.sub(_GAP, "", found[2]).translate(_MEANT_IN_CODE)
    if any(character not in ALPHABET for character in code):
        raise InvalidReference("format")
    if _weighted_sum(year, code) % len(ALPHABET):
        raise InvalidReference("check")
    return f"{PREFIX}-{year}-{code}"


def _weighted_sum(year: str, code: str) -> int:
    values = [_YEAR_DIGITS.index(digit) for digit in year] + [ALPHABET.index(character) for character in code]
    heaviest = len(year) + _CODE_CHARACTERS
    return sum(value * (heaviest - position) for position, value in enumerate(values))
