"""The record of conversations outside a turn: starting one, reading it, who may, and what helped."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.conversations.message import Message, StartedConversation, message_from_row
from bot.conversations.replies import Reply
from bot.conversations.writes import add_reply
from bot.errors import NotFound
from bot.knowledge import Language
from bot.store import Conversation, Feedback, Sender, hash_token, new_conversation_id, new_token, utc_now
from bot.store import Message as MessageRow


def start(session: Session, channel: str, language: Language, greeting: Reply) -> StartedConversation:
    """Record a new conversation with its greeting.

    The language is where it starts, not pinned: who writes in another is answered in that one.
    """
    conversation_id, token = new_conversation_id(), new_token()
    session.add(
        Conversation(
            id=conversation_id,
            token_hash=hash_token(token),
            channel=channel,
            language=language.value,
            language_pinned=False,
            asks=greeting.asks,
        )
    )
    session.flush()
    return StartedConversation(
        conversation_id, token, language, (add_reply(session, conversation_id, greeting, language),)
    )


def conversation_of_token(session: Session, token_hash: str, conversation_id: str) -> str | None:
    """The conversation that a token belongs to; `conversation_id` is the one it should be, and is looked at first."""
    statement = select(Conversation.id).where(Conversation.token_hash == token_hash)
    expected = session.scalar(statement.where(Conversation.id == conversation_id))
    return expected if expected is not None else session.scalar(statement)


def knows(session: Session, conversation_id: str, client_id: str) -> bool:
    """Whether a message that a face called `client_id` has been recorded."""
    statement = select(MessageRow.id).where(
        MessageRow.conversation_id == conversation_id, MessageRow.client_id == client_id
    )
    return session.scalar(statement) is not None


def asked_before(session: Session, conversation_id: str, before: int | None) -> str | None:
    """The field that the bot's last message asks for, of those with an id below `before`."""
    statement = select(MessageRow.asks).where(
        MessageRow.conversation_id == conversation_id, MessageRow.sender == Sender.BOT
    )
    if before is not None:
        statement = statement.where(MessageRow.id < before)
    return session.scalar(statement.order_by(MessageRow.id.desc()).limit(1))


def messages_after(session: Session, conversation_id: str, after: int) -> tuple[Message, ...]:
    """All messages of a conversation with an id above `after`.

    Raises:
        NotFound: no such conversation.
    """
    rows = session.scalars(
        select(MessageRow)
        .where(MessageRow.conversation_id == conversation_id, MessageRow.id > after)
        .order_by(MessageRow.id)
    ).all()
    if not rows and session.get(Conversation, conversation_id) is None:
        raise NotFound("conversation")
    return tuple(message_from_row(row) for row in rows)


def rate_message(
    session: Session, conversation_id: str, message_id: int, *, helpful: bool, comment: str | None
) -> None:
    """Record whether a message helped; the last word counts.

    Raises:
        NotFound: no such message in this conversation, or the visitor's own.
    """
    message = session.get(MessageRow, message_id)
    if message is None or message.conversation_id != conversation_id or message.sender is Sender.USER:
        raise NotFound("message")
    feedback = session.scalar(select(Feedback).where(Feedback.message_id == message_id))
    if feedback is None:
        feedback = Feedback(message_id=message_id, conversation_id=conversation_id)
        session.add(feedback)
    feedback.helpful = helpful
    feedback.comment = comment
    feedback.created_at = utc_now()
