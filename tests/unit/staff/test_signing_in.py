"""Accounts, sessions and attempts, on both kinds of database."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
import pytest

from bot.errors import Conflict, InvalidField, NotFound, RateLimited, SignInRefused, Unauthorized
from bot.knowledge import Language
from bot.settings import Settings
from bot.staff import Accounts, SecondFactor, Sessions, SignIn, StaffMember
from bot.staff.attempts import ATTEMPTS_PER_ACCOUNT, ATTEMPTS_PER_ADDRESS, WINDOW
from bot.store import StaffRole, Store, hash_token
from tests.support.assistant import make_settings
from tests.support.office import PASSWORD
from tests.unit.inquiries.cases import Clock

START = datetime(2026, 11, 27, 9, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return make_settings(tmp_path)


@pytest.fixture
def clock() -> Clock:
    return Clock(START)


@pytest.fixture
def sign_in(store: Store, settings: Settings, clock: Clock) -> SignIn:
    return SignIn(store, settings, clock)


@pytest.fixture
def anna(store: Store, clock: Clock) -> StaffMember:
    return Accounts(store, clock).add("anna", StaffRole.AGENT, Language.GERMAN, PASSWORD)


def test_a_name_is_given_once_whatever_its_case(store: Store, anna: StaffMember) -> None:
    for name in ("anna", "Anna", " ANNA "):
        with pytest.raises(Conflict):
            Accounts(store).add(name, StaffRole.ADMIN, Language.KOREAN, PASSWORD)
    assert Accounts(store).list() == (anna,)


def test_a_password_in_pieces_is_the_same_password(store: Store, sign_in: SignIn) -> None:
    Accounts(store).add("lee", StaffRole.READER, Language.KOREAN, "비밀번호를 길게 정했습니다")
    decomposed = "\u1107\u1175\u1106\u1175\u11af\u1107\u1165\u11ab\u1112\u1169\u1105\u1173\u11af"
    assert not sign_in.by_password("lee", "비밀번호를 길게 정했습니다", "a").is_pending
    sign_in.by_password("lee", decomposed + " 길게 정했습니다", "a")


def test_nobody_gets_in_with_less_than_all_of_it(store: Store, sign_in: SignIn, anna: StaffMember) -> None:
    for name, password in (("anna", PASSWORD[:-1]), ("anna", ""), ("", PASSWORD), ("boris", PASSWORD)):
        with pytest.raises(SignInRefused):
            sign_in.by_password(name, password, "a")
    Accounts(store).disable("anna")
    with pytest.raises(SignInRefused):
        sign_in.by_password("anna", PASSWORD, "a")


def test_attempts_count_by_account_and_by_address_and_are_forgotten_in_time(
    sign_in: SignIn, anna: StaffMember, clock: Clock
) -> None:
    for number in range(ATTEMPTS_PER_ACCOUNT):
        with pytest.raises(SignInRefused):
            sign_in.by_password("anna", "x", f"address {number}")
    with pytest.raises(RateLimited) as refused:
        sign_in.by_password("anna", PASSWORD, "another")
    assert refused.value.retry_after_seconds == WINDOW.total_seconds()
    clock.pass_by(minutes=15)
    assert not sign_in.by_password("anna", PASSWORD, "another").is_pending
    for number in range(ATTEMPTS_PER_ADDRESS):
        with pytest.raises(SignInRefused):
            sign_in.by_password(f"name {number}", "x", "one")
    with pytest.raises(RateLimited):
        sign_in.by_password("anna", PASSWORD, "one")
    assert not sign_in.by_password("anna", PASSWORD, "other").is_pending


def test_who_gets_in_has_all_attempts_again(sign_in: SignIn, anna: StaffMember) -> None:
    for _ in range(3 * ATTEMPTS_PER_ACCOUNT):
        sign_in.by_password("anna", PASSWORD, "a")


def test_a_session_lives_by_use_and_not_for_ever(
    store: Store, settings: Settings, sign_in: SignIn, anna: StaffMember, clock: Clock
) -> None:
    sessions = Sessions(store, settings, clock)
    token = sign_in.by_password("anna", PASSWORD, "a").token
    for _ in range(settings.staff_session_hours * 60 // 50):
        clock.pass_by(minutes=50)
        assert sessions.find(token).member == anna
    clock.now = START + timedelta(hours=settings.staff_session_hours)
    with pytest.raises(Unauthorized):
        sessions.find(token)
    again = sign_in.by_password("anna", PASSWORD, "a").token
    clock.pass_by(minutes=40)
    sessions.find(again, touch=False)
    clock.pass_by(minutes=20)
    with pytest.raises(Unauthorized):
        sessions.find(again)


def test_the_token_itself_is_not_stored(
    store: Store, settings: Settings, sign_in: SignIn, anna: StaffMember, clock: Clock
) -> None:
    token = sign_in.by_password("anna", PASSWORD, "a").token
    assert Sessions(store, settings, clock).find(token).token_hash == hash_token(token)
    with store.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM staff_sessions").all()
    assert token not in repr(rows)


def test_a_code_works_once_and_only_around_its_time(
    store: Store, settings: Settings, sign_in: SignIn, anna: StaffMember, clock: Clock
) -> None:
    factor = SecondFactor(store, settings, clock)
    proposed = factor.propose("anna")
    device = pyotp.TOTP(proposed.secret)
    with pytest.raises(SignInRefused):
        factor.enrol(anna.id, proposed.seed, device.at(clock.now + timedelta(minutes=5)))
    used = device.at(clock.now)
    recovery = factor.enrol(anna.id, proposed.seed, used)
    clock.pass_by(seconds=31)
    now = device.at(clock.now)
    for code, works in (
        (used, False),
        (now, True),
        (now, False),
        ("", False),
        (recovery[0], True),
        (recovery[0], False),
    ):
        pending = sign_in.by_password("anna", PASSWORD, "a")
        assert pending.is_pending
        if works:
            assert not sign_in.by_code(pending.token, f" {code[:3]} {code[3:]}", "a").is_pending
        else:
            with pytest.raises(SignInRefused):
                sign_in.by_code(pending.token, code, "a")


def test_a_session_without_need_of_a_code_takes_none(sign_in: SignIn, anna: StaffMember) -> None:
    token = sign_in.by_password("anna", PASSWORD, "a").token
    for given in (token, "made up", ""):
        with pytest.raises(Unauthorized):
            sign_in.by_code(given, "123456", "a")


def test_a_seed_of_the_database_alone_makes_no_codes(store: Store, settings: Settings) -> None:
    proposed = SecondFactor(store, settings).propose("anna")
    other = settings.model_copy(update={"secret_key": settings.engine_token})
    assert SecondFactor(store, other).propose("anna", proposed.seed).secret != proposed.secret


def test_a_reset_opens_the_account_again_with_the_password_alone(
    store: Store, settings: Settings, sign_in: SignIn, anna: StaffMember, clock: Clock
) -> None:
    factor = SecondFactor(store, settings, clock)
    proposed = factor.propose("anna")
    factor.enrol(anna.id, proposed.seed, pyotp.TOTP(proposed.secret).at(clock.now))
    Accounts(store).disable("anna")
    member = Accounts(store).reset("anna", "Ein ganz neuer Satz.", role=StaffRole.ADMIN)
    assert (member.role, member.has_second_factor, member.disabled_at) == (StaffRole.ADMIN, False, None)
    assert not sign_in.by_password("anna", "Ein ganz neuer Satz.", "a").is_pending
    with pytest.raises(NotFound):
        Accounts(store).reset("boris", PASSWORD)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("kurz", "too_short"),
        ("x" * 201, "too_long"),
        ("ababababababab", "too_simple"),
        ("anna mag Kuchen", "too_simple"),
    ],
)
def test_weak_passwords_are_refused(store: Store, password: str, code: str) -> None:
    with pytest.raises(InvalidField) as refused:
        Accounts(store).add("anna", StaffRole.READER, Language.GERMAN, password)
    assert refused.value.code == code
