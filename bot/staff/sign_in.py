"""Signing in: the password, then the second factor of who has set one up."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import delete, select

from bot.errors import SignInRefused, Unauthorized
from bot.networks import network_of
from bot.privacy.pseudonyms import Pseudonyms
from bot.settings import Settings
from bot.staff.attempts import count_attempt, forget_attempts
from bot.staff.member import StaffMember
from bot.staff.passwords import hash_password, is_outdated, is_password, rehash
from bot.staff.second_factor import SecondFactor
from bot.staff.sessions import OpenedSession, Sessions, SignedIn
from bot.store import StaffAccount, StaffSession, Store, hash_token, utc_now


class SignIn:
    """Lets staff in. Attempts are counted in the database, over all processes.

    Args:
        store: the database.
        settings: keys, and how long sessions last.
        clock: the time in UTC.
    """

    def __init__(self, store: Store, settings: Settings, clock: Callable[[], datetime] = utc_now) -> None:
        self._store = store
        self._clock = clock
        self._pseudonyms = Pseudonyms(settings)
        self._sessions = Sessions(store, settings, clock)
        self._second_factor = SecondFactor(store, settings, clock)

    def by_password(self, name: str, password: str, address: str) -> OpenedSession:
        """The first step; for who has no second factor, the only one.

        Raises:
            SignInRefused: name or password is wrong, or the account is disabled.
            RateLimited: too many attempts as this account or from this address.
        """
        self._count(name, address)
        with self._store.reading() as session:
            account = session.scalar(select(StaffAccount).where(StaffAccount.name == name.strip()))
        right = is_password(account.password_hash if account else None, password)
        if account is None or not right or account.disabled_at is not None:
            raise SignInRefused
        needs_more = account.totp_seed is not None
        with self._store.session() as session:
            if not needs_more:
                forget_attempts(session, *self._subjects(name, address))
            if is_outdated(account.password_hash):
                session.get_one(StaffAccount, account.id).password_hash = rehash(password)
            return self._sessions.open(session, account.id, is_pending=needs_more)

    def by_code(self, token: str, code: str, address: str) -> OpenedSession:
        """The second step: the pending session ends, and a new one begins.

        Raises:
            Unauthorized: no session waits for a code with this token.
            SignInRefused: the code is wrong, or was used before.
            RateLimited: as for `by_password`.
        """
        pending = self._sessions.find(token)
        if not pending.is_pending:
            raise Unauthorized
        self._count(pending.member.name, address)
        with self._store.session() as session:
            account = session.get_one(StaffAccount, pending.member.id, with_for_update=True)
            if not self._second_factor.accept(session, account, code):
                raise SignInRefused
            forget_attempts(session, *self._subjects(account.name, address))
            session.execute(delete(StaffSession).where(StaffSession.token_hash == hash_token(token)))
            return self._sessions.open(session, account.id, is_pending=False)

    def change_password(self, signed_in: SignedIn, old: str, new: str, address: str) -> None:
        """Give oneself another password; one is signed out everywhere else.

        Raises:
            SignInRefused: the old one is wrong.
            InvalidField: the new one cannot be taken.
            RateLimited: as for `by_password`.
        """
        member = signed_in.member
        self._ask_again(member, old, address)
        password_hash = hash_password(new, member.name)
        with self._store.session() as session:
            session.get_one(StaffAccount, member.id).password_hash = password_hash
            forget_attempts(session, *self._subjects(member.name, address))
        self._sessions.end_others(signed_in)

    def enrol_second_factor(
        self, signed_in: SignedIn, seed: str, code: str, password: str, address: str
    ) -> tuple[str, ...]:
        """Sign in with a device as well from now on; one is signed out everywhere else.

        Returns:
            The recovery codes, told this once.

        Raises:
            SignInRefused: the password is wrong, or the code is not the device's.
            RateLimited: as for `by_password`.
        """
        member = signed_in.member
        self._ask_again(member, password, address)
        codes = self._second_factor.enrol(member.id, seed, code)
        with self._store.session() as session:
            forget_attempts(session, *self._subjects(member.name, address))
        self._sessions.end_others(signed_in)
        return codes

    def remove_second_factor(self, signed_in: SignedIn, password: str, address: str) -> None:
        """Sign in without the second factor from now on.

        Raises:
            SignInRefused: the password is wrong.
            RateLimited: as for `by_password`.
        """
        member = signed_in.member
        self._ask_again(member, password, address)
        with self._store.session() as session:
            account = session.get_one(StaffAccount, member.id, with_for_update=True)
            self._second_factor.remove(session, account)
            forget_attempts(session, *self._subjects(member.name, address))

    def _ask_again(self, member: StaffMember, password: str, address: str) -> None:
        """Whether it is them: a screen may be left open.

        Raises:
            SignInRefused: the password is wrong.
            RateLimited: as for `by_password`.
        """
        self._count(member.name, address)
        with self._store.reading() as session:
            stored = session.get_one(StaffAccount, member.id).password_hash
        if not is_password(stored, password):
            raise SignInRefused

    def _count(self, name: str, address: str) -> None:
        with self._store.session() as session:
            count_attempt(session, *self._subjects(name, address), self._clock())

    def _subjects(self, name: str, address: str) -> tuple[str, str]:
        return self._pseudonyms.of_account(name), self._pseudonyms.of_address(network_of(address))
