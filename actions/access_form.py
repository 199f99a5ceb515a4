"""Status, withdrawal and erasure by talking: only for the conversation or e-mail address that logged the inquiry."""

from __future__ import annotations

import asyncio

from babel.dates import format_date
from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.inquiry_answers import is_sure, says_something_else
from actions.speech import Speech
from actions.turn import Turn
from bot.errors import InquiryAccessDenied, InvalidField, InvalidReference
from bot.inquiries.fields import parse_email
from bot.inquiries.reference import parse_reference
from bot.inquiries.service import Inquiries
from bot.knowledge import Language

ATTEMPTS_MAX = 5
"""References are random, addresses are not: nobody may try many pairs in one conversation."""

PURPOSES = {"inquiry_status": "status", "inquiry_withdraw": "withdraw", "erase_data": "erase"}
NOT_NEEDED = "-"
"""In a slot: this purpose, or this conversation, does not ask for it."""

FIELDS = ("access_reference", "access_email", "access_confirm")


class ValidateAccessForm(Action):
    """Called by the form when it opens and for each message while it is active."""

    def __init__(self, inquiries: Inquiries, speech: Speech) -> None:
        self._inquiries = inquiries
        self._speech = speech

    def name(self) -> str:
        """The name by which Rasa's form finds it."""
        return "validate_access_form"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """The form's next step; no events at all tell Rasa that something else was said, which rules answer."""
        turn = Turn.of(tracker)
        own = await asyncio.to_thread(self._own, turn)
        if turn.requested is None:
            return self._open(turn, own)
        if turn.interrupted:
            return []
        cancelled = turn.message.intent == "cancel" and is_sure(turn.message)
        if cancelled or (turn.requested == "access_confirm" and turn.message.intent == "deny"):
            self._speech.say(dispatcher, turn.language, "say_access_cancelled")
            return _closed()
        if self._switches(turn):
            return self._open(turn, own)
        if turn.requested == "access_reference":
            return self._reference(turn, own, dispatcher)
        if turn.requested == "access_email":
            return await self._email(turn, dispatcher)
        if turn.message.intent == "affirm":
            return [SlotSet("access_confirm", "yes")]
        return [] if _says_something_else(turn) else [SlotSet("access_confirm", None)]

    def _switches(self, turn: Turn) -> bool:
        """Whether something else is wanted now, such as an erasure instead of a status."""
        purpose = PURPOSES.get(turn.message.intent)
        if not is_sure(turn.message) or purpose in (None, turn.text("access_purpose")):
            return False
        # A bare reference sounds like a question for its status; where one was asked for, it is the answer.
        return turn.requested != "access_reference" or _named_reference(turn.message.text) is None

    def _open(self, turn: Turn, own: list[str]) -> list[EventType]:
        purpose = PURPOSES.get(turn.message.intent, "status")
        reference = _named_reference(turn.message.text)
        if reference is None and own and (purpose != "withdraw" or len(own) == 1):
            reference = own[0] if purpose == "withdraw" else NOT_NEEDED
        if reference is None and purpose == "erase":
            reference = NOT_NEEDED
        return [
            SlotSet("access_purpose", purpose),
            SlotSet("access_reference", reference),
            SlotSet("access_email", NOT_NEEDED if reference in (NOT_NEEDED, *own) else None),
            SlotSet("access_confirm", NOT_NEEDED if purpose == "status" else None),
        ]

    def _reference(self, turn: Turn, own: list[str], dispatcher: CollectingDispatcher) -> list[EventType]:
        try:
            reference = parse_reference(turn.message.text)
        except InvalidReference as error:
            if _says_something_else(turn):
                return []
            self._speech.say(dispatcher, turn.language, f"say_invalid_reference_{error.reason}")
            return [SlotSet("access_reference", None)]
        email = NOT_NEEDED if reference in own else None
        return [SlotSet("access_reference", reference), SlotSet("access_email", email)]

    async def _email(self, turn: Turn, dispatcher: CollectingDispatcher) -> list[EventType]:
        attempts = int(turn.slots.get("access_attempts") or 0) + 1
        if attempts > ATTEMPTS_MAX:
            self._speech.say(dispatcher, turn.language, "say_access_too_many")
            return _closed()
        try:
            email = parse_email(turn.message.text)
            reference = turn.text("access_reference") or ""
            await asyncio.to_thread(self._inquiries.open, reference, turn.conversation, email)
        except InvalidField as error:
            if _says_something_else(turn):
                return []
            values = {} if error.limit is None else {"limit": str(error.limit)}
            self._speech.say(dispatcher, turn.language, f"say_invalid_email_{error.code}", values)
            return [SlotSet("access_email", None)]
        except InquiryAccessDenied:
            self._speech.say(dispatcher, turn.language, "say_access_denied")
            again = [SlotSet("access_reference", None), SlotSet("access_email", None)]
            return [SlotSet("access_attempts", attempts), *again, SlotSet("requested_slot", "access_reference")]
        return [SlotSet("access_email", email)]

    def _own(self, turn: Turn) -> list[str]:
        return [inquiry.reference for inquiry in self._inquiries.of_conversation(turn.conversation)]


