"""Open questions in the console: shown masked and escaped, proposed, drafted and dismissed."""

import pytest

from bot.knowledge import Language
from bot.privacy.audit_log import audit_page
from bot.proposals import Questions
from bot.store import AuditAction, Outcome, StaffRole
from tests.support.office import Colleague, Office
from tests.support.talk import Talk

pytestmark = pytest.mark.asyncio

EVIL = '"><script>alert(1)</script>'
QUESTION = "Gibt es eine Tabelle aller Aufenthaltstitel auf einer Seite?"


def fields(identifier: int, text: str, language: str = "de", **others: str) -> dict[str, str]:
    question = {"question": str(identifier), f"text-{identifier}": text, f"language-{identifier}": language}
    return {**question, "group": str(identifier), "rest": "", **others}


async def test_questions_are_shown_masked_and_as_text_and_that_is_in_the_audit(
    office: Office, anna: Colleague, rita: Colleague
) -> None:
    Talk(office.store).ask(f"Mail an kim@example.kr {EVIL}", Outcome.REFUSED, helpful=False, comment=EVIL)

    for colleague in (anna, rita):
        page = (await colleague.get("/staff/gaps")).text
        assert "[e-mail]" in page
        assert "kim@example.kr" not in page
        assert "<script>alert" not in page
    with office.store.reading() as session:
        names = [entry.actor_name for entry in audit_page(session, action=AuditAction.VIEWED).entries]
    assert names == ["rita", "anna"]


async def test_who_only_reads_has_no_form(office: Office, rita: Colleague) -> None:
    Talk(office.store).ask(QUESTION, Outcome.REFUSED)

    assert "/staff/gaps/assign" not in await rita.see("/staff/gaps")


async def test_a_question_can_be_proposed_for_an_answer_and_waits_as_a_change(office: Office, anna: Colleague) -> None:
    asked = Talk(office.store).ask(QUESTION, Outcome.REFUSED)

    response = await anna.post("/staff/gaps/assign", **fields(asked, QUESTION, entry="visa-overview"))
    assert response.headers["location"] == "/staff/gaps?done=proposed"
    assert QUESTION not in await anna.see("/staff/gaps")
    assert QUESTION in await anna.see("/staff/proposals")
    assert f'+        - "{QUESTION}"' in await anna.see("/staff/proposals/change")
    patch = await anna.get("/staff/proposals/change.patch")
    assert patch.text.startswith("--- a/data/knowledge/visa.yml")

    (proposal,) = office.console._opened_services().proposals.open()
    await anna.post(f"/staff/proposals/{proposal.id}/drop")
    assert QUESTION in await anna.see("/staff/gaps")


@pytest.mark.parametrize("entry", ["", "no-such-entry", EVIL])
async def test_without_an_answer_that_is_there_nothing_is_proposed(office: Office, anna: Colleague, entry: str) -> None:
    asked = Talk(office.store).ask(QUESTION, Outcome.REFUSED)

    response = await anna.post("/staff/gaps/assign", **fields(asked, QUESTION, entry=entry))
    assert response.status_code == 404
    assert 'role="alert"' in response.text
    assert QUESTION in response.text


async def test_a_dismissed_question_is_gone_and_ids_that_are_none_do_no_harm(office: Office, anna: Colleague) -> None:
    asked = Talk(office.store).ask(QUESTION, Outcome.REFUSED)

    response = await anna.post("/staff/gaps/dismiss", question=[str(asked), "x", "-1", "9" * 40], rest="a,,1e9")
    assert response.headers["location"] == "/staff/gaps?done=dismissed"
    assert QUESTION not in await anna.see("/staff/gaps")


async def test_a_new_answer_begins_with_the_questions_and_keeps_what_was_typed_with_a_mistake(
    office: Office, anna: Colleague
) -> None:
    asked = Talk(office.store).ask(QUESTION, Outcome.REFUSED)

    form = (await anna.post("/staff/gaps/draft", **fields(asked, QUESTION))).text
    assert QUESTION in form
    response = await anna.post(
        "/staff/gaps/entry",
        **{
            "id": "visa-table",
            "topic": "visa",
            "source_title": EVIL,
            "as_of": "2026-11",
            "review_by": "2027-05",
            "new_fact": "There is a table.",
            "questions-de": QUESTION,
            "answer-de": "Ja.",
        },
    )
    assert response.status_code == 422
    assert "questions.ko" in response.text
    assert QUESTION in response.text
    assert "<script>alert" not in response.text
    assert office.console._opened_services().proposals.open() == []


async def test_a_whole_new_answer_is_proposed(office: Office, anna: Colleague) -> None:
    asked = Talk(office.store).ask(QUESTION, Outcome.REFUSED)
    words = ("Apfelbaum", "Birkenwald", "Dachstuhl", "Eisbecher", "Flussufer", "Gartentor", "Hutablage", "Inselberg")
    typed = {
        "id": "visa-table",
        "topic": "visa",
        "source_title": "Ministerium",
        "source_url": "https://example.org/",
        "as_of": "2026-11",
        "review_by": "2027-05",
        "new_fact": "There is a table.",
        "follow_ups": "visa-overview",
        "rest": str(asked),
    }
    for language in Language:
        typed[f"questions-{language}"] = "\r\n".join(f"{word} Tabelle {language}?" for word in words)
        typed[f"answer-{language}"] = f"Ja, {language}."

    response = await anna.post("/staff/gaps/entry", **typed)
    assert response.status_code == 303, response.text
    (proposal,) = office.console._opened_services().proposals.open()
    assert not isinstance(proposal.content, Questions)
    assert (proposal.entry, proposal.settles, proposal.author) == ("visa-table", 1, "anna")
    assert "staff-visa-table" in await anna.see("/staff/proposals/change")


async def test_only_administrators_train(office: Office, anna: Colleague) -> None:
    assert (await anna.post("/staff/trainings")).status_code == 403
    admin = office.colleague("ada", StaffRole.ADMIN)
    refused = await admin.post("/staff/trainings")
    assert refused.status_code == 409
    assert (await admin.post("/staff/trainings/1/switch")).status_code == 404
