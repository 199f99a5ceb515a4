"""One inquiry while it is being changed: every change with its rules, its clocks and its place in the history."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from bot.errors import Conflict, InvalidField, NotFound
from bot.inquiries import history
from bot.inquiries.actor import Actor
from bot.inquiries.desk import Desk
from bot.inquiries.fields import parse_note, parse_reply, parse_staff_name, parse_tag, parse_topic
from bot.inquiries.reading import summary_of
from bot.inquiries.records import InquirySummary
from bot.inquiries.reference import parse_reference
from bot.inquiries.states import DONE, WAITS_FOR_ASKER, WAITS_FOR_US, check_transition
from bot.store import (
    Inquiry,
    InquiryEvent,
    InquiryNote,
    InquiryReply,
    InquiryState,
    InquiryTag,
    Priority,
)
from bot.store.inquiry import new_idempotency_key


class Case:
    """An inquiry within one transaction, changed by one actor at one moment.

    Nothing is stored before the transaction commits, and then all of it. A change that changes nothing leaves no
    trace. Made by `Inquiries.change` and `Inquiries.case`.

    Arguments:
        inquiry: its row, locked against other writers.
        now: the moment of all changes, in UTC.
    """

    def __init__(self, session: Session, inquiry: Inquiry, actor: Actor, now: datetime, desk: Desk) -> None:
        self.session = session
        self.inquiry = inquiry
        self._actor = actor
        self._now = now
        self._desk = desk

    @property
    def summary(self) -> InquirySummary:
        """The inquiry as it is now; its version is the one after this transaction once that has committed."""
        return summary_of(self.inquiry)

    def assign(self, assignee: str | None) -> None:
        """Give the inquiry to a member of staff by name, or to nobody.

        Raises:
            InvalidField: "empty" or "too_long".
        """
        new = None if assignee is None else parse_staff_name(assignee)
        old = self.inquiry.assignee
        if new != old:
            self.inquiry.assignee = new
            self._record(history.ASSIGNEE, old, new)
            self.session.flush()
            self._desk.outbox.assigned(self.session, self.inquiry, old)

    def change_state(self, target: InquiryState) -> None:
        """Take the inquiry to another state.

        Raises:
            IllegalTransition: that state may not follow, or not by this actor; it names what is possible.
            InvalidField: "needs_original": an inquiry becomes a duplicate through `mark_duplicate_of`.
        """
        if target is self.inquiry.state:
            return
        check_transition(self.inquiry.state, target, self._actor.kind)
        if target is InquiryState.DUPLICATE:
            raise InvalidField("state", "needs_original")
        self._enter(target)

    def set_priority(self, priority: Priority) -> None:
        """Say how much the inquiry presses."""
        old = self.inquiry.priority
        if priority is not old:
            self.inquiry.priority = priority
            self._record(history.PRIORITY, old.value, priority.value)

    def set_topic(self, topic: str) -> None:
        """File the inquiry under another topic.

        Raises:
            InvalidField: "empty" or "too_long".
        """
        new, old = parse_topic(topic), self.inquiry.topic
        if new != old:
            self.inquiry.topic = new
            self._record(history.TOPIC, old, new)

    def set_due(self, due_at: datetime | None) -> None:
        """Set by when the asker is to have an answer; None for no date. The time must have a zone.

        Raises:
            InvalidField: "past", or "nothing_due" if the asker does not wait for us.
        """
        old = self.inquiry.due_at
        if due_at == old:
            return
        if self.inquiry.state not in WAITS_FOR_US:
            raise InvalidField("due_at", "nothing_due")
        if due_at is not None and due_at <= self._now:
            raise InvalidField("due_at", "past")
        self.inquiry.due_at = due_at
        self._record(history.DUE, _iso(old), _iso(due_at))

    def tag(self, tag: str) -> None:
        """Put a tag on the inquiry.

        Raises:
            InvalidField: "empty" or "too_long".
        """
        name = parse_tag(tag)
        if all(other.tag != name for other in self.inquiry.tags):
            self.inquiry.tags.append(InquiryTag(tag=name, logged_at=self.inquiry.created_at))
            self._record(history.TAG_ADDED, None, name)

    def untag(self, tag: str) -> None:
        """Take a tag off the inquiry.

        Raises:
            InvalidField: "empty" or "too_long".
        """
        name = parse_tag(tag)
        for other in [other for other in self.inquiry.tags if other.tag == name]:
            self.inquiry.tags.remove(other)
            self._record(history.TAG_REMOVED, name, None)

    def note(self, text: str) -> InquiryNote:
        """Write a note for other members of staff.

        Raises:
            InvalidField: "empty" or "too_long".
        """
        note = InquiryNote(
            inquiry_id=self.inquiry.id, author=self._actor.name, text=parse_note(text), created_at=self._now
        )
        self.session.add(note)
        self.session.flush()
        self._record(history.NOTE_ADDED, None, str(note.id))
        return note

    def reply(
        self,
        text: str,
        language: str,
        *,
        then: InquiryState = InquiryState.ANSWERED,
        idempotency_key: str | None = None,
    ) -> InquiryReply:
        """Answer the asker; who answers what nobody has takes it on.

        Arguments:
            language: what the reply is written in.
            then: the state that the reply leads to, such as `WAITING` if it asks something.
            idempotency_key: the same whenever the same reply is handed in again; then nothing happens twice.

        Raises:
            InvalidField: "empty" or "too_long".
            IllegalTransition: `then` may not follow.
            Conflict: the key belongs to a reply to another inquiry.
        """
        if idempotency_key is not None and (known := self._reply_of(idempotency_key)):
            return known
        cleaned = parse_reply(text)
        if then is not self.inquiry.state:
            check_transition(self.inquiry.state, then, self._actor.kind)
        reply = InquiryReply(
            inquiry_id=self.inquiry.id,
            idempotency_key=idempotency_key or new_idempotency_key(),
            author=self._actor.name or self._actor.kind.value,
            language=language,
            text=cleaned,
            created_at=self._now,
        )
        self.session.add(reply)
        if self.inquiry.first_reply_at is None:
            self.inquiry.first_reply_at = self._now
            self.inquiry.replied_in_time = self.inquiry.due_at is None or self._now <= self.inquiry.due_at
        self.session.flush()
        self._record(history.REPLY_ADDED, None, str(reply.id))
        self.session.flush()
        self._desk.outbox.reply_added(self.session, self.inquiry, reply)
        if self.inquiry.assignee is None and self._actor.name is not None:
            self.assign(self._actor.name)
        self.change_state(then)
        return reply

    def has_reply(self, idempotency_key: str) -> bool:
        """Whether this reply has been handed in before.

        Raises:
            Conflict: the key belongs to a reply to another inquiry.
        """
        return self._reply_of(idempotency_key) is not None

    def mark_duplicate_of(self, reference: str) -> None:
        """Let another inquiry go on instead of this one; what was a duplicate of this one is one of the other.

        Raises:
            InvalidReference: the text cannot be a reference.
            NotFound: there is no such inquiry.
            InvalidField: "itself".
            IllegalTransition: this inquiry cannot become a duplicate.
        """
        original = self.session.scalar(select(Inquiry).where(Inquiry.reference == parse_reference(reference)))
        if original is not None and original.duplicate_of_id is not None:
            original = self.session.get_one(Inquiry, original.duplicate_of_id)
        if original is None:
            raise NotFound("inquiry")
        if original.id == self.inquiry.id:
            raise InvalidField("duplicate_of", "itself")
        if self.inquiry.duplicate_of_id == original.id:
            return
        if self.inquiry.state is not InquiryState.DUPLICATE:
            check_transition(self.inquiry.state, InquiryState.DUPLICATE, self._actor.kind)
        for other in self.session.scalars(select(Inquiry).where(Inquiry.duplicate_of_id == self.inquiry.id)):
            Case(self.session, other, self._actor, self._now, self._desk)._follow(original)
        self._follow(original)
        if self.inquiry.state is not InquiryState.DUPLICATE:
            self._enter(InquiryState.DUPLICATE)

    def asker_wrote(self) -> None:
        """The asker wrote about the inquiry: what waited for them, or was answered, waits for us again."""
        self._record(history.ASKER_WROTE)
        if self.inquiry.state in WAITS_FOR_ASKER:
            self.change_state(InquiryState.OPEN)

    def _follow(self, original: Inquiry) -> None:
        before = select(Inquiry.reference).where(Inquiry.id == self.inquiry.duplicate_of_id)
        self._record(history.DUPLICATE_OF, self.session.scalar(before), original.reference)
        self.inquiry.duplicate_of_id = original.id

    def _enter(self, target: InquiryState) -> None:
        old = self.inquiry.state
        self.inquiry.state = target
        if target not in WAITS_FOR_US:
            self.inquiry.waiting_since = self.inquiry.due_at = None
        elif self.inquiry.waiting_since is None:
            self.inquiry.waiting_since = self._now
            self.inquiry.due_at = self._desk.due(self._now)
        self.inquiry.closed_at = self._now if target in DONE else None
        if target is not InquiryState.DUPLICATE:
            self.inquiry.duplicate_of_id = None
        self._record(history.STATE, old.value, target.value)
        self.session.flush()
        self._desk.outbox.state_changed(self.session, self.inquiry, old)

    def _reply_of(self, idempotency_key: str) -> InquiryReply | None:
        query = select(InquiryReply).where(InquiryReply.idempotency_key == idempotency_key)
        reply = self.session.scalar(query)
        if reply is not None and reply.inquiry_id != self.inquiry.id:
            raise Conflict("the key belongs to a reply to another inquiry")
        return reply

    def _record(self, event: str, old: str | None = None, new: str | None = None) -> None:
        self.inquiry.updated_at = self._now
        # Also what is stored in other tables makes a new version of the inquiry, even within one tick of the clock.
        flag_modified(self.inquiry, "updated_at")
        self.session.add(
            InquiryEvent(
                inquiry_id=self.inquiry.id,
                at=self._now,
                actor=self._actor.kind,
                actor_name=self._actor.name,
                event=event,
                old_value=old,
                new_value=new,
            )
        )


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
