"""Who is signed in: sessions kept on the server, which expire and can be ended."""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.errors import Unauthorized
from bot.settings import Settings
from bot.staff.member import StaffMember, member_of
from bot.store import StaffAccount, StaffSession, Store, hash_token, new_token, utc_now

PENDING_MINUTES = 10
"""How long the second factor may take after the password."""

SEEN_SECONDS = 60
"""Within so long a session is not marked as used again, so that reading writes nothing."""


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """A new session. Its token is told this once; only its hash is kept. `is_pending`: the second factor is due."""

    token: str
    is_pending: bool


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that is there: who it is of. `is_pending` as in `OpenedSession`."""

    member: StaffMember
    token_hash: str
    is_pending: bool


class Sessions:
    """Sessions of staff. Safe to use from several threads and processes.

    Args:
        store: the database.
        settings: how long sessions last, and the key for tokens of forms.
        clock: the time in UTC.
    """

    def __init__(self, store: Store, settings: Settings, clock: Callable[[], datetime] = utc_now) -> None:
        self._store = store
        self._clock = clock
        self._idle = timedelta(minutes=settings.staff_idle_minutes)
        self._longest = timedelta(hours=settings.staff_session_hours)
        key = settings.secret_key.get_secret_value().encode()
        self._form_key = hmac.new(key, b"staff forms", hashlib.sha256).digest()

    def open(self, session: Session, account_id: int, *, is_pending: bool) -> OpenedSession:
        """Sign somebody in, in the caller's transaction; what has expired of anybody goes."""
        now = self._clock()
        session.execute(delete(StaffSession).where(StaffSession.expires_at <= now))
        token = new_token()
        lasts = timedelta(minutes=PENDING_MINUTES) if is_pending else self._longest
        session.add(
            StaffSession(
                token_hash=hash_token(token),
                account_id=account_id,
                is_pending=is_pending,
                created_at=now,
                seen_at=now,
                expires_at=now + lasts,
            )
        )
        return OpenedSession(token, is_pending)

    def find(self, token: str, *, touch: bool = True) -> SignedIn:
        """Whose session this is the token of; using it keeps it from becoming idle.

        Args:
            token: as in the cookie.
            touch: left out by what happens without the person doing anything.

        Raises:
            Unauthorized: there is no such session, it has expired, or the account is disabled.
        """
        token_hash = hash_token(token)
        with self._store.reading() as session:
            found = self._find(session, token_hash)
            signed_in = SignedIn(member_of(found[1]), token_hash, found[0].is_pending)
            seen_at = found[0].seen_at
        if touch and self._clock() - seen_at > timedelta(seconds=SEEN_SECONDS):
            with self._store.session() as session:
                row, _ = self._find(session, token_hash)
                row.seen_at = self._clock()
        return signed_in

    def end(self, token: str) -> None:
        """Sign out; nothing happens if nobody is signed in with this."""
        with self._store.session() as session:
            session.execute(delete(StaffSession).where(StaffSession.token_hash == hash_token(token)))

    def end_others(self, signed_in: SignedIn) -> int:
        """Sign this member of staff out everywhere else; returns how often that was."""
        with self._store.session() as session:
            others = delete(StaffSession).where(
                StaffSession.account_id == signed_in.member.id, StaffSession.token_hash != signed_in.token_hash
            )
            return len(session.scalars(others.returning(StaffSession.token_hash)).all())

    def form_token(self, token: str) -> str:
        """What a form has to bring back, so that it is one of ours and of this session."""
        return hmac.new(self._form_key, token.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()

    def is_form_token(self, token: str, given: str) -> bool:
        """Whether a form has brought back what it was given."""
        return hmac.compare_digest(self.form_token(token).encode(), given.encode("utf-8", "surrogatepass"))

    def _find(self, session: Session, token_hash: str) -> tuple[StaffSession, StaffAccount]:
        query = (
            select(StaffSession, StaffAccount)
            .join(StaffAccount, StaffAccount.id == StaffSession.account_id)
            .where(StaffSession.token_hash == token_hash)
        )
        found = session.execute(query).one_or_none()
        now = self._clock()
        if found is None or found[1].disabled_at is not None:
            raise Unauthorized
        if found[0].expires_at <= now or found[0].seen_at + self._idle <= now:
            raise Unauthorized
        return found[0], found[1]
