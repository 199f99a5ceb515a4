"""The record of a turn: the visitor's message before the engine is asked, the replies after it.

Every turn runs through here twice, so the statements are made once and go by the tables, not the mapped classes:
that takes a third of the time.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from sqlalchemy import Row, Table, bindparam, delete, select
from sqlalchemy.orm import Session

from bot.conversations.engine import TurnRequest, TurnResult
from bot.conversations.message import Answered, Message, message_from_row
from bot.conversations.outcomes import is_typed_question, outcome_of
from bot.conversations.replies import REPEAT_PREFIX, Reply
from bot.conversations.to_staff import Place, Sent, StaffDesk
from bot.conversations.writes import add_reply, add_visitor_message, update_conversation, update_message
from bot.errors import InvalidField, NotFound
from bot.knowledge import Language, ResponseButton
from bot.store import Button, Conversation, EntityRecord, Hold, MessageState, Outcome, Sender, utc_now
from bot.store import Message as MessageRow

# Id, language, whether it is pinned, previous entry, asked field, turns, until when held, payload pressed last.
_ConversationRow = Row[str, str, bool, str | None, str | None, int, datetime | None, str | None]

_CONVERSATIONS = cast("Table", Conversation.__table__)
_MESSAGES = cast("Table", MessageRow.__table__)
_BUTTONS = cast("Table", Button.__table__)
_HOLDS = cast("Table", Hold.__table__)

_LAST_PAYLOAD = (
    select(_MESSAGES.c.payload)
    .where(_MESSAGES.c.conversation_id == bindparam("conversation_id"), _MESSAGES.c.sender == Sender.USER)
    .order_by(_MESSAGES.c.id.desc())
    .limit(1)
    .scalar_subquery()
    .label("last_payload")
)
_COLUMNS = select(
    _CONVERSATIONS.c.id,
    _CONVERSATIONS.c.language,
    _CONVERSATIONS.c.language_pinned,
    _CONVERSATIONS.c.previous_entry,
    _CONVERSATIONS.c.asks,
    _CONVERSATIONS.c.turns_in_session,
    _HOLDS.c.until.label("held_until"),
    _LAST_PAYLOAD,
)
_SELECT_CONVERSATION = _COLUMNS.select_from(
    _CONVERSATIONS.outerjoin(_HOLDS, _HOLDS.c.conversation_id == _CONVERSATIONS.c.id)
).where(_CONVERSATIONS.c.id == bindparam("conversation_id"))
_SELECT_SENT = select(_MESSAGES.c.id).where(
    _MESSAGES.c.conversation_id == bindparam("conversation_id"), _MESSAGES.c.client_id == bindparam("client_id")
)
_SELECT_BUTTON = select(_BUTTONS.c.title, _BUTTONS.c.payload).where(
    _BUTTONS.c.id == bindparam("button_id"), _BUTTONS.c.conversation_id == bindparam("conversation_id")
)
_SELECT_EARLIER = select(_MESSAGES.c.text, _MESSAGES.c.payload).where(
    _MESSAGES.c.id == bindparam("message_id"), _MESSAGES.c.conversation_id == bindparam("conversation_id")
)
_DELETE_MESSAGES = delete(_MESSAGES).where(_MESSAGES.c.conversation_id == bindparam("conversation_id"))


@dataclass(frozen=True)
class Post:
    """What a visitor sent: a text, the id of a pressed button, or a choice from the face's own menu; one of them."""

    client_id: str | None
    text: str | None = None
    button: str | None = None
    choice: ResponseButton | None = None


@dataclass(frozen=True)
class Turn:
    """A visitor's message that waits for its answer.

    Arguments:
        message: as recorded.
        client_id: what the face called it.
        repeats: the message to answer, an earlier one if the visitor asked for it again.
        request: what the engine is told.
        turns_in_session: turns that the engine's session has had before this one.
        is_new: whether it was recorded just now, and not found from before.
    """

    message: Message
    client_id: str | None
    repeats: int
    request: TurnRequest
    turns_in_session: int
    is_new: bool


