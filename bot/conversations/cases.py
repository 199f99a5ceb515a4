"""What is said between asker and staff, kept with the inquiry that it is about: that outlives the conversation."""

from datetime import UTC

from sqlalchemy.orm import Session

from bot.conversations.message import Message
from bot.delivery.inquiries import InquiryOutbox, inquiry_service
from bot.errors import NotFound
from bot.inquiries import ASKER
from bot.inquiries.access import find_awaited
from bot.inquiries.states import DONE
from bot.settings import Settings
from bot.store import DeliveryKind, Inquiry, Sender, Store, TranscriptRecord


class Cases:
    """The inquiries of conversations, changed in the transaction that records a message.

    Args:
        store: the database.
        settings: of the desk that answers, and the ways to tell staff.
    """

    def __init__(self, store: Store, settings: Settings) -> None:
        self._outbox = InquiryOutbox(settings)
        self._inquiries = inquiry_service(store, settings)

    def take_answer(self, session: Session, reference: str, message: Message) -> bool:
        """Take a message of the asker's as their answer, once, and tell staff.

        Returns:
            Whether it was taken: an inquiry that is done with, or gone, takes none.
        """
        try:
            case = self._inquiries.case(session, reference, ASKER)
        except NotFound:
            return False
        if case.inquiry.state in DONE:
            return False
        if _add_to_transcript(case.inquiry, message):
            case.asker_wrote()
            key = f"asker_wrote:{case.inquiry.id}:{message.id}"
            self._outbox.notify(session, case.inquiry, DeliveryKind.ASKER_WROTE, key)
        return True

    def take_word(self, session: Session, conversation_id: str, message: Message) -> None:
        """Keep what is said while staff hold a conversation, if it has an inquiry that is not done with.

        Staff are not told: they are there.
        """
        inquiry = find_awaited(session, conversation_id)
        if inquiry is not None and _add_to_transcript(inquiry, message) and message.sender is Sender.USER:
            self._inquiries.case(session, inquiry.reference, ASKER).asker_wrote()


def _add_to_transcript(inquiry: Inquiry, message: Message) -> bool:
    """Add a message to an inquiry's transcript; False if it is there already."""
    line: TranscriptRecord = {
        "sender": message.sender.value,
        "text": message.text,
        "language": message.language.value,
        "entry": None,
        "at": message.created_at.astimezone(UTC).isoformat(),
    }
    if line in inquiry.transcript:
        return False
    # A new list: changes inside of one are not noticed.
    inquiry.transcript = [*inquiry.transcript, line]
    return True
