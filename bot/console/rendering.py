"""Templates to HTML: everything is escaped, always."""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.console import formats
from bot.console.addresses import BASE
from bot.console.catalogue import translations
from bot.console.navigation import NAVIGATION
from bot.console.notices import NOTICES
from bot.console.words import WORDS
from bot.knowledge import LANGUAGES, Language
from bot.store import StaffRole

if TYPE_CHECKING:
    from bot.console.visit import Visit

FOLDER = Path(__file__).parent
TEMPLATES = FOLDER / "templates"
STATIC = FOLDER / "static"


def render(visit: "Visit", template: str, context: Mapping[str, Any]) -> str:
    """The HTML of a page.

    Every template knows `visit`, `member` (None if nobody is signed in), `form_token`, `language`, the functions of
    `bot.console.formats` as filters, and `word("state", value)` for ids of the program.
    """
    values = {
        "visit": visit,
        "member": visit.signed_in.member if visit.signed_in and not visit.signed_in.is_pending else None,
        "form_token": visit.services.sessions.form_token(visit.token),
        "language": visit.language,
        "vocabulary": visit.services.vocabulary,
        "notice": NOTICES.get(visit.query("done")),
        "now": visit.now,
        **context,
    }
    return _environment(visit.language).get_template(template).render(values)


@cache
def _environment(language: Language) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    catalogue = translations(language)
    environment.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined]

    def word(kind: str, value: object) -> str:
        return catalogue.gettext(WORDS[kind][str(value)]) if str(value) in WORDS[kind] else str(value)

    environment.globals.update(
        base=BASE,
        languages=LANGUAGES,
        navigation=NAVIGATION,
        roles=StaffRole,
        static=static_address,
        word=word,
        words=WORDS,
    )
    environment.filters.update(formats.filters(language))
    return environment


@cache
def static_address(name: str) -> str:
    """The address of a file, which changes when the file does, so that browsers may keep it."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"{BASE}/static/{name}?v={digest}"