def begin_turn(
    session: Session, conversation_id: str, post: Post, *, session_turns: int, desk: StaffDesk
) -> Turn | Answered:
    """Record the visitor's message, unless the same `client_id` did before, or it is for staff.

    Raises:
        NotFound: no such conversation.
        InvalidField: the button was not issued in this conversation, or is gone.
    """
    conversation = _conversation(session, conversation_id)
    connection = session.connection()
    here = {"conversation_id": conversation_id}
    if post.client_id is not None:
        known = connection.scalar(_SELECT_SENT, {**here, "client_id": post.client_id})
        if known is not None:
            return _resume(session, conversation, session.get_one(MessageRow, known), session_turns)
    text, payload = post.text or "", None
    if post.button is not None:
        button = connection.execute(_SELECT_BUTTON, {**here, "button_id": post.button}).one_or_none()
        if button is None:
            raise InvalidField("button", "unknown_button")
        text, payload = button.title, button.payload
    elif post.choice is not None:
        text, payload = post.choice.title, post.choice.payload
    language = Language(conversation.language)
    held = conversation.held_until is not None and conversation.held_until > utc_now()
    place = Place(conversation_id, language, held, conversation.last_payload)
    for_staff = desk.take(session, place, Sent(post.client_id, text, payload))
    if for_staff is not None:
        return for_staff
    message = add_visitor_message(
        session,
        conversation_id,
        text,
        language,
        client_id=post.client_id,
        payload=payload,
        state=MessageState.PENDING,
    )
    return _turn(session, conversation, message, post.client_id, payload, session_turns, is_new=True)


def resume_turn(session: Session, conversation_id: str, message_id: int, *, session_turns: int) -> Turn | Answered:
    """Take up a message that was left without an answer.

    Raises:
        NotFound: conversation or message are gone.
    """
    conversation = _conversation(session, conversation_id)
    row = session.get(MessageRow, message_id)
    if row is None:
        raise NotFound("message")
    return _resume(session, conversation, row, session_turns)


def finish_turn(
    session: Session, turn: Turn, result: TurnResult, replies: Sequence[Reply], *, desk: StaffDesk
) -> tuple[Message, ...]:
    """Record the engine's replies and what it learned; offer to pass on to staff what may have been meant for them.

    Raises:
        NotFound: the conversation was erased meanwhile.
    """
    request = turn.request
    asks = next((reply.asks for reply in reversed(replies) if reply.asks is not None), None)
    entry = next((reply.entry for reply in reversed(replies) if reply.entry is not None), request.previous_entry)
    values = {
        "language": result.language.value,
        "language_pinned": result.pinned,
        "previous_entry": entry,
        # A question answered in the middle of a form leaves the form's own question open.
        "asks": request.asks if asks is None and result.in_form else asks,
        "turns_in_session": 1 if request.new_session else turn.turns_in_session + 1,
    }
    if result.erases_conversation:
        values |= {"previous_entry": None, "asks": None, "turns_in_session": 0}
    update_conversation(session, request.conversation, values)
    if result.erases_conversation:
        session.connection().execute(_DELETE_MESSAGES, {"conversation_id": request.conversation})
        return _add_erasure_replies(session, turn, replies, result.language)
    outcome = outcome_of(request, result)
    update_message(
        session,
        turn.message.id,
        state=MessageState.ANSWERED,
        language=result.language.value,
        intent=result.intent,
        confidence=result.confidence,
        outcome=outcome if turn.repeats == turn.message.id else None,
        entities=[EntityRecord(entity=found.entity, value=found.value) for found in result.entities],
    )
    if turn.repeats != turn.message.id:
        update_message(session, turn.repeats, intent=result.intent, confidence=result.confidence, outcome=outcome)
    if request.payload is None and not result.in_form:
        offer = desk.offer(session, request.conversation, result.language, turn.message.id)
        if offer is not None:
            replies = (*replies[:-1], replace(replies[-1], buttons=(offer, *replies[-1].buttons)))
    return _add_replies(session, turn, replies, result.language)


