"""Accounts of staff: made, listed, shut and opened again."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.errors import Conflict, NotFound
from bot.inquiries.fields import parse_staff_name
from bot.knowledge import Language
from bot.staff.member import StaffMember, member_of
from bot.staff.passwords import hash_password
from bot.store import StaffAccount, StaffRecoveryCode, StaffRole, StaffSession, Store, utc_now


class Accounts:
    """The accounts of staff. Every method is one transaction; safe to use from several threads.

    Args:
        store: the database.
        clock: the time in UTC.
    """

    def __init__(self, store: Store, clock: Callable[[], datetime] = utc_now) -> None:
        self._store = store
        self._clock = clock

    def add(self, name: str, role: StaffRole, language: Language, password: str) -> StaffMember:
        """Make an account.

        Raises:
            InvalidField: the name or the password cannot be taken.
            Conflict: somebody has this name, or had it: what they did still stands under it.
        """
        name = parse_staff_name(name)
        password_hash = hash_password(password, name)
        with self._store.session() as session:
            if any(other.casefold() == name.casefold() for other in session.scalars(select(StaffAccount.name))):
                raise Conflict(f"there is an account called {name} already")
            account = StaffAccount(name=name, role=role, language=language.value, password_hash=password_hash)
            session.add(account)
            session.flush()
            return member_of(account)

    def list(self) -> tuple[StaffMember, ...]:
        """All accounts by name, those that are disabled included."""
        with self._store.reading() as session:
            return tuple(member_of(account) for account in session.scalars(select(StaffAccount)))

    def disable(self, name: str) -> StaffMember:
        """Shut an account: nobody can sign in with it, and who is signed in no longer is.

        Raises:
            NotFound: no such account.
        """
        with self._store.session() as session:
            account = _account(session, name)
            account.disabled_at = account.disabled_at or self._clock()
            _end_sessions(session, account)
            return member_of(account)

    def reset(
        self, name: str, password: str, *, role: StaffRole | None = None, keep_second_factor: bool = False
    ) -> StaffMember:
        """Give an account a new password and open it again; everybody signed in with it no longer is.

        Args:
            name: whose.
            password: the new one.
            role: another role; left out, it stays as it is.
            keep_second_factor: without it, the second factor goes: who resets has usually lost their device.

        Raises:
            NotFound: no such account.
            InvalidField: the password cannot be taken.
        """
        password_hash = hash_password(password, name)
        with self._store.session() as session:
            account = _account(session, name)
            account.password_hash, account.disabled_at = password_hash, None
            account.role = role or account.role
            if not keep_second_factor:
                account.totp_seed = None
                session.execute(delete(StaffRecoveryCode).where(StaffRecoveryCode.account_id == account.id))
            _end_sessions(session, account)
            return member_of(account)

    def set_language(self, account_id: int, language: Language) -> None:
        """Show the console in another language from now on.

        Raises:
            NotFound: no such account.
        """
        with self._store.session() as session:
            account = session.get(StaffAccount, account_id)
            if account is None:
                raise NotFound("account")
            account.language = language.value


def _account(session: Session, name: str) -> StaffAccount:
    account = session.scalar(select(StaffAccount).where(StaffAccount.name == name).with_for_update())
    if account is None:
        raise NotFound("account")
    return account


def _end_sessions(session: Session, account: StaffAccount) -> None:
    session.execute(delete(StaffSession).where(StaffSession.account_id == account.id))
