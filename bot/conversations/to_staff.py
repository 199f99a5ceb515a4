"""Messages of visitors that are for staff and not for the assistant.

They are: everything while staff hold the conversation; the next message after "reply to the team" was pressed under a
reply of theirs; and a message that was typed right after such a reply, if the visitor then presses "pass my message
on" under the assistant's answer. So nothing goes to a person, or past them, without the visitor knowing.
"""

from dataclasses import dataclass
from typing import cast

from sqlalchemy import Table, bindparam, func, select
from sqlalchemy.orm import Session

from bot.conversations.cases import Cases
from bot.conversations.message import Answered, Message, message_from_row
from bot.conversations.replies import Reply
from bot.conversations.writes import add_reply, add_visitor_message, update_conversation
from bot.errors import InvalidField
from bot.knowledge import Language, ResponseButton, Responses
from bot.store import Button, MessageState
from bot.store import Message as MessageRow

ANSWER_PREFIX = "answer_staff:"
"""Payload of the button under a reply of staff's: this and the inquiry's reference. Never sent to the engine."""

PASS_ON_PREFIX = "pass_on:"  # noqa: S105 (no password)
"""Payload of the button under the assistant's answer: this, the message to pass on, a colon and the reference."""

ANSWER_NOTHING = "answer_nothing"


# Asked in every turn, so made once, and by the tables.
_MESSAGES = cast("Table", MessageRow.__table__)
_BUTTONS = cast("Table", Button.__table__)
_SELECT_ANSWER_BUTTON_BEFORE = select(_BUTTONS.c.payload).where(
    _BUTTONS.c.message_id
    == select(func.max(_MESSAGES.c.id))
    .where(
        _MESSAGES.c.conversation_id == bindparam("conversation_id"),
        _MESSAGES.c.id < bindparam("message_id"),
    )
    .scalar_subquery(),
    _BUTTONS.c.payload.startswith(ANSWER_PREFIX),
)


@dataclass(frozen=True)
class Place:
    """What has to be known of a conversation to tell whom a message is for.

    Arguments:
        held: by staff, now.
        last_payload: of the button that the visitor pressed with their latest message; None if they typed it.
    """

    conversation_id: str
    language: Language
    held: bool
    last_payload: str | None


@dataclass(frozen=True)
class Sent:
    """A message of a visitor before it is recorded; `payload` is what a button stands for."""

    client_id: str | None
    text: str
    payload: str | None


class StaffDesk:
    """Takes what is for staff.

    Args:
        responses: what is said about it.
        cases: where an asker's messages to staff are kept.
    """

    def __init__(self, responses: Responses, cases: Cases) -> None:
        self._responses = responses
        self._cases = cases

    def take(self, session: Session, place: Place, sent: Sent) -> Answered | None:
        """Record a message that is for staff, with what is said in return; None if it is for the assistant.

        Raises:
            InvalidField: a button refers to a message that is gone.
        """
        if place.held:
            message = _record(session, place, sent, MessageState.FOR_STAFF)
            self._cases.take_word(session, place.conversation_id, message)
            return Answered((), message)
        if sent.payload is None:
            if place.last_payload is None or not place.last_payload.startswith(ANSWER_PREFIX):
                return None
            message = _record(session, place, sent, MessageState.FOR_STAFF)
            reply = self._pass_on(session, place, place.last_payload.removeprefix(ANSWER_PREFIX), message)
        elif sent.payload.startswith(PASS_ON_PREFIX):
            earlier_id, _, reference = sent.payload.removeprefix(PASS_ON_PREFIX).partition(":")
            earlier = session.get(MessageRow, int(earlier_id))
            if earlier is None or earlier.conversation_id != place.conversation_id:
                raise InvalidField("button", "unknown_button")
            message = _record(session, place, sent, MessageState.ANSWERED)
            reply = self._pass_on(session, place, reference, message_from_row(earlier))
        elif sent.payload.startswith(ANSWER_PREFIX):
            message = _record(session, place, sent, MessageState.ANSWERED)
            reply = self._prompt(place.language, sent.payload.removeprefix(ANSWER_PREFIX))
        elif sent.payload == ANSWER_NOTHING:
            message = _record(session, place, sent, MessageState.ANSWERED)
            reply = self._reply("say_answer_dropped", place.language)
        else:
            return None
        said = add_reply(session, place.conversation_id, reply, place.language, reply_to=message.id)
        update_conversation(session, place.conversation_id, {"language": place.language.value})
        return Answered((said,), message)

    def said_by_staff(self, session: Session, conversation_id: str, message: Message) -> None:
        """Keep what staff have said in a conversation that they hold."""
        self._cases.take_word(session, conversation_id, message)

    def staff_reply(self, language: Language, reference: str, text: str) -> Reply:
        """What staff have replied, as it is said in the conversation, with a button to answer."""
        button = self._button("say_title_answer_staff", language, f"{ANSWER_PREFIX}{reference}")
        return self._reply("say_staff_reply", language, button, reference=reference, text=text)

    def offer(
        self, session: Session, conversation_id: str, language: Language, message_id: int
    ) -> ResponseButton | None:
        """A button that passes a message on, if it was typed right after a reply of staff's."""
        before = {"conversation_id": conversation_id, "message_id": message_id}
        payload = session.connection().scalar(_SELECT_ANSWER_BUTTON_BEFORE, before)
        if payload is None:
            return None
        reference = payload.removeprefix(ANSWER_PREFIX)
        return self._button("say_title_pass_on", language, f"{PASS_ON_PREFIX}{message_id}:{reference}")

    def _pass_on(self, session: Session, place: Place, reference: str, message: Message) -> Reply:
        if not self._cases.take_answer(session, reference, message):
            return self._reply("say_answer_not_taken", place.language, reference=reference)
        more = self._button("say_title_answer_more", place.language, f"{ANSWER_PREFIX}{reference}")
        return self._reply("say_answer_passed_on", place.language, more, reference=reference)

    def _prompt(self, language: Language, reference: str) -> Reply:
        cancel = self._button("say_title_answer_nothing", language, ANSWER_NOTHING)
        return self._reply("say_answer_staff", language, cancel, reference=reference)

    def _reply(self, name: str, language: Language, /, *buttons: ResponseButton, **values: str) -> Reply:
        response = self._responses.render(name, language, **values)
        return Reply(response.text, (*buttons, *response.buttons), asks=response.asks)

    def _button(self, name: str, language: Language, payload: str) -> ResponseButton:
        return ResponseButton(self._responses.render(name, language).text, payload)


def _record(session: Session, place: Place, sent: Sent, state: MessageState) -> Message:
    return add_visitor_message(
        session,
        place.conversation_id,
        sent.text,
        place.language,
        client_id=sent.client_id,
        payload=sent.payload,
        state=state,
    )