def finish_without_answer(session: Session, turn: Turn, reply: Reply) -> tuple[Message, ...]:
    """Record an apology; the conversation stays where it was, so that the message can be sent again.

    Raises:
        NotFound: the conversation was erased meanwhile.
    """
    update_conversation(session, turn.request.conversation, {"language": turn.request.language.value})
    update_message(session, turn.message.id, state=MessageState.ANSWERED)
    if is_typed_question(turn.request):
        update_message(session, turn.repeats, outcome=Outcome.FAILED)
    return _add_replies(session, turn, [reply], turn.request.language)


def pending_messages(session: Session, channel: str) -> list[tuple[str, int]]:
    """Conversation and id of every message of a channel without an answer, in the order they came."""
    rows = session.execute(
        select(MessageRow.conversation_id, MessageRow.id)
        .join(Conversation, Conversation.id == MessageRow.conversation_id)
        .where(MessageRow.state == MessageState.PENDING, Conversation.channel == channel)
        .order_by(MessageRow.id)
    )
    return [(conversation_id, message_id) for conversation_id, message_id in rows]


def _conversation(session: Session, conversation_id: str) -> _ConversationRow:
    found = session.connection().execute(_SELECT_CONVERSATION, {"conversation_id": conversation_id}).one_or_none()
    if found is None:
        raise NotFound("conversation")
    return found


def _resume(session: Session, conversation: _ConversationRow, row: MessageRow, session_turns: int) -> Turn | Answered:
    if row.state is MessageState.PENDING:
        message = message_from_row(row)
        return _turn(session, conversation, message, row.client_id, row.payload, session_turns, is_new=False)
    replies = session.scalars(select(MessageRow).where(MessageRow.reply_to == row.id).order_by(MessageRow.id))
    answers = tuple(message_from_row(reply) for reply in replies)
    if row.sender is Sender.USER:
        return Answered(answers)
    # The visitor's message was erased at their wish; the first reply bears its client_id.
    return Answered((message_from_row(row), *answers))


def _turn(
    session: Session,
    conversation: _ConversationRow,
    message: Message,
    client_id: str | None,
    payload: str | None,
    session_turns: int,
    *,
    is_new: bool,
) -> Turn:
    asked_id, text = message.id, message.text
    if payload is not None and payload.startswith(REPEAT_PREFIX):
        asked_id = int(payload.removeprefix(REPEAT_PREFIX))
        earlier = session.connection().execute(
            _SELECT_EARLIER, {"message_id": asked_id, "conversation_id": conversation.id}
        )
        found = earlier.one_or_none()
        if found is None:
            raise InvalidField("button", "unknown_button")
        text, payload = found.text, found.payload
    return Turn(
        message=message,
        client_id=client_id,
        repeats=asked_id,
        request=TurnRequest(
            conversation=conversation.id,
            text=text,
            language=Language(conversation.language),
            pinned=conversation.language_pinned,
            payload=payload,
            previous_entry=conversation.previous_entry,
            asks=conversation.asks,
            message_id=asked_id,
            # A new session would lose an open form.
            new_session=conversation.turns_in_session >= session_turns and conversation.asks is None,
        ),
        turns_in_session=conversation.turns_in_session,
        is_new=is_new,
    )


def _add_replies(session: Session, turn: Turn, replies: Sequence[Reply], language: Language) -> tuple[Message, ...]:
    return tuple(
        add_reply(session, turn.request.conversation, reply, language, reply_to=turn.message.id) for reply in replies
    )


def _add_erasure_replies(
    session: Session, turn: Turn, replies: Sequence[Reply], language: Language
) -> tuple[Message, ...]:
    # The message that they answer is gone. Its client_id moves to the first of them, which the others refer to,
    # so that the same call again still brings the same answer.
    conversation_id = turn.request.conversation
    first = add_reply(session, conversation_id, replies[0], language, client_id=turn.client_id)
    others = [add_reply(session, conversation_id, other, language, reply_to=first.id) for other in replies[1:]]
    return (first, *others)
