"""The inquiry form: opening it with what was already said, each answer, back, change, cancel, and storing it."""

from __future__ import annotations

import asyncio
import json
import logging
import uuid
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.inquiry_answers import (
    COUNTRY_OF_PLACE,
    FIELDS,
    FREE_TEXT,
    INTERRUPTIONS,
    NO_COMPANY,
    OTHER_TOPIC,
    Interruption,
    Refusal,
    is_sure,
    last_question,
    read_answer,
    topic_of,
)
from actions.speech import Speech
from actions.turn import Turn, UserMessage
from bot.errors import InvalidField, StoreError
from bot.inquiries.consent import CONSENT_VERSION
from bot.inquiries.countries import country_name
from bot.inquiries.fields import parse_email, parse_message
from bot.inquiries.records import InquiryDraft
from bot.inquiries.service import Inquiries
from bot.knowledge import Examples, KnowledgeBase

logger = logging.getLogger(__name__)

CHANGEABLE = ("topic", "message", "name", "company", "email", "country")

TAKEN = {"message": "say_message_taken", "email": "say_email_taken"}
"""Said when an answer is taken from what was said before, so that nobody wonders why it is not asked for."""

TELLING_CHARACTERS = 80
"""A request for an inquiry that is as long as this already says what it is about."""

UNANSWERED = ("nlu_fallback", "out_of_scope")


class ValidateInquiryForm(Action):
    """Called by the form when it opens and for each message while it is active."""

    def __init__(
        self,
        inquiries: Inquiries,
        knowledge: KnowledgeBase,
        examples: Examples,
        speech: Speech,
        consent_days: int | None = None,
    ) -> None:
        """Log with `inquiries`; `consent_days` is how long the consent question says that an inquiry is kept."""
        self._inquiries = inquiries
        self._knowledge = knowledge
        self._examples = examples
        self._speech = speech
        self._consent_days = consent_days

    def name(self) -> str:
        """The name by which Rasa's form finds it."""
        return "validate_inquiry_form"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """The form's next step; no events at all tell Rasa that something else was said, which rules answer."""
        turn = Turn.of(tracker)
        if turn.requested is None:
            return self._open(turn, dispatcher)
        if turn.interrupted:
            return []
        command = _command(turn, self._examples)
        if command == "cancel":
            self._speech.say(dispatcher, turn.language, "say_inquiry_cancelled")
            return _closed()
        if command == "go_back":
            return self._go_back(turn, dispatcher)
        if command == "change_answer":
            return self._change(turn, dispatcher)
        if command == "inquire":
            return [SlotSet(turn.requested, None)]
        return await self._answer(turn, turn.requested, dispatcher)

    def _open(self, turn: Turn, dispatcher: CollectingDispatcher) -> list[EventType]:
        """Forget an earlier inquiry's answers and take over what was already said."""
        known: dict[str, Any] = dict.fromkeys(FIELDS)
        said = (turn.message, *turn.before)
        known["topic"] = next((topic for topic in (topic_of(m, self._knowledge) for m in said[:6]) if topic), None)
        known["email"] = _valid_email(turn.message.entity("email"))
        place = turn.message.entity("place")
        known["country"] = COUNTRY_OF_PLACE.get(place or "")
        known["message"] = _told_message(turn)
        for field, response in TAKEN.items():
            if known[field]:
                self._speech.say(dispatcher, turn.language, response, {field: known[field]})
        return [SlotSet("inquiry_key", uuid.uuid4().hex), *(SlotSet(field, value) for field, value in known.items())]

    def _go_back(self, turn: Turn, dispatcher: CollectingDispatcher) -> list[EventType]:
        position = FIELDS.index(turn.requested or FIELDS[0])
        if position == 0:
            self._speech.say(dispatcher, turn.language, "say_back_at_start")
            return [SlotSet(FIELDS[0], None)]
        before = FIELDS[position - 1]
        return [SlotSet(before, None), SlotSet("requested_slot", before)]

    def _change(self, turn: Turn, dispatcher: CollectingDispatcher) -> list[EventType]:
        field = turn.message.entity("field")
        if field not in CHANGEABLE:
            self._speech.say(dispatcher, turn.language, "say_ask_change")
            # The asked field stays asked, without its question: the buttons just sent are the question.
            return [SlotSet(turn.requested or "confirm", None), SlotSet("requested_slot", "confirm")]
        return [SlotSet(field, None), SlotSet("confirm", None), SlotSet("requested_slot", field)]

    async def _answer(self, turn: Turn, field: str, dispatcher: CollectingDispatcher) -> list[EventType]:
        outcome = read_answer(field, turn, self._knowledge, self._examples)
        if isinstance(outcome, Interruption):
            # What no rule answers in the middle of the form, such as an old button, has the question asked again.
            return [] if turn.message.intent in INTERRUPTIONS else [SlotSet(field, None)]
        if isinstance(outcome, Refusal):
            values = {} if outcome.limit is None else {"limit": str(outcome.limit)}
            self._speech.say(dispatcher, turn.language, outcome.response, values)
            return [SlotSet(field, None)]
        if field == "consent" and outcome.value == "no":
            self._speech.say(dispatcher, turn.language, "say_inquiry_consent_refused")
            return _closed()
        if field == "confirm":
            return await self._confirm(turn, outcome.value, dispatcher)
        return [SlotSet(field, outcome.value)]

    async def _confirm(self, turn: Turn, value: str, dispatcher: CollectingDispatcher) -> list[EventType]:
        if value == "no":
            return self._change(turn, dispatcher)
        try:
            logged = await asyncio.to_thread(self._inquiries.log, _draft(turn, self._consent_days))
        except StoreError:
            # The form stays where it is with every answer in it: sending again is all there is to do.
            logger.exception("an inquiry could not be stored; its form stays open")
            self._speech.say(dispatcher, turn.language, "say_inquiry_store_failed")
            return [SlotSet("confirm", None), SlotSet("requested_slot", "confirm")]
        self._speech.say(dispatcher, turn.language, "say_inquiry_logged", {"reference": logged.reference})
        return [SlotSet("inquiry_reference", logged.reference), *_closed()]


