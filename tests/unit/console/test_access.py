"""Nobody gets in whom a page does not name, and nothing is changed that its own page has not asked for."""

import re

import pytest

from bot.console.app import PAGES
from bot.console.cookies import LOOPBACK_NAME, SECURE_NAME
from bot.console.headers import HEADERS
from bot.console.pages import Page
from bot.knowledge import KnowledgeBase, Responses
from bot.staff import may
from bot.store import StaffRole
from tests.support.office import KIM, PASSWORD, Colleague, Office, open_office

pytestmark = pytest.mark.asyncio

PARAMETER = re.compile(r"\{(\w+)(:\w+)?\}")
OPEN_TO_ANYBODY = {("GET", "/sign-in"), ("POST", "/sign-in"), ("POST", "/sign-out")}
IDS = [f"{page.method} {page.path}" for page in PAGES]


def address(page: Page, reference: str = "HE-2026-7K3F9QX") -> str:
    return "/staff" + PARAMETER.sub(lambda found: reference if found[1] == "reference" else "1", page.path)


@pytest.mark.parametrize("page", PAGES, ids=IDS)
async def test_without_signing_in_every_page_is_closed(office: Office, page: Page) -> None:
    if (page.method, page.path) in OPEN_TO_ANYBODY:
        return
    office.inquiries.log(KIM)
    stranger = office.stranger()
    token = await stranger.form_token("/staff/sign-in")
    response = await stranger.http.request(
        page.method, address(page), data={"form_token": token} if page.method == "POST" else None
    )
    assert KIM.name not in response.text
    if page.method == "GET":
        assert response.status_code == 303
        assert response.headers["location"].startswith("/staff/sign-in")
    else:
        assert response.status_code == 401


@pytest.mark.parametrize("role", list(StaffRole))
async def test_every_page_refuses_the_roles_below_its_own(office: Office, role: StaffRole) -> None:
    reference = office.inquiries.log(KIM).reference
    colleague = office.colleague("lee", role)
    token = await colleague.form_token()
    for page in PAGES:
        if not isinstance(page.needed, StaffRole) or may(role, page.needed):
            continue
        response = await colleague.http.request(
            page.method, address(page, reference), data={"form_token": token} if page.method == "POST" else None
        )
        assert response.status_code == 403, page.path
        assert KIM.email not in response.text
    assert office.inquiries.get(reference).summary.version == 1


async def test_who_has_not_given_the_second_factor_sees_nothing(office: Office) -> None:
    office.inquiries.log(KIM)
    member = office.employ("anna", StaffRole.ADMIN)
    factor = office.second_factor
    proposed = factor.propose("anna")
    factor.enrol(member.id, proposed.seed, office.code(proposed))
    stranger = office.stranger()
    response = await stranger.post("/staff/sign-in", name="anna", password=PASSWORD)
    assert response.headers["location"] == "/staff/sign-in/code"
    for page in PAGES:
        if page.method == "GET" and isinstance(page.needed, StaffRole):
            response = await stranger.get(address(page))
            assert response.status_code == 303, page.path
            assert response.headers["location"].startswith("/staff/sign-in/code")


@pytest.mark.parametrize("page", [page for page in PAGES if page.method == "POST"], ids=lambda page: page.path)
async def test_a_form_without_the_sessions_token_changes_nothing(office: Office, anna: Colleague, page: Page) -> None:
    reference = office.inquiries.log(KIM).reference
    boris = office.colleague("boris", StaffRole.ADMIN)
    for token in ("", "0" * 64, await boris.form_token()):
        data = {"form_token": token, "text": "x", "tag": "x", "assignee": "anna", "name": "anna", "password": PASSWORD}
        response = await anna.http.post(address(page, reference), data=data)
        assert response.status_code in (401, 403), page.path
    assert office.inquiries.get(reference).summary.version == 1
    assert (await anna.get("/staff/account")).status_code == 200


@pytest.mark.parametrize("ending", ["expired", "forged"])
async def test_what_somebody_has_written_outlives_their_session(office: Office, anna: Colleague, ending: str) -> None:
    reference = office.inquiries.log(KIM).reference
    data = {"form_token": await anna.form_token() if ending == "expired" else "", "text": "Ein langer <b>Text</b>"}
    if ending == "expired":
        anna.http.cookies.clear()
    response = await anna.http.post(f"/staff/inquiries/{reference}/reply", data=data)
    assert response.status_code in (401, 403)
    assert "Ein langer &lt;b&gt;Text&lt;/b&gt;</textarea>" in response.text
    elsewhere = {"origin": "https://evil.example"}
    response = await anna.http.post(f"/staff/inquiries/{reference}/reply", data=data, headers=elsewhere)
    assert "Ein langer" not in response.text


async def test_behind_a_proxy_that_says_nothing_of_itself_the_cookie_is_secure_all_the_same(
    office: Office, knowledge: KnowledgeBase, responses: Responses
) -> None:
    settings = office.settings.model_copy(update={"public_url": "https://staff.example"})
    async with open_office(settings, office.store, knowledge, responses) as proxied:
        response = await proxied.stranger().get("/staff/sign-in")
    assert response.headers["set-cookie"].startswith(f"{SECURE_NAME}=")
    assert "Secure" in response.headers["set-cookie"]


