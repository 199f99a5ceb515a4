"""Which inquiries a member of staff has read, and who has one open right now."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.errors import NotFound
from bot.store import Inquiry, StaffAccount, StaffReading, Store, utc_now

PRESENT_SECONDS = 45
"""So long after an inquiry was last on somebody's screen, it counts as open there."""


@dataclass(frozen=True, slots=True)
class Place:
    """An inquiry by its id, and the version it is in."""

    id: int
    version: int


class Readings:
    """Unread marks and the notice that a colleague has the case open, over all processes.

    Args:
        store: the database.
        clock: the time in UTC.
    """

    def __init__(self, store: Store, clock: Callable[[], datetime] = utc_now) -> None:
        self._store = store
        self._clock = clock

    def mark(self, session: Session, account_id: int, inquiry_id: int, version: int) -> None:
        """The inquiry is on this member's screen, as it is in this version; in the caller's transaction."""
        insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        values = {"version": version, "seen_at": self._clock()}
        statement = insert(StaffReading).values(account_id=account_id, inquiry_id=inquiry_id, **values)
        session.execute(statement.on_conflict_do_update(index_elements=["account_id", "inquiry_id"], set_=values))

    def find(self, session: Session, reference: str) -> Place:
        """Which inquiry this is the reference of.

        Raises:
            NotFound: there is none, or no longer.
        """
        found = session.execute(select(Inquiry.id, Inquiry.version).where(Inquiry.reference == reference)).first()
        if found is None:
            raise NotFound("inquiry")
        return Place(found.id, found.version)

    def stay(self, account_id: int, reference: str, *, present: bool) -> None:
        """The inquiry is still on this member's screen, or no longer; nothing happens if it never was."""
        with self._store.session() as session:
            row = session.scalar(
                select(StaffReading)
                .join(Inquiry, Inquiry.id == StaffReading.inquiry_id)
                .where(StaffReading.account_id == account_id, Inquiry.reference == reference)
            )
            if row is not None:
                row.seen_at = self._clock() if present else None

    def colleagues(self, session: Session, inquiry_ids: Sequence[int], account_id: int) -> Mapping[int, list[str]]:
        """Who else has these inquiries open, by inquiry."""
        since = self._clock() - timedelta(seconds=PRESENT_SECONDS)
        query = (
            select(StaffReading.inquiry_id, StaffAccount.name)
            .join(StaffAccount, StaffAccount.id == StaffReading.account_id)
            .where(
                StaffReading.inquiry_id.in_(inquiry_ids),
                StaffReading.seen_at > since,
                StaffReading.account_id != account_id,
            )
            .order_by(StaffAccount.name)
        )
        found: defaultdict[int, list[str]] = defaultdict(list)
        for inquiry_id, name in session.execute(query):
            found[inquiry_id].append(name)
        return found

    def versions(self, session: Session, inquiry_ids: Sequence[int], account_id: int) -> Mapping[int, int]:
        """The version of each inquiry that this member has read; those never opened are left out."""
        query = select(StaffReading.inquiry_id, StaffReading.version).where(
            StaffReading.inquiry_id.in_(inquiry_ids), StaffReading.account_id == account_id
        )
        return {row.inquiry_id: row.version for row in session.execute(query)}
