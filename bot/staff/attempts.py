"""How often somebody may try to sign in: as one account, and from one address."""

import math
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from bot.errors import RateLimited
from bot.store import StaffAttempt

WINDOW = timedelta(minutes=15)
ATTEMPTS_PER_ACCOUNT = 8
ATTEMPTS_PER_ADDRESS = 40
"""An office shares one address."""


def count_attempt(session: Session, account: str, address: str, now: datetime) -> None:
    """Count an attempt before it is looked at, so that many at once are no way around the limit.

    Args:
        session: its transaction is committed before the password is checked.
        account: pseudonym of the account's name.
        address: pseudonym of the device's address.
        now: the moment.

    Raises:
        RateLimited: there were too many; this one is not counted.
    """
    session.execute(delete(StaffAttempt).where(StaffAttempt.at <= now - WINDOW))
    for subject, limit in ((account, ATTEMPTS_PER_ACCOUNT), (address, ATTEMPTS_PER_ADDRESS)):
        query = select(func.count(), func.min(StaffAttempt.at)).where(StaffAttempt.subject == subject)
        count, oldest = session.execute(query).one()
        if count >= limit:
            raise RateLimited(max(1, math.ceil((oldest + WINDOW - now).total_seconds())))
    session.add_all((StaffAttempt(subject=account, at=now), StaffAttempt(subject=address, at=now)))


def forget_attempts(session: Session, account: str, address: str) -> None:
    """Somebody has signed in: nothing counts against their account any more, and this attempt not for the address."""
    latest = select(func.max(StaffAttempt.id)).where(StaffAttempt.subject == address).scalar_subquery()
    session.execute(delete(StaffAttempt).where((StaffAttempt.subject == account) | (StaffAttempt.id == latest)))
