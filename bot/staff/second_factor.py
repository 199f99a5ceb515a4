"""The second factor: a code from a device (TOTP, RFC 6238), or a recovery code once the device is lost."""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import pyotp
from sqlalchemy import delete
from sqlalchemy.orm import Session

from bot.errors import NotFound, SignInRefused
from bot.settings import Settings
from bot.store import StaffAccount, StaffRecoveryCode, Store, hash_token, utc_now

ISSUER = "Hessen Inquiry Assistant"
STEP_SECONDS = 30
STEPS_AROUND = 1
"""A clock may be half a minute off."""

RECOVERY_CODES = 10
_RECOVERY_GROUPS = 4
_NOT_IN_CODES = re.compile(r"[\s-]+")


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What a device is set up with: `uri` for its camera, `secret` for typing it in; `seed` comes back with a code."""

    seed: str
    secret: str
    uri: str


class SecondFactor:
    """Sets the second factor up, checks its codes, takes it away.

    What codes are made from is derived from a seed in the database and `BOT_SECRET_KEY`: neither is enough alone.

    Args:
        store: the database.
        settings: the key.
        clock: the time in UTC.
    """

    def __init__(self, store: Store, settings: Settings, clock: Callable[[], datetime] = utc_now) -> None:
        self._store = store
        self._clock = clock
        key = settings.secret_key.get_secret_value().encode()
        self._key = hmac.new(key, b"staff second factor", hashlib.sha256).digest()

    def propose(self, name: str, seed: str | None = None) -> Enrolment:
        """What a new device is set up with; nothing is stored before `enrol`.

        Args:
            name: the account's.
            seed: of a proposal made before, to show it again.
        """
        seed = seed or secrets.token_hex(16)
        secret = self._secret(seed)
        return Enrolment(seed, secret, pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER))

    def enrol(self, account_id: int, seed: str, code: str) -> tuple[str, ...]:
        """Ask for codes from now on, once a first one shows that the device is set up.

        Returns:
            The recovery codes, told this once.

        Raises:
            NotFound: no such account.
            SignInRefused: the code is not the device's.
        """
        with self._store.session() as session:
            account = session.get(StaffAccount, account_id, with_for_update=True)
            if account is None:
                raise NotFound("account")
            step = self._step(seed, code)
            if step is None:
                raise SignInRefused
            account.totp_seed, account.totp_step = seed, step
            session.execute(delete(StaffRecoveryCode).where(StaffRecoveryCode.account_id == account_id))
            codes = tuple(_new_code() for _ in range(RECOVERY_CODES))
            session.add_all(StaffRecoveryCode(account_id=account_id, code_hash=_hash(code)) for code in codes)
            return codes

    def accept(self, session: Session, account: StaffAccount, code: str) -> bool:
        """Use a code up, in the caller's transaction; False if it is not one, or was used before.

        Args:
            session: the transaction.
            account: read with a lock, so that one code does not work twice at once.
            code: of the device, or a recovery code.
        """
        step = self._step(account.totp_seed, code) if account.totp_seed is not None else None
        if step is not None and step > account.totp_step:
            account.totp_step = step
            return True
        used = delete(StaffRecoveryCode).where(
            StaffRecoveryCode.account_id == account.id, StaffRecoveryCode.code_hash == _hash(code)
        )
        return session.scalar(used.returning(StaffRecoveryCode.code_hash)) is not None

    def remove(self, session: Session, account: StaffAccount) -> None:
        """Ask for no codes any more, in the caller's transaction."""
        account.totp_seed = None
        session.execute(delete(StaffRecoveryCode).where(StaffRecoveryCode.account_id == account.id))

    def _step(self, seed: str, code: str) -> int | None:
        """The time step that this is the code of, around now."""
        digits = _NOT_IN_CODES.sub("", code)
        device = pyotp.TOTP(self._secret(seed))
        now = int(self._clock().timestamp()) // STEP_SECONDS
        for step in range(now - STEPS_AROUND, now + STEPS_AROUND + 1):
            if hmac.compare_digest(device.generate_otp(step).encode(), digits.encode("utf-8", "surrogatepass")):
                return step
        return None

    def _secret(self, seed: str) -> str:
        derived = hmac.new(self._key, seed.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()
        # 160 bits, which RFC 4226 recommends, without padding that some devices refuse.
        return base64.b32encode(derived[:20]).decode("ascii")


def _new_code() -> str:
    digits = secrets.token_hex(2 * _RECOVERY_GROUPS)
    return "-".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def _hash(code: str) -> str:
    # Random, like a token, so a plain hash is enough.
    return hash_token(_NOT_IN_CODES.sub("", code).lower())
