"""A day at the console: signing in, what comes in, answering, and two people at once."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from bot.knowledge import KnowledgeBase, Language
from bot.store import StaffRole
from tests.console.conftest import Open, Site
from tests.support.office import KIM, PASSWORD, draft

WORDS = {
    Language.GERMAN: {
        "sign in": "Anmelden",
        "reply": re.compile("Ihre Antwort"),
        "send": "Antwort senden",
        "sent": "Ihre Antwort ist unterwegs.",
        "search": "Antworten suchen",
        "insert": re.compile("Diese Antwort einfügen"),
        "state": "Beantwortet",
    },
    Language.KOREAN: {
        "sign in": "로그인",
        "reply": re.compile("답변 내용"),
        "send": "답변 보내기",
        "sent": "답변을 보냈습니다.",
        "search": "답변 검색",
        "insert": re.compile("이 답변 넣기"),
        "state": "답변 완료",
    },
}
BOTH = pytest.mark.parametrize("language", [Language.GERMAN, Language.KOREAN])


@BOTH
def test_signing_in_with_a_second_factor_by_keyboard_only(
    site: Site, open_browser: Callable[..., BrowserContext], language: Language
) -> None:
    member = site.employ("anna", StaffRole.AGENT, language)
    proposed = site.second_factor.propose("anna")
    site.second_factor.enrol(member.id, proposed.seed, site.code(proposed))
    page = open_browser(locale=language.value).new_page()
    page.goto(f"{site.url}/staff/")
    expect(page.get_by_role("heading", name=WORDS[language]["sign in"])).to_be_visible()
    page.keyboard.type("anna")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#code")).to_be_focused()
    page.keyboard.type(site.code(proposed, steps_on=1))
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff/inquiries")


@BOTH
def test_answering_by_keyboard_only(site: Site, at_desk: Open, knowledge: KnowledgeBase, language: Language) -> None:
    reference = site.inquiries.log(draft("kim", conversation_id=site.converse())).reference
    site.inquiries.log(draft("lee", name="이영희", language="de"))
    words = WORDS[language]
    page = at_desk("/staff/inquiries", language=language)
    expect(page.locator(".row")).to_have_count(2)
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator(":focus")).to_contain_text(KIM.name)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/staff/inquiries/{reference}")
    page.keyboard.press("r")
    field = page.get_by_label(words["reply"])
    expect(field).to_be_focused()
    page.keyboard.type("안녕하세요.")
    page.locator("#answers-query").focus()
    page.keyboard.type("push Stipendium")
    page.get_by_role("button", name=words["search"]).focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name=words["insert"]).first.focus()
    page.keyboard.press("Enter")
    expect(field).to_have_value(re.compile(r"^안녕하세요\.\n\n.*[가-힣]", re.DOTALL))
    page.get_by_role("button", name=words["send"]).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text(words["sent"])).to_be_visible()
    expect(page.locator(".case-head .state")).to_have_text(words["state"])
    assert site.inquiries.get(reference).replies[0].language == "ko"


@BOTH
def test_what_comes_in_appears_without_reloading(site: Site, at_desk: Open, language: Language) -> None:
    site.inquiries.log(KIM)
    page = at_desk("/staff/inquiries", language=language)
    expect(page.locator(".row")).to_have_count(1)
    page.locator(".open").focus()
    page.evaluate("window.unchanged = true")
    site.inquiries.log(draft("lee", name="이영희"))
    expect(page.locator(".row")).to_have_count(2)
    expect(page.locator(".row").first).to_contain_text("이영희")
    expect(page.locator(":focus")).to_contain_text(KIM.name)
    expect(page.locator("#announcer")).not_to_be_empty()
    assert page.evaluate("window.unchanged")


def test_the_list_does_not_move_while_somebody_selects(site: Site, at_desk: Open) -> None:
    site.inquiries.log(KIM)
    page = at_desk("/staff/inquiries")
    page.locator(".row input").check()
    site.inquiries.log(draft("lee"))
    expect(page.get_by_role("link", name="Die Liste hat sich geändert: neu anzeigen")).to_be_visible()
    expect(page.locator(".row")).to_have_count(1)


def test_two_people_at_one_case_are_told_of_each_other(site: Site, at_desk: Open) -> None:
    here = f"/staff/inquiries/{site.inquiries.log(KIM).reference}"
    anna, boris = at_desk(here), at_desk(here, "boris")
    expect(boris.locator("#colleagues")).to_contain_text("anna")
    expect(anna.locator("#colleagues")).to_contain_text("boris")
    boris.get_by_label("Neue Notiz").fill("Ich rufe an.")
    boris.get_by_role("button", name="Notiz speichern").click()
    expect(anna.get_by_role("link", name="Diese Anfrage hat sich geändert: neu anzeigen")).to_be_visible()
    boris.close()
    expect(anna.locator("#colleagues")).to_be_hidden()


@BOTH
def test_everything_works_without_javascript(site: Site, at_desk: Open, language: Language) -> None:
    reference = site.inquiries.log(KIM).reference
    words = WORDS[language]
    page: Page = at_desk(f"/staff/inquiries/{reference}", language=language, java_script_enabled=False)
    page.get_by_label(words["reply"]).fill("안녕하세요.")
    page.locator("#answers-query").fill("push Stipendium")
    page.get_by_role("button", name=words["search"]).click()
    page.get_by_role("button", name=words["insert"]).first.click()
    expect(page.get_by_label(words["reply"])).to_have_value(re.compile(r"^안녕하세요\.\n\n.*[가-힣]", re.DOTALL))
    page.get_by_role("button", name=words["send"]).click()
    expect(page.get_by_text(words["sent"])).to_be_visible()


def test_several_inquiries_are_changed_at_once(site: Site, at_desk: Open) -> None:
    references = [site.inquiries.log(draft(str(number))).reference for number in range(3)]
    page = at_desk("/staff/inquiries")
    for reference in references[:2]:
        page.get_by_label(f"{reference} auswählen").check()
    page.get_by_label("Zuständig").last.select_option("anna")
    page.get_by_role("button", name="Zuweisen").click()
    expect(page.get_by_text("Die ausgewählten Anfragen sind geändert.")).to_be_visible()
    assert [site.inquiries.get(reference).summary.assignee for reference in references] == ["anna", "anna", None]


def test_a_filter_is_kept_as_a_view(site: Site, at_desk: Open) -> None:
    site.inquiries.log(KIM)
    site.inquiries.log(draft("mueller", name="Jörg Müller", language="de", topic="visa"))
    page = at_desk("/staff/inquiries")
    page.get_by_role("searchbox").fill("mueller")
    page.get_by_role("button", name="Suchen").click()
    expect(page.locator(".row")).to_have_count(1)
    page.get_by_role("searchbox").fill("")
    page.locator("#language").select_option("ko")
    page.get_by_role("button", name="Anwenden").click()
    expect(page.locator(".row")).to_contain_text(KIM.name)
    page.get_by_label("Diesen Filter speichern als").fill("Aus Korea")
    page.get_by_role("button", name="Speichern").click()
    page.get_by_role("link", name="Alle", exact=True).click()
    expect(page.locator(".row")).to_have_count(2)
    page.get_by_role("link", name="Aus Korea").click()
    expect(page.locator(".row")).to_have_count(1)


def test_the_list_is_exported_as_it_is_filtered(site: Site, at_desk: Open) -> None:
    site.inquiries.log(KIM)
    site.inquiries.log(draft("lee", topic="visa", name="=cmd()"))
    page = at_desk("/staff/inquiries?view=all&topic=visa")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    text = download.value.path().read_text("utf-8-sig")
    assert "'=cmd()" in text
    assert KIM.name not in text


def test_shortcuts_can_be_switched_off(site: Site, at_desk: Open) -> None:
    site.inquiries.log(KIM)
    page = at_desk("/staff/inquiries")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Tastenkürzel")).to_be_visible()
    page.get_by_label("Tastenkürzel in diesem Browser verwenden").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.locator(".open")).not_to_be_focused()
