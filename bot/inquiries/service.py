"""The inquiry service: what actions, the console and the command line call."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from bot.errors import Conflict, NotFound
from bot.inquiries.access import find, find_awaited, find_for_asker
from bot.inquiries.actor import ASKER, Actor
from bot.inquiries.case import Case
from bot.inquiries.desk import Desk
from bot.inquiries.filter import EVERYTHING, PAGE_SIZE, PAGE_SIZE_MAX, Cursor, InquiryFilter, Page, Sort
from bot.inquiries.intake import add_inquiry, logged_before
from bot.inquiries.listing import page_of
from bot.inquiries.reading import details_of, summary_of
from bot.inquiries.records import InquiryDetail, InquiryDraft, InquirySummary, LoggedInquiry
from bot.inquiries.reference import new_reference, parse_reference
from bot.privacy.audit import record
from bot.privacy.holdings import count_holdings
from bot.store import ActorKind, AuditAction, Inquiry, InquiryState, Store, utc_now

# With 29**6 codes a year one attempt is enough; a second one is for chance, more would be a fault elsewhere.
LOG_ATTEMPTS = 5


class Inquiries:
    """The inquiry service. Every method that takes no session is one transaction; safe to use from several threads."""

    def __init__(
        self,
        store: Store,
        clock: Callable[[], datetime] = utc_now,
        make_reference: Callable[[int], str] = new_reference,
        desk: Desk | None = None,
    ) -> None:
        """Work on `store`.

        Arguments:
            clock: tells the time in UTC.
            make_reference: makes a reference for a year.
            desk: outbox, office hours and days to a reply; nobody is told of anything if left out.
        """
        self._store = store
        self._clock = clock
        self._make_reference = make_reference
        self._desk = desk or Desk()

    def log(self, draft: InquiryDraft) -> LoggedInquiry:
        """Log an inquiry with the transcript of its conversation up to now. With the same key, only once.

        If the conversation is not on record, the inquiry is logged all the same, without a transcript.

        Raises:
            StoreError: the database failed; nothing is logged.
        """
        # A conflict means that the reference is taken, or that the same inquiry was logged at the same moment (on
        # SQLite writers wait for each other, on PostgreSQL they do not); the next attempt sees which.
        for _ in range(LOG_ATTEMPTS - 1):
            with suppress(Conflict):
                return self._log_once(draft)
        return self._log_once(draft)

    def _log_once(self, draft: InquiryDraft) -> LoggedInquiry:
        with self._store.session() as session:
            known = logged_before(session, draft.idempotency_key)
            if known is not None:
                return LoggedInquiry(known, already_logged=True)
            now = self._clock()
            inquiry = add_inquiry(session, draft, self._make_reference(now.year), now, self._desk.due(now))
            self._desk.outbox.logged(session, inquiry)
            return LoggedInquiry(inquiry.reference, already_logged=False)

    def of_conversation(self, conversation_id: str) -> Sequence[InquirySummary]:
        """The inquiries logged in a conversation, oldest first."""
        with self._store.reading() as session:
            query = select(Inquiry).where(Inquiry.conversation_id == conversation_id).order_by(Inquiry.id)
            return [summary_of(inquiry) for inquiry in session.scalars(query)]

    def open(self, reference: str, conversation_id: str | None, email: str | None) -> InquirySummary:
        """The inquiry with this reference, for who logged it in this conversation or gives its e-mail address.

        Raises:
            InvalidReference: the text cannot be a reference.
            InquiryAccessDenied: not this asker's inquiry, or no such inquiry.
        """
        with self._store.reading() as session:
            return summary_of(find_for_asker(session, reference, conversation_id, email))

    def withdraw(self, reference: str, conversation_id: str | None, email: str | None) -> InquirySummary:
        """Withdraw an inquiry: staff no longer follow it up. One that is withdrawn already stays as it is.

        Raises:
            InvalidReference, InquiryAccessDenied: as for `open`.
        """
        with self._store.session() as session:
            inquiry = find_for_asker(session, reference, conversation_id, email, lock=True)
            self._case(session, inquiry, ASKER).change_state(InquiryState.WITHDRAWN)
            session.flush()
            return summary_of(inquiry)

    def erase(self, reference: str, conversation_id: str | None, email: str | None) -> None:
        """Delete an inquiry, its transcript and its history for good, and record that its asker had it erased.

        Raises:
            InvalidReference, InquiryAccessDenied: as for `open`.
        """
        with self._store.session() as session:
            inquiry = find_for_asker(session, reference, conversation_id, email, lock=True)
            pseudonyms = self._desk.pseudonyms
            record(
                session,
                AuditAction.ERASED,
                ActorKind.ASKER,
                count_holdings(session, (), (inquiry.id,)),
                self._clock(),
                (pseudonyms.of_email(inquiry.email) if pseudonyms else None,),
            )
            session.delete(inquiry)

    def asker_wrote(self, session: Session, conversation_id: str) -> InquirySummary | None:
        """The asker wrote in this conversation, to staff: the inquiry that it is about waits for us again.

        Takes part in the caller's transaction, which stores the message itself.

        Returns:
            The inquiry, or None if the conversation has none that is not done.
        """
        inquiry = find_awaited(session, conversation_id)
        if inquiry is None:
            return None
        self._case(session, inquiry, ASKER).asker_wrote()
        session.flush()
        return summary_of(inquiry)

    @contextmanager
    def change(self, reference: str, actor: Actor, version: int | None = None) -> Iterator[Case]:
        """One transaction of changes to one inquiry: stored at the end of the block, or not at all if it raises.

        Arguments:
            version: the `InquirySummary.version` that the change rests on; None to change whatever is there now.

        Raises:
            InvalidReference: the text cannot be a reference.
            NotFound: there is no such inquiry.
            Conflict: somebody else has changed it since that version.
        """
        with self._store.session() as session:
            yield self.case(session, reference, actor, version)

    def case(self, session: Session, reference: str, actor: Actor, version: int | None = None) -> Case:
        """The same within a transaction of the caller's.

        Raises:
            InvalidReference, NotFound, Conflict: as for `change`.
        """
        inquiry = find(session, parse_reference(reference), lock=True)
        if inquiry is None:
            raise NotFound("inquiry")
        if version is not None and version != inquiry.version:
            raise Conflict(f"{inquiry.reference} was changed meanwhile: look at it again")
        return self._case(session, inquiry, actor)

    def _case(self, session: Session, inquiry: Inquiry, actor: Actor) -> Case:
        return Case(session, inquiry, actor, self._clock(), self._desk)

    def list(
        self,
        wanted: InquiryFilter = EVERYTHING,
        sort: Sort = Sort.NEWEST,
        after: Cursor | None = None,
        limit: int = PAGE_SIZE,
    ) -> Page:
        """A page of inquiries for staff: at most `limit` that match `wanted`, from behind `after` on.

        Raises:
            InvalidField: the limit is out of range, or the text of the filter is too short to be looked for.
        """
        with self._store.reading() as session:
            return page_of(session, wanted, sort, after, limit, self._clock())

    def get(self, reference: str) -> InquiryDetail:
        """Everything about one inquiry, for staff.

        Raises:
            InvalidReference: the text cannot be a reference.
            NotFound: there is no such inquiry.
        """
        with self._store.reading() as session:
            inquiry = find(session, parse_reference(reference))
            if inquiry is None:
                raise NotFound("inquiry")
            return details_of(session, [inquiry])[0]

    def export(self, wanted: InquiryFilter = EVERYTHING) -> Iterator[InquiryDetail]:
        """Everything about all inquiries that match, newest first; page by page, so that a million fit.

        Raises:
            InvalidField: as for `list`.
        """
        after: Cursor | None = None
        while True:
            with self._store.reading() as session:
                page = page_of(session, wanted, Sort.NEWEST, after, PAGE_SIZE_MAX, self._clock())
                ids = [summary.id for summary in page.items]
                query = select(Inquiry).where(Inquiry.id.in_(ids)).options(selectinload("*"))
                by_id = {inquiry.id: inquiry for inquiry in session.scalars(query)}
                details = details_of(session, [by_id[identifier] for identifier in ids])
            yield from details
            if page.next is None:
                return
            after = page.next
