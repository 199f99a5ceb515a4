"""Closing a gap, reading figures and the privacy desk, in a real browser, in German and Korean."""

import re

import pytest
from playwright.sync_api import Page, expect

from bot.knowledge import LANGUAGES, KnowledgeBase, Language
from bot.store import Inquiry, InquiryVector, Outcome, QuestionVector, StaffRole, Training, TrainingState
from tests.console.conftest import PHONE, Open, Site, picture
from tests.console.test_access_for_all import overflow
from tests.support.axe import audit
from tests.support.office import KIM, draft
from tests.support.person import make_other_tables
from tests.support.talk import Talk

LOOKS = {"desktop": {}, "phone, dark": {"viewport": PHONE, "color_scheme": "dark"}}
BOTH = pytest.mark.parametrize("language", [Language.GERMAN, Language.KOREAN])
WORDS = {
    Language.GERMAN: {
        "show": "Fragen zeigen",
        "propose": "Als Trainingsfragen vorschlagen",
        "draft": "Neue Antwort entwerfen",
        "change": "Als Änderung an den Dateien zeigen",
        "find": "Suchen",
        "download": "Datei herunterladen",
        "sure": re.compile("vergewissert"),
        "erase": "Endgültig löschen",
        "erased": "Die Daten sind gelöscht",
    },
    Language.KOREAN: {
        "show": "질문 보기",
        "propose": "학습 질문으로 제안",
        "draft": "새 답변 작성",
        "change": "파일 변경 내용 보기",
        "find": "찾기",
        "download": "파일 내려받기",
        "sure": re.compile("확인했"),
        "erase": "완전히 삭제",
        "erased": "데이터를 삭제했",
    },
}
GERMAN, KOREAN = "Gibt es eine Tabelle aller Aufenthaltstitel?", "체류 자격을 표로 볼 수 있나요?"


def ask(site: Site) -> None:
    """Two questions of one meaning in two languages, and one of another."""
    store = site.store
    same = [
        Talk(store, "de").ask(GERMAN, Outcome.CLARIFIED, offered="visa-overview"),
        Talk(store, "ko", "telegram").ask(KOREAN, Outcome.REFUSED, helpful=False, comment="도움이 안 돼요"),
    ]
    other = Talk(store, "en").ask("How is the weather?", Outcome.REFUSED)
    Talk(store, "en").ask("What is StartHub?", Outcome.ANSWERED, entry="starthub-what", helpful=True)
    with store.session() as session:
        for identifier in same:
            session.add(QuestionVector(message_id=identifier, encoder="e", vector=bytes((100, 3, 1))))
        session.add(QuestionVector(message_id=other, encoder="e", vector=bytes((1, 3, 100))))


def fill(site: Site) -> str:
    """Something on every page; returns the reference of a case that has a similar one."""
    ask(site)
    own = site.inquiries.log(KIM).reference
    site.inquiries.log(draft("lee", language="de", name="Jörg Müller", message="Gibt es Geld für Wasserstoff?"))
    figures = {"right, all": 0.975, "right, ko": 0.968, "wrong entry": 0.008}
    with site.store.session() as session:
        for identifier in session.query(Inquiry.id):
            session.add(InquiryVector(inquiry_id=identifier[0], encoder="e", vector=bytes((100, 5, 1))))
        for state, changes in ((TrainingState.READY, {}), (TrainingState.READY, {"right, ko": 0.9})):
            session.add(
                Training(
                    state=state,
                    proposals=[1],
                    started_by="ada",
                    model="new",
                    model_before="old",
                    figures=figures | changes,
                    figures_before=figures,
                )
            )
        session.add(Training(state=TrainingState.FAILED, proposals=[1], started_by="ada", problem="Rasa's last lines"))
    make_other_tables(site.settings, site.store)
    return own


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_passes_axe_and_fits(site: Site, at_desk: Open, language: Language, look: str) -> None:
    reference = fill(site)
    page = at_desk("/staff/gaps", "ada", language, StaffRole.ADMIN, **LOOKS[look])
    words = WORDS.get(language)
    for path in (
        "/staff/gaps",
        "/staff/proposals",
        "/staff/dashboard?days=7",
        "/staff/privacy",
        "/staff/privacy/expiry",
        "/staff/privacy/audit",
        f"/staff/inquiries/{reference}",
    ):
        page.goto(site.url + path)
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
        assert audit(page).violations == (), path
        assert overflow(page) <= 0, path
        if look == "desktop" and language is Language.GERMAN:
            picture(page, f"console{path.partition('?')[0].removeprefix('/staff').replace('/', '-')}")
    page.goto(f"{site.url}/staff/privacy")
    page.locator("#sought").fill(KIM.email)
    page.locator("#sought").press("Enter")
    expect(page.get_by_role("link", name=reference)).to_be_visible()
    assert audit(page).violations == ()
    assert overflow(page) <= 0
    assert words is None or page.get_by_role("button", name=words["erase"]).is_visible()


