"""An outbox for tests."""

from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.store import Inquiry, InquiryReply, InquiryState


@dataclass
class Notebook:
    """An outbox that writes down what it was told, and checks that it was told within the transaction."""

    told: list[tuple[str, object]] = field(default_factory=list)
    fails: bool = False

    def logged(self, session: Session, inquiry: Inquiry) -> None:
        self._note(session, "logged", inquiry.state)

    def reply_added(self, session: Session, inquiry: Inquiry, reply: InquiryReply) -> None:
        assert session.scalar(select(InquiryReply.text).where(InquiryReply.id == reply.id)) == reply.text
        self._note(session, "reply_added", reply.text)

    def state_changed(self, session: Session, inquiry: Inquiry, old: InquiryState) -> None:
        self._note(session, "state_changed", (old, inquiry.state))

    def assigned(self, session: Session, inquiry: Inquiry, old: str | None) -> None:
        self._note(session, "assigned", (old, inquiry.assignee))

    def _note(self, session: Session, event: str, value: object) -> None:
        assert session.in_transaction()
        if self.fails:
            raise RuntimeError("the outbox cannot take it")
        self.told.append((event, value))