class AskAccessConfirm(Action):
    """Says what would be withdrawn or erased before it is."""

    def __init__(self, inquiries: Inquiries, speech: Speech) -> None:
        self._inquiries = inquiries
        self._speech = speech

    def name(self) -> str:
        """The name by which Rasa's form finds it."""
        return "action_ask_access_form_access_confirm"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Ask."""
        turn = Turn.of(tracker)
        references = await asyncio.to_thread(_references, self._inquiries, turn)
        if turn.text("access_purpose") == "erase":
            self._speech.say(
                dispatcher, turn.language, "say_ask_erase_confirm", {"references": ", ".join(references) or NOT_NEEDED}
            )
        else:
            self._speech.say(dispatcher, turn.language, "say_ask_withdraw_confirm", {"reference": references[0]})
        return []


class AccessInquiry(Action):
    """Does what the form was opened for, once it is complete."""

    def __init__(self, inquiries: Inquiries, speech: Speech) -> None:
        self._inquiries = inquiries
        self._speech = speech

    def name(self) -> str:
        """The name in the rule."""
        return "action_access_inquiry"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Tell the status, withdraw, or erase; a form that was cancelled has nothing left to do."""
        turn = Turn.of(tracker)
        purpose = turn.text("access_purpose")
        if purpose is None:
            return []
        await asyncio.to_thread(self._act, turn, purpose, dispatcher)
        return [SlotSet(field, None) for field in ("access_purpose", *FIELDS)]

    def _act(self, turn: Turn, purpose: str, dispatcher: CollectingDispatcher) -> None:
        email = turn.text("access_email")
        email = None if email == NOT_NEEDED else email
        for reference in _references(self._inquiries, turn):
            if purpose == "status":
                inquiry = self._inquiries.open(reference, turn.conversation, email)
                date = format_date(inquiry.created_at, "long", locale=_LOCALES[turn.language])
                self._speech.say(
                    dispatcher,
                    turn.language,
                    f"say_inquiry_status_{inquiry.state.value}",
                    {"reference": reference, "date": date},
                )
            elif purpose == "withdraw":
                self._inquiries.withdraw(reference, turn.conversation, email)
                self._speech.say(dispatcher, turn.language, "say_inquiry_withdrawn", {"reference": reference})
            else:
                self._inquiries.erase(reference, turn.conversation, email)
        if purpose == "erase":
            # The gateway erases the conversation itself, once this reply is on its way.
            self._speech.say(dispatcher, turn.language, "say_data_erased", erase_conversation=True)


_LOCALES = {Language.KOREAN: "ko_KR", Language.GERMAN: "de_DE", Language.ENGLISH: "en_GB"}


def _references(inquiries: Inquiries, turn: Turn) -> list[str]:
    """The inquiries that the form is about: the one named, and for an erasure all of this conversation."""
    named = turn.text("access_reference")
    own = [inquiry.reference for inquiry in inquiries.of_conversation(turn.conversation)]
    if named in (None, NOT_NEEDED):
        return own
    if turn.text("access_purpose") == "erase":
        return list(dict.fromkeys([str(named), *own]))
    return [str(named)]


def _named_reference(text: str) -> str | None:
    try:
        return parse_reference(text)
    except InvalidReference:
        return None


def _says_something_else(turn: Turn) -> bool:
    return turn.message.intent not in PURPOSES and says_something_else(turn.message)


def _closed() -> list[EventType]:
    return [*(SlotSet(field, None) for field in ("access_purpose", *FIELDS)), SlotSet("requested_slot", None)]