@BOTH
def test_questions_of_two_languages_are_proposed_for_one_answer(site: Site, at_desk: Open, language: Language) -> None:
    ask(site)
    words = WORDS[language]
    page = at_desk("/staff/gaps", language=language)
    group = page.get_by_role("listitem").filter(has=page.get_by_role("heading", level=2)).first
    group.get_by_text(words["show"]).click()
    expect(group.locator(f'input[value="{GERMAN}"]')).to_be_visible()
    expect(group.locator(f'input[value="{KOREAN}"]')).to_be_visible()
    group.get_by_role("button", name=words["propose"]).click()
    expect(page.locator(".notice")).to_be_visible()
    expect(page.get_by_text(GERMAN)).to_have_count(0)

    page.goto(f"{site.url}/staff/proposals")
    page.get_by_role("link", name=words["change"]).click()
    expect(page.locator("pre.diff")).to_contain_text(f'+        - "{GERMAN}"')
    expect(page.locator("pre.diff")).to_contain_text(f'+        - "{KOREAN}"')
    assert audit(page).violations == ()


@BOTH
def test_a_new_answer_is_drafted_by_keyboard_and_mistakes_are_named(
    site: Site, at_desk: Open, language: Language
) -> None:
    ask(site)
    words = WORDS[language]
    page = at_desk("/staff/gaps", language=language)
    summary = page.locator("summary", has_text=words["show"]).first
    summary.focus()
    page.keyboard.press("Enter")
    draft_button = page.get_by_role("button", name=words["draft"]).first
    draft_button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#questions-de")).to_have_value(re.compile(re.escape(GERMAN)))
    expect(page.locator("#questions-ko")).to_have_value(re.compile(re.escape(KOREAN)))
    page.locator("#id").fill("visa-table")
    page.locator("#source_title").fill("Ministerium")
    page.locator("#source_title").press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator(".mistakes")).to_contain_text("questions.ko")
    expect(page.locator("#source_title")).to_have_value("Ministerium")
    assert audit(page).violations == ()


@BOTH
def test_figures_are_pictures_with_their_tables(
    site: Site, at_desk: Open, knowledge: KnowledgeBase, language: Language
) -> None:
    ask(site)
    page = at_desk("/staff/dashboard", language=language)
    charts = page.locator("img.chart")
    expect(charts).to_have_count(4)
    for chart in charts.all():
        assert chart.get_attribute("alt")
        assert chart.evaluate("image => image.decode().then(() => image.naturalWidth)") == 720
    expect(page.locator("table").filter(has_text=knowledge.entries["starthub-what"].title(language))).to_be_visible()


@BOTH
def test_a_person_is_handed_their_data_and_erased(site: Site, at_desk: Open, language: Language) -> None:
    make_other_tables(site.settings, site.store)
    site.inquiries.log(KIM)
    words = WORDS[language]
    page = at_desk("/staff/privacy", "ada", language, StaffRole.ADMIN)
    page.locator("#sought").fill(KIM.email)
    page.get_by_role("button", name=words["find"], exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name=words["download"]).click()
    assert download.value.suggested_filename == "personal-data.zip"
    page.get_by_label(words["sure"]).check()
    page.get_by_role("button", name=words["erase"]).click()
    expect(page.get_by_role("heading", name=words["erased"])).to_be_visible()
    assert audit(page).violations == ()
    assert site.inquiries.list().items == ()


def test_a_worse_model_cannot_be_chosen_and_the_page_says_why(site: Site, at_desk: Open) -> None:
    fill(site)
    page: Page = at_desk("/staff/proposals", "ada", Language.GERMAN, StaffRole.ADMIN)
    worse = page.locator("article").filter(has_text="schlechter als das laufende")
    expect(worse).to_have_count(1)
    expect(worse.get_by_role("button")).to_have_count(0)
    expect(page.get_by_role("button", name="Dieses Modell einsetzen")).to_have_count(1)
