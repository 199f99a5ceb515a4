"""The page of one inquiry: what it shows, and what can be done on it."""

import re

import pytest
from sqlalchemy import select

from bot.knowledge import Language
from bot.store import AuditAction, AuditRecord, Delivery, InquiryState, StaffRole
from tests.support.office import KIM, Colleague, Office, draft

pytestmark = pytest.mark.asyncio


def log(office: Office, key: str = "kim", **fields: str | None) -> str:
    return office.inquiries.log(draft(key, **fields)).reference


async def test_the_link_in_an_email_to_staff_leads_to_the_case(office: Office, anna: Colleague) -> None:
    reference = log(office)
    assert KIM.name in await anna.see(f"/staff/inquiries/{reference}")


@pytest.mark.parametrize(
    ("language", "names"),
    [
        (Language.GERMAN, ("Förderung", "Wasserstoff")),
        (Language.KOREAN, ("자금 지원", "수소")),
        (Language.ENGLISH, ("Funding", "hydrogen")),
    ],
)
async def test_the_summary_is_in_the_language_of_who_reads(
    office: Office, language: Language, names: tuple[str, ...]
) -> None:
    reference = log(office, conversation_id=office.converse())
    page = await office.colleague("lee", StaffRole.READER, language).see(f"/staff/inquiries/{reference}")
    summary = page[page.index("summary-title") : page.index("blockquote")]
    for name in names:
        assert f"<dd>{name}</dd>" in summary


async def test_the_transcript_says_language_certainty_answer_and_source(office: Office, anna: Colleague) -> None:
    page = await anna.see(f"/staff/inquiries/{log(office, conversation_id=office.converse())}")
    transcript = page[page.index("transcript-title") :]
    assert "Koreanisch" in transcript
    assert "mit 87\xa0% Sicherheit" in transcript
    assert "push-what" in transcript
    assert 'href="https://example.org/"' in transcript


async def test_a_reply_goes_out_once_however_often_it_is_sent(office: Office, anna: Colleague) -> None:
    reference = log(office, conversation_id=office.converse())
    fields = {"text": "안녕하세요.", "then": "answered", "version": "1", "key": "k1"}
    for _ in range(2):
        response = await anna.post(f"/staff/inquiries/{reference}/reply", **fields)
        assert response.status_code == 303, response.text
    detail = office.inquiries.get(reference)
    assert [(reply.text, reply.author, reply.language) for reply in detail.replies] == [("안녕하세요.", "anna", "ko")]
    assert (detail.summary.state, detail.summary.assignee) == (InquiryState.ANSWERED, "anna")
    with office.store.reading() as session:
        assert sorted(session.scalars(select(Delivery.channel))) == ["email", "web"]


async def test_a_reply_to_what_has_changed_is_kept_and_not_sent(office: Office, anna: Colleague) -> None:
    reference = log(office)
    await anna.post(f"/staff/inquiries/{reference}/note", text="Rückruf am Montag")
    response = await anna.post(f"/staff/inquiries/{reference}/reply", text="Mein langer Text", version="1", key="k")
    assert response.status_code == 409
    assert "Mein langer Text</textarea>" in response.text
    assert office.inquiries.get(reference).replies == ()


async def test_an_answer_is_inserted_in_the_askers_language(office: Office, anna: Colleague) -> None:
    reference = log(office)
    response = await anna.post(f"/staff/inquiries/{reference}/draft", text="", q="push Stipendium", key="k")
    assert response.status_code == 200
    found = re.search(r'name="answer" value="([\w-]+)"', response.text)
    assert found
    response = await anna.post(f"/staff/inquiries/{reference}/draft", text="안녕하세요.", answer=found[1], key="k")
    field = re.search(r'<textarea id="reply".*?>(.*?)</textarea>', response.text, re.DOTALL)
    assert field
    assert field[1].startswith("안녕하세요.\n\n")
    assert re.search("[가-힣]{2}", field[1].removeprefix("안녕하세요."))


async def test_a_template_is_filled_for_the_asker(office: Office, anna: Colleague) -> None:
    reference = log(office)
    response = await anna.post(
        f"/staff/inquiries/{reference}/draft", text="", insert="template", template="received", key="k"
    )
    assert f"{KIM.name} 님, 안녕하십니까." in response.text
    assert reference in response.text


async def test_everything_of_the_handling_can_be_changed(office: Office, anna: Colleague) -> None:
    reference, original = log(office), log(office, "other")
    here = f"/staff/inquiries/{reference}"
    steps = (
        ("change", {"assignee": "anna", "priority": "high", "topic": "visa", "state": "open"}),
        ("due", {"due": "2090-01-02T10:00"}),
        ("tag", {"tag": "Messe"}),
        ("note", {"text": "Rückruf"}),
        ("duplicate", {"original": original}),
    )
    for action, fields in steps:
        response = await anna.post(f"{here}/{action}", **fields)
        assert response.status_code == 303, (action, response.text)
    detail = office.inquiries.get(reference)
    summary = detail.summary
    assert (summary.assignee, summary.priority, summary.topic) == ("anna", "high", "visa")
    assert (detail.tags, detail.duplicate_of, detail.notes[0].text) == (("messe",), original, "Rückruf")
    await anna.post(f"{here}/tag", remove="messe")
    assert office.inquiries.get(reference).tags == ()
    assert "Duplikat" in await anna.see(here)


async def test_a_conversation_is_taken_over_spoken_in_and_given_back(office: Office, anna: Colleague) -> None:
    here = f"/staff/inquiries/{log(office, conversation_id=office.converse())}"
    for action, fields in (("take", {}), ("say", {"text": "Guten Tag!", "key": "a"}), ("release", {})):
        response = await anna.post(f"{here}/{action}", **fields)
        assert response.status_code == 303, (action, response.text)
    with office.store.reading() as session:
        assert list(session.scalars(select(Delivery.kind).order_by(Delivery.id))) == [
            "taken_over",
            "staff_message",
            "released",
        ]


async def test_who_speaks_without_taking_over_is_told_so(office: Office, anna: Colleague) -> None:
    here = f"/staff/inquiries/{log(office, conversation_id=office.converse())}"
    response = await anna.post(f"{here}/say", text="Hallo", key="a")
    assert response.status_code == 409
    assert "Niemand hat dieses Gespräch übernommen" in response.text


async def test_every_look_and_every_change_is_in_the_audit(office: Office, anna: Colleague) -> None:
    reference = log(office)
    await anna.see(f"/staff/inquiries/{reference}")
    await anna.post(f"/staff/inquiries/{reference}/note", text="Notiz")
    with office.store.reading() as session:
        records = session.scalars(select(AuditRecord).where(AuditRecord.subject.is_not(None))).all()
    assert [(record.action, record.actor_name) for record in records] == [
        (AuditAction.VIEWED, "anna"),
        (AuditAction.CHANGED, "anna"),
    ]


async def test_a_colleague_who_has_the_case_open_is_named(office: Office, anna: Colleague, rita: Colleague) -> None:
    here = f"/staff/inquiries/{log(office)}"
    await rita.see(here)
    page = await anna.see(here)
    assert "<span>rita</span>" in page
    assert "Gerade geöffnet bei rita" in await anna.see("/staff/inquiries")
