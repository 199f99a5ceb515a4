"""The dashboard in three languages: figures, charts as pictures, and a table for each."""

import re
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest

from bot.knowledge import Language
from bot.store import Outcome, StaffRole, utc_now
from tests.support.office import KIM, Colleague, Office
from tests.support.talk import Talk

pytestmark = pytest.mark.asyncio

CHARTS = ("days", "answers", "topics", "replies")


@pytest.mark.parametrize("language", list(Language))
async def test_an_empty_office_has_figures_in_every_language(office: Office, language: Language) -> None:
    colleague = office.colleague("lee", StaffRole.READER, language)

    page = await colleague.see("/staff/dashboard")
    assert f'<html lang="{language}">' in page
    assert len(re.findall(r'<img class="chart"', page)) == len(CHARTS)


async def test_what_happened_is_counted(office: Office, rita: Colleague) -> None:
    office.inquiries.log(KIM)
    talk = Talk(office.store)
    for _ in range(3):
        talk.ask("Frage", Outcome.ANSWERED, entry="visa-overview", helpful=True)
    talk.ask("Frage", Outcome.REFUSED)

    page = await rita.see("/staff/dashboard")
    assert re.search(r"75\s%", page)
    assert "Welches Visum passt zu meinem Vorhaben" in page
    topic = office.console._opened_services().vocabulary.topic(KIM.topic, Language.GERMAN)
    assert f'<th scope="row">{topic}</th><td class="number">1<' in page


@pytest.mark.parametrize("chart", CHARTS)
async def test_every_chart_is_a_picture_that_can_do_nothing(office: Office, rita: Colleague, chart: str) -> None:
    office.inquiries.log(KIM)

    response = await rita.get(f"/staff/dashboard/{chart}.svg?days=7")
    assert response.headers["content-type"] == "image/svg+xml"
    assert response.headers["content-security-policy"] == "default-src 'none'; style-src 'unsafe-inline'"
    assert not [element for element in ET.fromstring(response.content).iter() if "script" in str(element.tag)]


async def test_other_charts_and_periods_are_not_there(rita: Colleague) -> None:
    assert (await rita.get("/staff/dashboard/secrets.svg")).status_code == 404
    assert (await rita.get("/staff/dashboard?days=1000000")).status_code == 200


async def test_answers_past_their_date_are_named(office: Office, rita: Colleague) -> None:
    entries = office.console._opened_services().knowledge.entries.values()
    month = f"{utc_now() - timedelta(days=0):%Y-%m}"
    stale = [entry for entry in entries if entry.review_by < month]

    page = await rita.see("/staff/dashboard")
    assert all(entry.id in page for entry in stale)
    assert ("(" + next(iter(entries)).id + ",") not in page or next(iter(entries)) in stale
