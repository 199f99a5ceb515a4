"""Every page can be used by everybody: WCAG 2.2 AA by axe, narrow screens, dark screens, three languages."""

import pytest
from playwright.sync_api import Page

from bot.inquiries import staff
from bot.knowledge import LANGUAGES, Language
from bot.store import InquiryState
from tests.console.conftest import PHONE, Open, Site
from tests.support.axe import audit
from tests.support.office import draft

LOOKS = {
    "desktop": {},
    "phone, dark": {"viewport": PHONE, "color_scheme": "dark"},
}
PATHS = (
    "/staff/inquiries",
    "/staff/inquiries?view=all&language=ko",
    "/staff/inquiries/{reference}",
    "/staff/account",
    "/staff/account/second-factor",
    "/staff/inquiries/HE-2026-0000000",
)


def fill(site: Site) -> str:
    """A case with something in each of its parts; returns its reference."""
    original = site.inquiries.log(draft("original", language="de", name="Jörg Müller")).reference
    reference = site.inquiries.log(draft("kim", conversation_id=site.converse())).reference
    with site.inquiries.change(reference, staff("boris")) as case:
        case.note("Rückruf am Montag")
        case.tag("messe")
        case.tag("wasserstoff")
        case.reply("안녕하세요.", "ko")
        case.change_state(InquiryState.OPEN)
    with site.inquiries.change(original, staff("boris")) as case:
        case.mark_duplicate_of(reference)
    return reference


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the screen."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_passes_axe_and_fits(site: Site, at_desk: Open, language: Language, look: str) -> None:
    reference = fill(site)
    page = at_desk("/staff/", language=language, **LOOKS[look])
    for path in PATHS:
        page.goto(site.url + path.format(reference=reference))
        assert audit(page).violations == (), path
        assert overflow(page) <= 0, path
    page.context.clear_cookies()
    page.goto(f"{site.url}/staff/sign-in?language={language}")
    assert audit(page).violations == ()
    assert overflow(page) <= 0


def test_what_has_the_focus_is_seen(site: Site, at_desk: Open) -> None:
    reference = fill(site)
    page = at_desk(f"/staff/inquiries/{reference}")
    for _ in range(12):
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", page.evaluate("document.activeElement.outerHTML")
