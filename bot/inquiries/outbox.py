"""Where an inquiry's news goes: the seam between the case and its delivery."""

from typing import Protocol

from sqlalchemy.orm import Session

from bot.store import Inquiry, InquiryReply, InquiryState


class Outbox(Protocol):
    """Takes down what askers and staff are to be told, in the transaction of the change that causes it.

    Each method is called once a change, after its rows are flushed and before the commit; if it raises, the change is
    undone. It must not send anything itself.
    """

    def logged(self, session: Session, inquiry: Inquiry) -> None:
        """An inquiry was logged."""

    def reply_added(self, session: Session, inquiry: Inquiry, reply: InquiryReply) -> None:
        """Staff answered."""

    def state_changed(self, session: Session, inquiry: Inquiry, old: InquiryState) -> None:
        """An inquiry is in another state than `old`, also when a reply or a message of the asker's made it so."""

    def assigned(self, session: Session, inquiry: Inquiry, old: str | None) -> None:
        """An inquiry has another assignee than `old`, or none any more."""


class NoOutbox:
    """For who tells nobody."""

    def logged(self, session: Session, inquiry: Inquiry) -> None:
        """Nothing."""

    def reply_added(self, session: Session, inquiry: Inquiry, reply: InquiryReply) -> None:
        """Nothing."""

    def state_changed(self, session: Session, inquiry: Inquiry, old: InquiryState) -> None:
        """Nothing."""

    def assigned(self, session: Session, inquiry: Inquiry, old: str | None) -> None:
        """Nothing."""
