"""The privacy service: what expires, what is known of a person, and having it erased."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from bot.errors import NotFound
from bot.privacy.audit import record
from bot.privacy.engine_memory import EngineMemory
from bot.privacy.holdings import BATCH, ENGINE_EVENTS, count_holdings, delete_holdings
from bot.privacy.pseudonyms import Pseudonyms
from bot.privacy.retention import (
    Clocks,
    ExpiredConversation,
    ExpiredInquiry,
    count_others,
    delete_others,
    expired_conversations,
    expired_inquiries,
)
from bot.privacy.subject import Subject
from bot.privacy.sweep import sweep
from bot.proposals.erasure import forget_proposed
from bot.settings import Settings
from bot.store import ActorKind, AuditAction, AuditRecord, Base, Store, utc_now

FindSubject = Callable[[Session], Subject]
"""One of the functions of `bot.privacy.subject`, given all but the session."""

_RECORDS = AuditRecord.__tablename__


@dataclass(frozen=True, slots=True)
class Expiry:
    """What was deleted because its time was up, or would be; `counts` are rows by table, all that goes with it."""

    conversations: tuple[ExpiredConversation, ...]
    inquiries: tuple[ExpiredInquiry, ...]
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was erased of a person, or would be; `counts` are rows by table.

    `swept` is False if something of it may still stand in the database's files until the next sweep.
    """

    subject: Subject
    counts: dict[str, int]
    swept: bool = True


class Privacy:
    """The privacy service of one process. Safe to use from several threads; its work waits for the engine.

    Args:
        store: the database.
        settings: clocks, key, and where the engine is.
        clock: the time in UTC.
    """

    def __init__(self, store: Store, settings: Settings, clock: Callable[[], datetime] = utc_now) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock
        self._engine = EngineMemory(settings)
        self._pseudonyms = Pseudonyms(settings)

    def expiring(self) -> Expiry:
        """What `expire` would delete now.

        Raises:
            StoreError: the database failed.
        """
        clocks = Clocks.of(self._settings, self._clock())
        with self._store.reading() as session:
            return _find(session, clocks, None)

    def expire(self) -> Expiry:
        """Delete what has outlived its clock, in batches that writers of turns do not have to wait for.

        Raises:
            StoreError, EngineError: something failed; what was not deleted is found the next time.
        """
        clocks = Clocks.of(self._settings, self._clock())
        gone = Expiry((), (), {})
        while True:
            with self._store.reading() as session:
                found = _find(session, clocks, BATCH)
            if not found.counts:
                break
            conversations = [conversation.id for conversation in found.conversations]
            self._engine.forget(conversations)
            with self._store.session() as session:
                delete_holdings(session, conversations, [inquiry.id for inquiry in found.inquiries])
                delete_others(session, clocks)
                # That old records are gone needs no record, which would be followed by another for ever.
                if counts := {name: count for name, count in found.counts.items() if name != _RECORDS}:
                    record(session, AuditAction.EXPIRED, ActorKind.SYSTEM, counts, clocks.now)
            gone = Expiry(
                gone.conversations + found.conversations,
                gone.inquiries + found.inquiries,
                _sum(gone.counts, found.counts),
            )
        self.sweep()
        return gone

    def preview(self, find: FindSubject) -> Erasure:
        """What `erase` would erase of a person.

        Raises:
            NotFound: nothing is stored of them.
            InvalidField, InvalidReference: nobody can be meant by that.
            StoreError: the database failed, or the engine's.
        """
        with self._store.reading() as session:
            return self._erasure(session, find)

    def erase(self, find: FindSubject, actor: ActorKind = ActorKind.STAFF, actor_name: str | None = None) -> Erasure:
        """Erase a person's inquiries and conversations everywhere, and record under a pseudonym that it happened.

        Arguments:
            actor_name: the member of staff, where one is signed in.

        Raises:
            NotFound, InvalidField, InvalidReference, StoreError: as for `preview`; nothing is erased.
            EngineError: the engine could not be told to forget; nothing is erased, so that it can be tried again.
        """
        found = self.preview(find)
        # First the engine: if it fails, nobody believes that all is gone.
        self._engine.forget(found.subject.conversations)
        with self._store.session() as session:
            # Looked for again: something may have been said since.
            now = self._erasure(session, find)
            erased = replace(now, counts=_max(now.counts, {ENGINE_EVENTS: found.counts.get(ENGINE_EVENTS, 0)}))
            forget_proposed(session, erased.subject.conversations)
            delete_holdings(session, erased.subject.conversations, erased.subject.inquiry_ids)
            pseudonyms = self._pseudonyms.of_person(erased.subject.emails, erased.subject.conversations)
            record(session, AuditAction.ERASED, actor, erased.counts, self._clock(), pseudonyms, actor_name)
        # Again: a turn may have run between; from now on the gateway lets none begin.
        self._engine.forget(erased.subject.conversations)
        return replace(erased, swept=self.sweep())

    def sweep(self) -> bool:
        """See that nothing deleted stays in the files of the databases; False if that has to wait.

        Raises:
            StoreError: a database failed.
        """
        here = sweep(self._store.engine, Base.metadata.tables)
        return self._engine.sweep() and here

    def _erasure(self, session: Session, find: FindSubject) -> Erasure:
        subject = find(session)
        if not subject.is_known:
            raise NotFound("person")
        counts = count_holdings(session, subject.conversations, subject.inquiry_ids)
        events = self._engine.count(subject.conversations)
        return Erasure(subject, counts | ({ENGINE_EVENTS: events} if events else {}))


def _find(session: Session, clocks: Clocks, limit: int | None) -> Expiry:
    conversations = expired_conversations(session, clocks, limit)
    inquiries = expired_inquiries(session, clocks, limit)
    held = count_holdings(
        session, [conversation.id for conversation in conversations], [inquiry.id for inquiry in inquiries]
    )
    return Expiry(tuple(conversations), tuple(inquiries), _sum(held, count_others(session, clocks)))


def _sum(one: dict[str, int], other: dict[str, int]) -> dict[str, int]:
    return {name: one.get(name, 0) + other.get(name, 0) for name in {**one, **other}}


def _max(one: dict[str, int], other: dict[str, int]) -> dict[str, int]:
    return {name: count for name in {**one, **other} if (count := max(one.get(name, 0), other.get(name, 0)))}
