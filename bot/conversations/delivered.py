"""Writing into a conversation what the outbox brings: replies and words of staff, and who is in the conversation."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.conversations.message import Message, message_from_row
from bot.conversations.replies import Reply
from bot.conversations.to_staff import StaffDesk
from bot.conversations.writes import add_reply, update_conversation
from bot.delivery import ClaimedDelivery
from bot.errors import LeaseLost
from bot.knowledge import Responses
from bot.store import Conversation, DeliveryKind, Inquiry, Sender
from bot.store import Message as MessageRow

NOTICES = {DeliveryKind.TAKEN_OVER: "say_taken_over", DeliveryKind.RELEASED: "say_released"}


@dataclass(frozen=True)
class Recorded:
    """A message that a delivery has become; not `is_new` if an earlier attempt has recorded it."""

    message: Message
    is_new: bool


def record_delivery(session: Session, delivery: ClaimedDelivery, responses: Responses, desk: StaffDesk) -> Recorded:
    """Record a delivery as a message of its conversation, once however often it is called.

    Raises:
        LeaseLost: conversation or inquiry were erased, and the delivery with them.
        Conflict: another worker records it at this moment.
    """
    conversation = session.get(Conversation, delivery.conversation_id) if delivery.conversation_id else None
    if conversation is None:
        raise LeaseLost
    # No face can make up such a client_id: theirs are UUIDs. The database takes one only once in a conversation.
    client_id = f"delivery-{delivery.id}"
    row = session.scalar(
        select(MessageRow).where(MessageRow.conversation_id == conversation.id, MessageRow.client_id == client_id)
    )
    if row is not None:
        return Recorded(message_from_row(row), is_new=False)
    sender, reply = _said(session, delivery, responses, desk)
    message = add_reply(session, conversation.id, reply, delivery.language, sender=sender, client_id=client_id)
    if delivery.kind is DeliveryKind.STAFF_MESSAGE:
        desk.said_by_staff(session, conversation.id, message)
    # A conversation in which something is said has not expired.
    update_conversation(session, conversation.id, {"language": conversation.language})
    return Recorded(message, is_new=True)


def _said(session: Session, delivery: ClaimedDelivery, responses: Responses, desk: StaffDesk) -> tuple[Sender, Reply]:
    if delivery.kind in NOTICES:
        return Sender.BOT, Reply(responses.render(NOTICES[delivery.kind], delivery.language).text)
    text = delivery.text or ""
    if delivery.kind is DeliveryKind.STAFF_MESSAGE:
        return Sender.STAFF, Reply(text)
    reference = session.scalar(select(Inquiry.reference).where(Inquiry.id == delivery.inquiry_id))
    if reference is None:
        raise LeaseLost
    return Sender.STAFF, desk.staff_reply(delivery.language, reference, text)
