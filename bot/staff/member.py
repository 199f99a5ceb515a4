"""A member of staff as services and faces see one."""

from dataclasses import dataclass
from datetime import datetime

from bot.knowledge import Language
from bot.store import StaffAccount, StaffRole

_ORDER = tuple(StaffRole)


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Who somebody is and what they may do; nothing that they sign in with."""

    id: int
    name: str
    role: StaffRole
    language: Language
    has_second_factor: bool
    disabled_at: datetime | None
    created_at: datetime


def member_of(account: StaffAccount) -> StaffMember:
    """The member of staff whose account this is."""
    return StaffMember(
        id=account.id,
        name=account.name,
        role=account.role,
        language=Language(account.language),
        has_second_factor=account.totp_seed is not None,
        disabled_at=account.disabled_at,
        created_at=account.created_at,
    )


def may(role: StaffRole, needed: StaffRole) -> bool:
    """Whether `role` allows what `needed` is needed for."""
    return _ORDER.index(role) >= _ORDER.index(needed)
