"""Signing in: with password and code, not too often, and for not too long."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.console.cookies import LOOPBACK_NAME
from bot.errors import RateLimited, SignInRefused
from bot.staff.attempts import ATTEMPTS_PER_ACCOUNT, ATTEMPTS_PER_ADDRESS
from bot.staff.sign_in import SignIn
from bot.store import StaffRole, StaffSession, utc_now
from tests.support.office import PASSWORD, Colleague, Office

pytestmark = pytest.mark.asyncio


async def sign_in(colleague: Colleague, password: str = PASSWORD, name: str = "anna") -> int:
    return (await colleague.post("/staff/sign-in", name=name, password=password)).status_code


async def test_with_the_right_password_one_is_in(office: Office) -> None:
    office.employ("anna", StaffRole.AGENT)
    stranger = office.stranger()
    assert await sign_in(stranger) == 303
    assert (await stranger.get("/staff/inquiries")).status_code == 200


@pytest.mark.parametrize(
    ("name", "password"), [("anna", "falsch falsch falsch"), ("nobody", PASSWORD), ("anna", "x" * 5000)]
)
async def test_a_wrong_name_and_a_wrong_password_look_the_same(office: Office, name: str, password: str) -> None:
    office.employ("anna", StaffRole.AGENT)
    response = await office.stranger().post("/staff/sign-in", name=name, password=password)
    assert response.status_code == 422
    assert "That is not right." in response.text


async def test_the_key_that_a_browser_had_before_is_never_the_key_to_the_session(office: Office) -> None:
    office.employ("anna", StaffRole.AGENT)
    stranger = office.stranger()
    stranger.http.cookies.set(LOOPBACK_NAME, "fixed-by-somebody-else", domain="127.0.0.1")
    assert await sign_in(stranger) == 303
    assert stranger.http.cookies[LOOPBACK_NAME] != "fixed-by-somebody-else"
    attacker = office.stranger()
    attacker.http.cookies.set(LOOPBACK_NAME, "fixed-by-somebody-else", domain="127.0.0.1")
    assert (await attacker.get("/staff/inquiries")).status_code == 303


async def test_signing_in_anew_ends_the_session_before(office: Office, anna: Colleague) -> None:
    before = anna.http.cookies[LOOPBACK_NAME]
    response = await anna.http.post(
        "/staff/sign-in", data={"form_token": await anna.form_token(), "name": "anna", "password": PASSWORD}
    )
    assert response.status_code == 303
    old = office.stranger()
    old.http.cookies.set(LOOPBACK_NAME, before, domain="127.0.0.1")
    assert (await old.get("/staff/inquiries")).status_code == 303


async def test_too_many_attempts_are_refused_even_with_the_right_password(office: Office) -> None:
    office.employ("anna", StaffRole.AGENT)
    stranger = office.stranger()
    for _ in range(ATTEMPTS_PER_ACCOUNT):
        assert await sign_in(stranger, "falsch falsch falsch") == 422
    assert await sign_in(stranger) == 429
    assert await sign_in(office.stranger(), name=" ANNA ") == 429


async def test_the_code_is_asked_for_and_works_once(office: Office) -> None:
    member = office.employ("anna", StaffRole.AGENT)
    proposed = office.second_factor.propose("anna")
    office.second_factor.enrol(member.id, proposed.seed, office.code(proposed))
    code = office.code(proposed, steps_on=1)
    first, second = office.stranger(), office.stranger()
    for colleague in (first, second):
        assert await sign_in(colleague) == 303
    pending = first.http.cookies[LOOPBACK_NAME]
    assert (await first.post("/staff/sign-in/code", code=code)).status_code == 303
    assert (await first.get("/staff/inquiries")).status_code == 200
    assert first.http.cookies[LOOPBACK_NAME] != pending
    assert (await second.post("/staff/sign-in/code", code=code)).status_code == 422


async def test_a_recovery_code_works_once(office: Office) -> None:
    member = office.employ("anna", StaffRole.AGENT)
    proposed = office.second_factor.propose("anna")
    codes = office.second_factor.enrol(member.id, proposed.seed, office.code(proposed))
    for status in (303, 422):
        stranger = office.stranger()
        await sign_in(stranger)
        assert (await stranger.post("/staff/sign-in/code", code=codes[0].upper())).status_code == status


async def test_the_second_factor_is_set_up_on_the_page(office: Office, anna: Colleague) -> None:
    page = await anna.see("/staff/account/second-factor")
    assert "<svg" in page
    seed = page.split('name="seed" value="')[1].split('"')[0]
    proposed = office.second_factor.propose("anna", seed)
    assert proposed.secret in page
    code = office.code(proposed)
    for wrong in ({"code": "000000", "password": PASSWORD}, {"code": code, "password": "a screen left open"}):
        assert (await anna.post("/staff/account/second-factor", seed=seed, **wrong)).status_code == 422
    assert not office.accounts.list()[0].has_second_factor
    right = await anna.post("/staff/account/second-factor", seed=seed, code=code, password=PASSWORD)
    assert right.text.count("<li><code>") == 10
    assert office.accounts.list()[0].has_second_factor
    removed = await anna.post("/staff/account/second-factor/remove", password=PASSWORD)
    assert removed.status_code == 303
    assert not office.accounts.list()[0].has_second_factor


@pytest.mark.parametrize(
    "values",
    [
        {"seen_at": utc_now() - timedelta(minutes=61)},
        {"expires_at": utc_now() - timedelta(seconds=1)},
    ],
)
async def test_a_session_ends_when_idle_and_in_any_case(
    office: Office, anna: Colleague, values: dict[str, object]
) -> None:
    with office.store.session() as session:
        session.execute(update(StaffSession).values(**values))
    assert (await anna.get("/staff/inquiries")).status_code == 303


@pytest.mark.parametrize(("headers", "keeps_awake"), [({}, True), ({"x-refresh": "1"}, False)])
async def test_a_list_that_reads_itself_anew_keeps_no_session_from_becoming_idle(
    office: Office, anna: Colleague, headers: dict[str, str], keeps_awake: bool
) -> None:
    before = utc_now() - timedelta(minutes=50)
    with office.store.session() as session:
        session.execute(update(StaffSession).values(seen_at=before))
    assert (await anna.http.get("/staff/inquiries", headers=headers)).status_code == 200
    with office.store.reading() as session:
        assert (session.scalars(select(StaffSession.seen_at)).one() > before) is keeps_awake


async def test_a_network_of_ipv6_has_one_limit(office: Office) -> None:
    door = SignIn(office.store, office.settings)
    for number in range(ATTEMPTS_PER_ADDRESS):
        with pytest.raises(SignInRefused):
            door.by_password(f"nobody-{number}", PASSWORD, f"2001:db8::{number:x}")
    with pytest.raises(RateLimited):
        door.by_password("nobody", PASSWORD, "2001:db8::ffff")


async def test_a_disabled_account_is_out_at_once_and_cannot_come_back(office: Office, anna: Colleague) -> None:
    office.accounts.disable("anna")
    assert (await anna.get("/staff/inquiries")).status_code == 303
    assert await sign_in(office.stranger()) == 422


async def test_signing_out_ends_the_session_on_the_server(office: Office, anna: Colleague) -> None:
    token = anna.http.cookies[LOOPBACK_NAME]
    await anna.post("/staff/sign-out")
    anna.http.cookies.set(LOOPBACK_NAME, token, domain="127.0.0.1")
    assert (await anna.get("/staff/inquiries")).status_code == 303


async def test_a_new_password_signs_out_everywhere_else(office: Office, anna: Colleague) -> None:
    assert anna.member is not None
    elsewhere = office.sign_in(anna.member)
    new = "Noch ein Satz zum Merken."
    response = await anna.post("/staff/account/password", old=PASSWORD, new=new)
    assert response.status_code == 303
    assert (await anna.get("/staff/inquiries")).status_code == 200
    assert (await elsewhere.get("/staff/inquiries")).status_code == 303
    assert await sign_in(office.stranger(), new) == 303


@pytest.mark.parametrize("new", ["kurz", "anna anna anna anna", "aaaaaaaaaaaaaaaa"])
async def test_a_weak_password_is_refused(anna: Colleague, new: str) -> None:
    response = await anna.post("/staff/account/password", old=PASSWORD, new=new)
    assert response.status_code == 422
