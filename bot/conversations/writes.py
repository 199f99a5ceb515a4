"""Writing messages: the statements of every turn, made once.

They go by the tables, not the mapped classes: that takes a third of the time.
"""

from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, update
from sqlalchemy.orm import Session

from bot.conversations.message import Message, MessageButton, MessageSource
from bot.conversations.replies import Reply
from bot.errors import NotFound
from bot.knowledge import Language
from bot.store import Button, Conversation, MessageState, Sender, new_button_id, utc_now
from bot.store import Message as MessageRow

_CONVERSATIONS = cast("Table", Conversation.__table__)
_MESSAGES = cast("Table", MessageRow.__table__)

_INSERT_MESSAGE = insert(_MESSAGES).returning(_MESSAGES.c.id)
_INSERT_BUTTONS = insert(cast("Table", Button.__table__))
_UPDATE_CONVERSATION = (
    update(_CONVERSATIONS).where(_CONVERSATIONS.c.id == bindparam("conversation_id")).returning(_CONVERSATIONS.c.id)
)
_UPDATE_MESSAGE = update(_MESSAGES).where(_MESSAGES.c.id == bindparam("message_id"))


def add_visitor_message(
    session: Session,
    conversation_id: str,
    text: str,
    language: Language,
    *,
    client_id: str | None,
    payload: str | None,
    state: MessageState,
) -> Message:
    """Record what a visitor wrote or pressed."""
    created_at = utc_now()
    message_id = _insert_message(
        session,
        conversation_id=conversation_id,
        sender=Sender.USER,
        text=text,
        language=language.value,
        client_id=client_id,
        state=state,
        payload=payload,
        sources=[],
        created_at=created_at,
    )
    return Message(
        id=message_id,
        sender=Sender.USER,
        text=text,
        language=language,
        buttons=(),
        sources=(),
        entry=None,
        asks=None,
        created_at=created_at,
    )


def add_reply(
    session: Session,
    conversation_id: str,
    reply: Reply,
    language: Language,
    *,
    sender: Sender = Sender.BOT,
    reply_to: int | None = None,
    client_id: str | None = None,
) -> Message:
    """Record a reply with its buttons."""
    created_at = utc_now()
    message_id = _insert_message(
        session,
        conversation_id=conversation_id,
        sender=sender,
        text=reply.text,
        language=language.value,
        entry=reply.entry,
        asks=reply.asks,
        sources=list(reply.sources),
        reply_to=reply_to,
        client_id=client_id,
        created_at=created_at,
    )
    buttons = [MessageButton(new_button_id(), button.title) for button in reply.buttons]
    if buttons:
        rows = [
            {
                "id": shown.id,
                "message_id": message_id,
                "conversation_id": conversation_id,
                "position": position,
                "title": button.title,
                "payload": button.payload,
            }
            for position, (shown, button) in enumerate(zip(buttons, reply.buttons, strict=True))
        ]
        session.connection().execute(_INSERT_BUTTONS, rows)
    return Message(
        id=message_id,
        sender=sender,
        text=reply.text,
        language=language,
        buttons=tuple(buttons),
        sources=tuple(MessageSource(**source) for source in reply.sources),
        entry=reply.entry,
        asks=reply.asks,
        created_at=created_at,
    )


def update_message(session: Session, message_id: int, **values: Any) -> None:
    """Change columns of a message."""
    session.connection().execute(_UPDATE_MESSAGE, {"message_id": message_id, **values})


def update_conversation(session: Session, conversation_id: str, values: dict[str, str | int | bool | None]) -> None:
    """Change columns of a conversation.

    Raises:
        NotFound: it was erased meanwhile.
    """
    parameters = {"conversation_id": conversation_id, **values}
    if session.connection().execute(_UPDATE_CONVERSATION, parameters).one_or_none() is None:
        raise NotFound("conversation")


def _insert_message(session: Session, **values: Any) -> int:
    message_id: int = session.connection().execute(_INSERT_MESSAGE, values).scalar_one()
    return message_id