async def test_an_address_that_leads_nowhere_says_so_to_staff_only(office: Office, anna: Colleague) -> None:
    for path in ("/staff/nothing", "/staff/static/nothing", "/staff/inquiries/HE-0/nothing"):
        assert (await anna.get(path)).status_code == 404
    assert (await office.stranger().get("/staff/nothing")).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1.evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
async def test_a_form_sent_from_another_site_changes_nothing(
    office: Office, anna: Colleague, headers: dict[str, str]
) -> None:
    reference = office.inquiries.log(KIM).reference
    data = {"form_token": await anna.form_token(), "text": "x"}
    response = await anna.http.post(f"/staff/inquiries/{reference}/note", data=data, headers=headers)
    assert response.status_code == 403
    assert office.inquiries.get(reference).notes == ()


async def test_a_form_of_ours_is_taken(office: Office, anna: Colleague) -> None:
    reference = office.inquiries.log(KIM).reference
    data = {"form_token": await anna.form_token(), "text": "x"}
    headers = {"origin": "http://127.0.0.1", "sec-fetch-site": "same-origin"}
    response = await anna.http.post(f"/staff/inquiries/{reference}/note", data=data, headers=headers)
    assert response.status_code == 303


async def test_every_answer_has_the_strict_headers(office: Office, anna: Colleague) -> None:
    for path in (
        "/staff/",
        "/staff/sign-in",
        "/staff/inquiries",
        "/staff/account",
        "/staff/inquiries/HE-0",
        "/staff/static/console.css",
    ):
        response = await anna.get(path)
        for name, value in HEADERS.items():
            if not (name == "cache-control" and "static" in path):
                assert response.headers[name] == value, (path, name)


async def test_pages_hold_neither_scripts_nor_styles_of_their_own(office: Office, anna: Colleague) -> None:
    reference = office.inquiries.log(KIM).reference
    for path in (
        "/staff/sign-in",
        "/staff/inquiries",
        f"/staff/inquiries/{reference}",
        "/staff/account",
        "/staff/account/second-factor",
    ):
        page = (await anna.get(path)).text
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:|<script(?![^>]* src=)", page), path


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_hosts(office: Office) -> None:
    office.employ("anna", StaffRole.AGENT)
    for base, name in (
        ("http://127.0.0.1", LOOPBACK_NAME),
        ("https://staff.example", SECURE_NAME),
        ("http://staff.example", SECURE_NAME),
    ):
        response = await office.stranger(base).get("/staff/sign-in")
        cookie = response.headers["set-cookie"]
        assert cookie.startswith(f"{name}=")
        flags = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert {"httponly", "samesite=lax", "path=/"} <= flags
        assert ("secure" in flags) is (name == SECURE_NAME)
        assert not any(flag.startswith("domain") for flag in flags)


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example/staff/",
        "/\\evil.example",
        "/staff/\\evil.example",
        "/staff//evil.example",
        "/staff/../api",
        "/staffevil",
        "javascript:alert(1)",
        "/staff/\r\nset-cookie: a=b",
        "\t//evil.example",
        "",
    ],
)
async def test_nobody_is_sent_to_another_site_after_signing_in(office: Office, wanted: str) -> None:
    office.employ("anna", StaffRole.AGENT)
    response = await office.stranger().post("/staff/sign-in", name="anna", password=PASSWORD, next=wanted)
    assert response.headers["location"] == "/staff/inquiries"


async def test_after_signing_in_one_is_where_one_wanted_to_go(office: Office) -> None:
    office.employ("anna", StaffRole.AGENT)
    stranger = office.stranger()
    response = await stranger.get("/staff/inquiries/HE-2026-7K3F9QX")
    assert response.headers["location"] == "/staff/sign-in?next=%2Fstaff%2Finquiries%2FHE-2026-7K3F9QX"
    response = await stranger.post(
        "/staff/sign-in", name="anna", password=PASSWORD, next="/staff/inquiries/HE-2026-7K3F9QX"
    )
    assert response.headers["location"] == "/staff/inquiries/HE-2026-7K3F9QX"


async def test_a_saved_view_is_nobody_elses(office: Office, anna: Colleague) -> None:
    assert anna.member is not None
    view = office.saved_views.save(anna.member.id, "Korea", "view=all&language=ko")
    boris = office.colleague("boris", StaffRole.ADMIN)
    response = await boris.post(f"/staff/views/{view.id}/delete")
    assert response.status_code == 404
    assert office.saved_views.of(anna.member.id) == (view,)


async def test_every_page_is_behind_the_door_by_its_decorator(office: Office) -> None:
    """There is no other way to give a page an address."""
    paths = {route.path for route in office.console.routes if hasattr(route, "path")}
    assert paths == {"/static", "/", *(page.path for page in PAGES)}
