"""The three languages, equal everywhere."""

from __future__ import annotations

from enum import Enum


class Language(str, Enum):
    """ISO 639-1 code of a language the assistant speaks.

    A `str` mixin instead of `enum.StrEnum`, which the engine's Python 3.10 does not have.
    """

    KOREAN = "ko"
    GERMAN = "de"
    ENGLISH = "en"

    def __str__(self) -> str:
        return self.value


LANGUAGES: tuple[Language, ...] = tuple(Language)
