"""What the console says, in three languages: gettext catalogues, read as translators edit them."""

import gettext
import io
from functools import cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot.knowledge import Language

LOCALES = Path(__file__).parent / "locales"


def N_(message: str) -> str:  # noqa: N802 (gettext's own name for it, which extraction looks for)
    """Mark a text for translation that is translated later, where the language is known."""
    return message


@cache
def translations(language: Language) -> gettext.NullTranslations:
    """The catalogue of a language; each is read once."""
    with (LOCALES / f"{language.value}.po").open("rb") as file:
        catalogue = read_po(file, locale=language.value)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
