"""The trail that staff leave: every look at personal data, and every change of it, in the audit."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from bot.privacy.audit import record
from bot.privacy.pseudonyms import Pseudonyms
from bot.settings import Settings
from bot.staff.member import StaffMember
from bot.store import ActorKind, AuditAction, Store, utc_now

INQUIRIES = "inquiries"


class Trail:
    """Writes down who of staff did what with whose data; whose is a pseudonym.

    Args:
        store: the database.
        settings: the key of the pseudonyms.
        clock: the time in UTC.
    """

    def __init__(self, store: Store, settings: Settings, clock: Callable[[], datetime] = utc_now) -> None:
        self._store = store
        self._pseudonyms = Pseudonyms(settings)
        self._clock = clock

    def add(
        self,
        session: Session,
        member: StaffMember,
        action: AuditAction,
        counts: Mapping[str, int],
        emails: Sequence[str] = (),
    ) -> None:
        """Write it down in the caller's transaction, once for each person; for a list, once without whose."""
        pseudonyms = tuple(dict.fromkeys(self._pseudonyms.of_email(email) for email in emails)) or (None,)
        record(session, action, ActorKind.STAFF, counts, self._clock(), pseudonyms, member.name)

    def note(
        self, member: StaffMember, action: AuditAction, counts: Mapping[str, int], emails: Sequence[str] = ()
    ) -> None:
        """The same in a transaction of its own.

        Raises:
            StoreError: the database failed; what was to be done must then not be.
        """
        with self._store.session() as session:
            self.add(session, member, action, counts, emails)
