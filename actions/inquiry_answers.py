"""What one answer of the inquiry form comes to: a value, a refusal with its reason, or no answer at all."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from actions.turn import Turn, UserMessage
from bot.errors import InvalidField
from bot.inquiries.fields import parse_company, parse_country, parse_email, parse_message, parse_name
from bot.knowledge import Examples, KnowledgeBase

FIELDS = ("topic", "message", "name", "company", "email", "country", "consent", "confirm")
"""The form's fields in the order they are asked; the same names as `asks` in the chat API."""

OTHER_TOPIC = "other"
NO_COMPANY = "-"
"""Kept in the slot, so that the form does not ask again; stored as no company."""

INTERRUPTIONS = frozenset(
    {
        "faq",
        "follow_up",
        "privacy",
        "bot_challenge",
        "menu",
        "greet",
        "thank",
        "how_are_you",
        "compliment",
        "complaint",
        "switch_language",
        "out_of_scope",
        "inquiry_status",
        "inquiry_withdraw",
        "erase_data",
    }
)
"""Answered in the middle of the form, which then goes on. `data/rules/inquiry.yml` has a rule for each."""

SURE = 0.5
"""From this confidence on, a message that is no direct answer counts as something else that was said."""

CLEAR = 0.75
"""A typed yes or no below this confidence is asked for again."""

QUESTION_MAX_CHARACTERS = 45
"""Where the form asks for the inquiry's message, only one sentence as short as this is answered instead of taken."""

_SENTENCE_END = re.compile(r"[.!?。]\s")

FREE_TEXT = ("message", "name", "company")
"""Fields whose answer may be any words: a command there must be said in so many words."""

TOPIC_OF_LABEL = {"technology": "technologieland", "programme": "funding", "legal_form": "landing"}
"""A term of this label in a message says which topic an inquiry belongs to."""

COUNTRY_OF_PLACE = {"south-korea": "KR", "korea": "KR", "germany": "DE"}


@dataclass(frozen=True)
class Answer:
    """A valid answer; `value` goes into the slot."""

    value: str


@dataclass(frozen=True)
class Refusal:
    """An answer that cannot be taken; `response` says why and what to type instead."""

    response: str
    limit: int | None = None


@dataclass(frozen=True)
class Interruption:
    """No answer to the field: something else was said."""


Outcome = Answer | Refusal | Interruption


def read_answer(field: str, turn: Turn, knowledge: KnowledgeBase, examples: Examples) -> Outcome:
    """What the latest message is for `field`."""
    message = turn.message
    if field == "topic":
        return _topic(message, knowledge)
    if field in ("consent", "confirm"):
        return _yes_or_no(field, message, examples)
    if field == "message" and message.intent == "use_question":
        return _parsed("message", parse_message, last_question(turn) or "")
    if field == "company" and message.intent == "skip":
        return Answer(NO_COMPANY)
    if field == "country" and message.entity("country"):
        return _parsed("country", parse_country, message.entity("country") or "")
    if message.pressed:
        return Interruption()
    outcome = _parsed(field, _PARSERS[field], message.text)
    if _is_answer(field, outcome, message):
        return outcome
    return Interruption()


def last_question(turn: Turn) -> str | None:
    """The last thing asked before this message that was a question or not understood."""
    for message in turn.before:
        if not message.pressed and message.intent in ("faq", "follow_up", "nlu_fallback"):
            return message.text
    return None


def topic_of(message: UserMessage, knowledge: KnowledgeBase) -> str | None:
    """The topic that a message belongs to by its terms, or by the entry that it was answered with."""
    for entity in message.entities:
        if entity.name in TOPIC_OF_LABEL:
            return TOPIC_OF_LABEL[entity.name]
        if entity.name == "organisation" and entity.value.partition("-")[0] in ("starthub", "technologieland", "htai"):
            return entity.value.partition("-")[0]
    if message.intent == "faq" and message.entries:
        entry = knowledge.entries.get(message.entries[0])
        return entry.topic if entry else None
    return None


def _topic(message: UserMessage, knowledge: KnowledgeBase) -> Outcome:
    chosen = message.entity("topic")
    if chosen and (chosen == OTHER_TOPIC or knowledge.topic(chosen)):
        return Answer(chosen)
    if message.is_question and says_something_else(message):
        return Interruption()
    by_title = _topic_by_title(message.text, knowledge)
    topic = by_title or topic_of(message, knowledge)
    if topic:
        return Answer(topic)
    if says_something_else(message):
        return Interruption()
    return Refusal("say_invalid_topic_unknown")


def _topic_by_title(text: str, knowledge: KnowledgeBase) -> str | None:
    wanted = text.strip().rstrip(".!").casefold()
    for topic in knowledge.topics:
        if wanted in (topic.id, *(title.casefold() for title in topic.title.values())):
            return topic.id
    return (
        OTHER_TOPIC if wanted in ("other", "something else", "anderes", "sonstiges", "anderes thema", "기타") else None
    )


def _yes_or_no(field: str, message: UserMessage, examples: Examples) -> Outcome:
    clear = message.pressed or message.confidence >= CLEAR
    if field == "consent" and message.intent == "affirm" and not message.pressed:
        # "Perhaps" is near to "yes" for a classifier, and is no consent: only a yes in so many words is.
        clear = examples.says(message.text, "affirm")
    if message.intent in ("affirm", "deny") and clear:
        return Answer("yes" if message.intent == "affirm" else "no")
    return Interruption() if says_something_else(message) else Refusal(f"say_invalid_{field}_unclear")


_PARSERS: dict[str, Callable[[str], str | None]] = {
    "message": parse_message,
    "name": parse_name,
    "company": parse_company,
    "email": parse_email,
    "country": parse_country,
}


def _parsed(field: str, parse: Callable[[str], str | None], text: str) -> Answer | Refusal:
    try:
        value = parse(text)
    except InvalidField as error:
        return Refusal(f"say_invalid_{field}_{error.code}", error.limit)
    return Answer(value if value is not None else NO_COMPANY)


def _is_answer(field: str, outcome: Answer | Refusal, message: UserMessage) -> bool:
    """Whether a message is meant as the answer, valid or not.

    An address or a country that can be read is one; a message in the inquiry may be anything but a short question;
    for names only a question counts as something else, because a company may be called like a programme.
    """
    if field in ("email", "country"):
        return isinstance(outcome, Answer) or "@" in message.text or not says_something_else(message)
    if field == "message":
        short = len(message.text) <= QUESTION_MAX_CHARACTERS and not _SENTENCE_END.search(message.text)
        return not (short and _sure_question(message))
    return not _sure_question(message)


def _sure_question(message: UserMessage) -> bool:
    if message.intent == "switch_language":
        return message.entity("target_language") is not None
    return message.is_question and says_something_else(message)


def is_sure(message: UserMessage) -> bool:
    """Whether what a message means is certain enough to act on: a pressed button always is."""
    return message.pressed or message.confidence >= SURE


def says_something_else(message: UserMessage) -> bool:
    """Whether a message is for certain no answer to a form's question but something that rules answer."""
    if message.intent in ("out_of_scope", "follow_up") and not message.is_question:
        return False  # a field's own reason helps more than being told that the answer is out of scope or unclear
    return message.intent in INTERRUPTIONS and message.confidence >= SURE
