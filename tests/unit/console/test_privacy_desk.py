"""The privacy desk: a person found, handed their data and erased, what expires, and the record of all that."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.privacy.audit_log import audit_page
from bot.settings import Settings
from bot.store import AuditAction, StaffRole
from tests.support.assistant import make_settings
from tests.support.office import KIM, Colleague, Office, draft
from tests.support.person import make_other_tables

pytestmark = pytest.mark.asyncio

EVIL = "<script>alert(1)</script>"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return make_settings(tmp_path, tracker_url=f"sqlite:///{tmp_path / 'tracker.sqlite3'}")


@pytest.fixture
def ada(office: Office) -> Colleague:
    """Who may."""
    make_other_tables(office.settings, office.store)
    return office.colleague("ada", StaffRole.ADMIN)


def audited(office: Office, action: AuditAction) -> list[str | None]:
    with office.store.reading() as session:
        entries = audit_page(session, action=action).entries
        # Whoever signs in looks at the list, too, which is nobody's in particular.
        return [entry.actor_name for entry in entries if entry.subject is not None]


async def test_a_person_is_found_by_address_or_reference_and_that_is_recorded(office: Office, ada: Colleague) -> None:
    reference = office.inquiries.log(KIM).reference

    for kind, sought in (("email", " KIM@example.com "), ("reference", reference)):
        page = (await ada.post("/staff/privacy/person", kind=kind, sought=sought)).text
        assert reference in page
    assert audited(office, AuditAction.VIEWED) == ["ada", "ada"]


@pytest.mark.parametrize(
    ("kind", "sought", "status"),
    [
        ("email", "nobody@example.org", 404),
        ("email", "no address", 422),
        ("email", "", 422),
        ("reference", EVIL, 404),
        ("conversation", "f" * 32, 404),
        ("everybody", "kim@example.com", 422),
    ],
)
async def test_nobody_is_found_by_what_is_not_there(ada: Colleague, kind: str, sought: str, status: int) -> None:
    response = await ada.post("/staff/privacy/person", kind=kind, sought=sought)

    assert response.status_code == status
    assert 'role="alert"' in response.text
    assert EVIL not in response.text


async def test_everything_of_a_person_is_handed_out_as_a_file(office: Office, ada: Colleague) -> None:
    office.inquiries.log(KIM)

    response = await ada.post("/staff/privacy/archive", kind="email", sought=KIM.email)
    assert response.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        data = json.loads(archive.read("data.json"))
    assert data["inquiries"][0]["name"] == KIM.name
    assert audited(office, AuditAction.EXPORTED) == ["ada"]


async def test_a_person_is_erased_only_on_purpose_and_others_stay(office: Office, ada: Colleague) -> None:
    office.inquiries.log(KIM)
    other = office.inquiries.log(draft("lee", name="Lee", email="lee@example.com")).reference
    who = {"kind": "email", "sought": KIM.email}

    refused = await ada.post("/staff/privacy/erase", **who)
    assert refused.status_code == 422
    assert KIM.email in refused.text
    erased = await ada.post("/staff/privacy/erase", **who, confirm="erase")
    assert erased.status_code == 200
    with office.store.reading() as session:
        left = session.scalars(text("SELECT email FROM inquiries")).all()
    assert left == ["lee@example.com"]
    assert office.inquiries.get(other).name == "Lee"
    assert audited(office, AuditAction.ERASED) == ["ada"]
    again = await ada.post("/staff/privacy/person", **who)
    assert again.status_code == 404


async def test_what_expires_is_only_shown(office: Office, ada: Colleague) -> None:
    office.inquiries.log(KIM)
    with office.store.session() as session:
        session.execute(text("UPDATE inquiries SET state = 'closed', closed_at = '2020-01-01 00:00:00'"))
    reference = office.inquiries.list().items[0].reference

    assert reference in await ada.see("/staff/privacy/expiry")
    assert office.inquiries.get(reference).name == KIM.name


async def test_the_audit_is_shown_by_kind_and_by_name(office: Office, ada: Colleague) -> None:
    office.inquiries.log(KIM)
    await ada.post("/staff/privacy/person", kind="email", sought=KIM.email)

    assert "ada" in await ada.see("/staff/privacy/audit")
    assert "Es gibt keine Einträge." in await ada.see("/staff/privacy/audit?action=erased")
    assert "Es gibt keine Einträge." in await ada.see("/staff/privacy/audit?who=nobody")
    assert "Es gibt keine Einträge." in await ada.see("/staff/privacy/audit?before=1")
    page = (await ada.get(f"/staff/privacy/audit?who={EVIL}&action={EVIL}&before={EVIL}")).text
    assert EVIL not in page


async def test_the_desk_is_for_administrators(office: Office, anna: Colleague) -> None:
    for path in ("/staff/privacy", "/staff/privacy/expiry", "/staff/privacy/audit"):
        assert (await anna.get(path)).status_code == 403
    assert 'href="/staff/privacy"' not in await anna.see("/staff/inquiries")
