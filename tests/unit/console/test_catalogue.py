"""Everything that the console says is said in every language, and everything translated is said somewhere."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from bot.console.catalogue import LOCALES
from bot.knowledge import LANGUAGES, Language

CONSOLE = LOCALES.parent
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
OPTIONS = {"templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true"}}
KEYWORDS: dict[str, None] = {"_": None, "N_": None, "gettext": None}
PLACEHOLDER = re.compile(r"%\(\w+\)s")
NOT_GERMAN = re.compile(r"\w[*:_]innen|\wInnen\b|\w/-?in\b|\b[Dd]u\b|\b[Dd]eine?\b")


def said() -> set[str]:
    found = extract_from_dir(CONSOLE, METHODS, OPTIONS, keywords=KEYWORDS)
    return {message for _, _, message, _, _ in found if isinstance(message, str)}


def translated(language: Language) -> dict[str, str]:
    with Path(LOCALES / f"{language}.po").open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id and not message.fuzzy}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_there_in_every_language_and_no_other(language: Language) -> None:
    assert set(translated(language)) == said()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_translation_says_something_with_the_same_values(language: Language) -> None:
    for message, text in translated(language).items():
        assert text.strip(), message
        assert sorted(PLACEHOLDER.findall(text)) == sorted(PLACEHOLDER.findall(message)), message


def test_english_is_what_stands_in_the_code() -> None:
    assert all(message == text for message, text in translated(Language.ENGLISH).items())


def test_korean_is_korean() -> None:
    assert [text for text in translated(Language.KOREAN).values() if not re.search("[가-힣]", text)] == []


def test_german_says_sie_and_leaves_nobody_out_by_special_characters() -> None:
    assert [text for text in translated(Language.GERMAN).values() if NOT_GERMAN.search(text)] == []
