"""The record of what was done with personal data: pseudonymous, for as long as the audit clock runs."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from bot.privacy.pseudonyms import Pseudonyms
from bot.privacy.subject import Subject
from bot.store import ActorKind, AuditAction, AuditRecord


def record(
    session: Session,
    action: AuditAction,
    actor: ActorKind,
    counts: Mapping[str, int],
    now: datetime,
    pseudonyms: tuple[str | None, ...] = (None,),
) -> None:
    """Write down what was done, once for each pseudonym of the person, in the transaction that does it."""
    session.add_all(
        AuditRecord(at=now, action=action, actor=actor, subject=pseudonym, counts=dict(counts))
        for pseudonym in pseudonyms
    )


def pseudonyms_of(subject: Subject, pseudonyms: Pseudonyms) -> tuple[str, ...]:
    """A person's pseudonyms: of their addresses, or of their conversations if they gave none."""
    return tuple(_pseudonyms(subject, pseudonyms))


def _pseudonyms(subject: Subject, pseudonyms: Pseudonyms) -> Iterator[str]:
    if subject.emails:
        yield from (pseudonyms.of_email(email) for email in subject.emails)
    else:
        yield from (pseudonyms.of_conversation(identity) for identity in subject.conversations)