class AskMessage(Action):
    """Asks for the inquiry's message; after a question in the middle it offers that question as the message."""

    def __init__(self, speech: Speech) -> None:
        self._speech = speech

    def name(self) -> str:
        """The name by which Rasa's form finds it."""
        return "action_ask_inquiry_form_message"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Ask."""
        turn = Turn.of(tracker)
        again = turn.requested == "message" and turn.message.intent in ("faq", "follow_up")
        name = "say_ask_inquiry_form_message_again" if again else "say_ask_inquiry_form_message"
        self._speech.say(dispatcher, turn.language, name)
        return []


class AskConfirm(Action):
    """Shows every answer before anything is stored."""

    def __init__(self, knowledge: KnowledgeBase, speech: Speech) -> None:
        self._knowledge = knowledge
        self._speech = speech

    def name(self) -> str:
        """The name by which Rasa's form finds it."""
        return "action_ask_inquiry_form_confirm"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Show the summary, unless this turn has just asked which answer to change."""
        turn = Turn.of(tracker)
        if _asks_what_to_change(turn):
            return []
        values = {field: turn.text(field) or "" for field in CHANGEABLE}
        values["topic_title"] = self._topic_title(turn, values["topic"])
        values["country_name"] = country_name(values["country"], turn.language)
        self._speech.say(dispatcher, turn.language, "say_inquiry_summary", values)
        return []

    def _topic_title(self, turn: Turn, topic_id: str) -> str:
        topic = self._knowledge.topic(topic_id)
        if topic:
            return topic.title[turn.language]
        payload = f"/choose_topic{json.dumps({'topic': OTHER_TOPIC})}"
        return self._speech.title_of("say_ask_inquiry_form_topic", turn.language, payload)


def _command(turn: Turn, examples: Examples) -> str | None:
    """What was said about the form itself rather than to its question."""
    message = turn.message
    if not is_sure(message):
        return None
    if message.intent in ("cancel", "go_back", "change_answer"):
        free = turn.requested in FREE_TEXT and not message.pressed
        return message.intent if not free or _in_so_many_words(message, examples) else None
    # "no, the e-mail is wrong" at the summary names the field in passing.
    if turn.requested == "confirm" and message.entity("field") and message.intent not in INTERRUPTIONS:
        return "change_answer"
    if message.intent in ("inquire", "request_human") and (message.pressed or turn.requested not in FREE_TEXT):
        return "inquire"
    return None


def _in_so_many_words(message: UserMessage, examples: Examples) -> bool:
    """Whether a command is one for certain; one that names a field, as in "change the e-mail", is."""
    return examples.says(message.text, message.intent) or message.entity("field") in CHANGEABLE


def _asks_what_to_change(turn: Turn) -> bool:
    if turn.requested != "confirm" or turn.message.entity("field") in CHANGEABLE:
        return False
    return turn.message.intent in ("change_answer", "deny") and turn.text("confirm") is None


def _told_message(turn: Turn) -> str | None:
    """The question that led here because it could not be answered, or a request that says itself what it is about."""
    before = turn.before[0] if turn.before else None
    told = None
    if turn.message.pressed and before and before.intent in UNANSWERED and not before.pressed:
        told = last_question(turn) or before.text
    elif not turn.message.pressed and _telling_length(turn.message) >= TELLING_CHARACTERS:
        told = turn.message.text
    try:
        return parse_message(told) if told else None
    except InvalidField:
        return None


def _telling_length(message: UserMessage) -> int:
    """How long a message is without the address in it, which tells nothing of what it is about."""
    return len(message.text) - len(message.entity("email") or "")


def _valid_email(text: str | None) -> str | None:
    try:
        return parse_email(text) if text else None
    except InvalidField:
        return None


def _draft(turn: Turn, consent_days: int | None) -> InquiryDraft:
    company = turn.text("company")
    return InquiryDraft(
        conversation_id=turn.conversation,
        language=turn.language,
        topic=turn.text("topic") or OTHER_TOPIC,
        message=turn.text("message") or "",
        name=turn.text("name") or "",
        company=None if company == NO_COMPANY else company,
        email=turn.text("email") or "",
        country=turn.text("country") or "",
        consent_version=CONSENT_VERSION,
        consent_days=consent_days,
        idempotency_key=f"{turn.conversation}:{turn.text('inquiry_key')}",
    )


def _closed() -> list[EventType]:
    """End the form and forget its answers; `requested_slot` comes last, because Rasa looks at the last one."""
    return [*(SlotSet(field, None) for field in FIELDS), SlotSet("requested_slot", None)]
