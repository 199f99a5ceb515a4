"""What askers write is shown as they wrote it, and is never more than text: in no page, no file, no stream."""

import csv
import io
import json
from html import escape

import pytest
from sqlalchemy import update

from bot.store import Conversation, Inquiry, Message, StaffRole
from tests.support.office import Colleague, Office, draft

pytestmark = pytest.mark.asyncio

SCRIPT = "<script>alert(1)</script>"
ATTRIBUTE = "\"'><img src=x onerror=alert(1)>"
TEMPLATE = "{{ 7*7 }}{% raw %}%(name)s"
HOSTILE = (SCRIPT, ATTRIBUTE, TEMPLATE, "javascript:alert(1)", "</textarea></title><svg/onload=alert(1)>")
FIELDS = ("name", "company", "email", "message", "topic", "country", "channel", "assignee")
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1")


def log(office: Office, **fields: str | None) -> str:
    """Past the checks of the form, as nothing here may rest on them."""
    reference = office.inquiries.log(draft("kim", conversation_id=office.converse())).reference
    with office.store.session() as session:
        session.execute(update(Inquiry).where(Inquiry.reference == reference).values(**fields))
    return reference


@pytest.mark.parametrize("words", HOSTILE)
@pytest.mark.parametrize("field", FIELDS)
async def test_no_field_of_an_inquiry_becomes_markup(office: Office, anna: Colleague, field: str, words: str) -> None:
    limit = {"country": 2}.get(field, 20 if field == "channel" else 50)
    reference = log(office, **{field: words[:limit] if field != "message" else words})
    for path in ("/staff/inquiries?view=all", f"/staff/inquiries/{reference}"):
        response = await anna.get(path)
        assert response.status_code == 200
        assert "<script>" not in response.text
        assert "<img" not in response.text.replace('<img src="/staff/static', "")
        assert "<svg" not in response.text
        assert 'href="javascript' not in response.text


@pytest.mark.parametrize("words", HOSTILE)
async def test_no_word_of_a_transcript_becomes_markup(office: Office, anna: Colleague, words: str) -> None:
    line = {"sender": words, "text": words, "language": words, "entry": words, "at": "2026-01-01T00:00:00+00:00"}
    source = {"title": words, "url": words, "as_of": words}
    reference = log(office, transcript=[{**line, "sources": [source]}])
    page = (await anna.get(f"/staff/inquiries/{reference}")).text
    assert words not in page or escape(words) == words
    assert 'href="javascript' not in page


async def test_what_is_said_after_the_inquiry_was_logged_is_text(office: Office, anna: Colleague) -> None:
    reference = log(office)
    with office.store.session() as session:
        conversation = session.query(Conversation).one()
        session.add(Message(conversation_id=conversation.id, sender="user", text=SCRIPT, language="ko", sources=[]))
    page = (await anna.get(f"/staff/inquiries/{reference}")).text
    assert SCRIPT not in page
    assert escape(SCRIPT) in page


@pytest.mark.parametrize("words", HOSTILE)
async def test_what_staff_type_is_text(office: Office, anna: Colleague, words: str) -> None:
    reference = log(office)
    here = f"/staff/inquiries/{reference}"
    for action, fields in (
        ("note", {"text": words}),
        ("tag", {"tag": words[:50]}),
        ("reply", {"text": words, "key": "k"}),
    ):
        assert (await anna.post(f"{here}/{action}", **fields)).status_code == 303
    drafted = (await anna.post(f"{here}/draft", text=words, q=words, key="k2")).text
    for page in ((await anna.get(here)).text, drafted):
        assert words not in page or escape(words) == words
    await anna.post("/staff/views", name=words[:60], query=f"view=all&tag={words[:20]}")
    assert "<script>" not in (await anna.get(f"/staff/inquiries?view=all&q={words}&tag={words}")).text


async def test_an_address_puts_no_words_into_our_mouth(anna: Colleague) -> None:
    page = (await anna.get("/staff/inquiries?done=Your%20account%20was%20stolen&q=%3Cscript%3E")).text
    assert "stolen" not in page
    assert "<script>" not in page


async def test_a_mail_link_holds_an_address_and_nothing_more(office: Office, anna: Colleague) -> None:
    reference = log(office, email="a?bcc=evil@example.org&body=x@example.com")
    assert "mailto:a?bcc" not in (await anna.get(f"/staff/inquiries/{reference}")).text


@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.parametrize("field", ["name", "company", "message"])
async def test_no_cell_of_the_csv_is_a_formula(office: Office, anna: Colleague, field: str, formula: str) -> None:
    log(office, **{field: formula})
    response = await anna.get("/staff/inquiries/export.csv?view=all")
    assert response.headers["content-disposition"] == 'attachment; filename="inquiries.csv"'
    row = next(csv.DictReader(io.StringIO(response.text.removeprefix("\ufeff"), newline="")))
    assert row[field] == f"'{formula}"


async def test_the_json_is_one_list_and_the_export_is_in_the_audit(office: Office, anna: Colleague) -> None:
    reference = log(office, message=SCRIPT)
    response = await anna.get("/staff/inquiries/export.json?view=all")
    assert response.headers["content-type"] == "application/json"
    (inquiry,) = json.loads(response.text)
    assert (inquiry["summary"]["reference"], inquiry["message"]) == (reference, SCRIPT)
    empty = await anna.get("/staff/inquiries/export.json?view=all&topic=none")
    assert json.loads(empty.text) == []
    assert office.audited() == [("anna", "exported", {"inquiries": 1}), ("anna", "exported", {"inquiries": 0})]


async def test_an_inquiry_is_reached_by_its_reference_only(office: Office, anna: Colleague) -> None:
    log(office)
    conversation = "c" * 32
    for path in ("1", conversation, "HE-2026-7K3F9QX", "HE-0", "HE-2026-7K3F9QX%2f.."):
        response = await anna.get(f"/staff/inquiries/{path}")
        assert response.status_code == 404, path
    response = await anna.post(f"/staff/inquiries/{conversation}/take")
    assert response.status_code == 404
    boss = office.colleague("boss", StaffRole.ADMIN)
    assert (await boss.post(f"/staff/inquiries/{conversation}/say", text="x")).status_code == 404
