"""Passwords of staff: which may be chosen, and how they are kept."""

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.errors import InvalidField

PASSWORD_MIN_CHARACTERS = 12
"""Length is what makes a password strong; signs and digits are not asked for (NIST SP 800-63B, 5.1.1.2)."""

PASSWORD_MAX_CHARACTERS = 200

_DISTINCT_MIN_CHARACTERS = 5

# Argon2id with the parameters that RFC 9106 recommends second: 64 MiB, three passes.
_HASHER = PasswordHasher()


def hash_password(password: str, name: str) -> str:
    """What is stored of a password.

    Raises:
        InvalidField: "too_short", "too_long" or "too_simple": the name, or hardly any different characters.
    """
    normal = _normal(password)
    if len(normal) < PASSWORD_MIN_CHARACTERS:
        raise InvalidField("password", "too_short", PASSWORD_MIN_CHARACTERS)
    if len(normal) > PASSWORD_MAX_CHARACTERS:
        raise InvalidField("password", "too_long", PASSWORD_MAX_CHARACTERS)
    if name.casefold() in normal.casefold() or len(set(normal)) < _DISTINCT_MIN_CHARACTERS:
        raise InvalidField("password", "too_simple")
    return _HASHER.hash(normal)


def is_password(stored: str | None, password: str) -> bool:
    """Whether this is the password; takes as long when there is none."""
    if len(password) > PASSWORD_MAX_CHARACTERS:
        return False
    try:
        return _HASHER.verify(stored or _nobodys(), _normal(password)) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(stored: str) -> bool:
    """Whether the password should be hashed again, because parameters have changed since."""
    return _HASHER.check_needs_rehash(stored)


def rehash(password: str) -> str:
    """The hash with the parameters of today, of a password that is known to be right."""
    return _HASHER.hash(_normal(password))


@cache
def _nobodys() -> str:
    """Who names no account waits as long as who names one, so that the time does not tell which names exist."""
    return _HASHER.hash("nobody has this password")


def _normal(password: str) -> str:
    # Keyboards of different systems type the same Korean syllable or umlaut in one piece or in several.
    return unicodedata.normalize("NFC", password)
