"""The record of what was done with personal data: pseudonymous, for as long as the audit clock runs."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from bot.store import ActorKind, AuditAction, AuditRecord


def record(
    session: Session,
    action: AuditAction,
    actor: ActorKind,
    counts: Mapping[str, int],
    now: datetime,
    pseudonyms: tuple[str | None, ...] = (None,),
    actor_name: str | None = None,
) -> None:
    """Write down what was done, once for each pseudonym of the person, in the transaction that does it."""
    session.add_all(
        AuditRecord(at=now, action=action, actor=actor, actor_name=actor_name, subject=pseudonym, counts=dict(counts))
        for pseudonym in pseudonyms
    )
