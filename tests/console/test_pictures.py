"""The pictures of docs/console.md: a day in the list, an inquiry being answered, and the list on a phone."""

import re
from datetime import timedelta

from playwright.sync_api import Page, expect
from sqlalchemy import update

from bot.inquiries import staff
from bot.knowledge import Language
from bot.store import Inquiry, InquiryState, Priority, utc_now
from tests.console.conftest import PHONE, Open, Site, picture
from tests.support.office import draft

PEOPLE = (
    (
        "김민수",
        "한빛수소",
        "ko",
        "funding",
        "수소 기술로 헤센에 진출하려는 팀입니다. push! 지원금을 받을 수 있는지 문의합니다.",
        50,
    ),
    (
        "Jörg Müller",
        "Taunus Robotik GmbH",
        "de",
        "technologieland",
        "Welche Veranstaltungen gibt es 2027 für Robotik?",
        30,
    ),
    ("이영희", "서울바이오", "ko", "visa", "프랑크푸르트에 법인을 세우려면 어떤 비자가 필요한가요?", 20),
    ("Sofia Rossi", None, "en", "location", "We are looking for laboratory space near Darmstadt.", 5),
    ("박지훈", "그린셀", "ko", "investing", "배터리 공장 부지를 찾고 있습니다. 상담을 신청합니다.", 2),
)


def a_day(site: Site) -> str:
    """What came in on one day; returns the reference of the first."""
    references = []
    for number, (name, company, language, topic, message, hours) in enumerate(PEOPLE):
        conversation = site.converse() if number == 0 else None
        fields = {"name": name, "company": company, "language": language, "topic": topic, "message": message}
        country = "KR" if language == "ko" else "DE"
        reference = site.inquiries.log(
            draft(str(number), **fields, country=country, conversation_id=conversation)
        ).reference
        since = utc_now() - timedelta(hours=hours)
        due = utc_now() + timedelta(hours=26 - hours)
        with site.store.session() as session:
            values = {"channel": "web" if number % 2 == 0 else "telegram", "waiting_since": since, "due_at": due}
            session.execute(update(Inquiry).where(Inquiry.reference == reference).values(**values))
        references.append(reference)
    with site.inquiries.change(references[1], staff("anna")) as case:
        case.assign("anna")
        case.change_state(InquiryState.OPEN)
    with site.inquiries.change(references[0], staff("anna")) as case:
        case.set_priority(Priority.HIGH)
        case.tag("wasserstoff")
        case.note("Gehört zur Delegation im Januar.")
    with site.inquiries.change(references[3], staff("boris")) as case:
        case.reply("Thank you. Which size do you need?", "en", then=InquiryState.WAITING)
    return references[0]


def shown(page: Page, name: str) -> None:
    expect(page.locator("main")).to_be_visible()
    picture(page, name)


def test_the_list(site: Site, at_desk: Open) -> None:
    a_day(site)
    page = at_desk("/staff/inquiries?view=all", viewport={"width": 1200, "height": 760})
    expect(page.locator(".row")).to_have_count(len(PEOPLE))
    expect(page.locator(".late")).to_have_count(2)
    shown(page, "console-inbox-de")


def test_an_inquiry_being_answered(site: Site, at_desk: Open) -> None:
    reference = a_day(site)
    page = at_desk(f"/staff/inquiries/{reference}", viewport={"width": 1200, "height": 1500})
    page.get_by_label("Antworten in der Wissensbasis suchen").fill("push Stipendium Höhe")
    page.get_by_role("button", name="Antworten suchen").click()
    expect(page.get_by_label(re.compile("Ihre Antwort"))).to_be_visible()
    expect(page.locator(".answers li").first).to_be_visible()
    shown(page, "console-case-de")


def test_the_list_on_a_phone(site: Site, at_desk: Open) -> None:
    a_day(site)
    page = at_desk(
        "/staff/inquiries?view=waiting",
        language=Language.KOREAN,
        viewport={**PHONE, "height": 900},
        color_scheme="dark",
    )
    expect(page.locator(".row")).to_have_count(len(PEOPLE) - 1)
    shown(page, "console-phone-ko")
