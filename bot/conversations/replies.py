"""What the assistant says: the engine's replies with sources and follow-ups, the greeting, the apology."""

import logging
from dataclasses import dataclass

from bot.conversations.engine import EngineReply, TurnResult
from bot.errors import ConfigurationError
from bot.knowledge import LANGUAGES, Entry, KnowledgeBase, Language, ResponseButton, Responses
from bot.store import SourceRecord

GREETING = "say_greeting"
APOLOGY = "say_apology"

SAID_OF_STAFF = (
    "say_staff_reply",
    "say_title_answer_staff",
    "say_title_answer_more",
    "say_title_answer_nothing",
    "say_title_pass_on",
    "say_answer_staff",
    "say_answer_passed_on",
    "say_answer_dropped",
    "say_answer_not_taken",
    "say_taken_over",
    "say_released",
)

ERASURE_REPORT = ("say_erased_messages", "say_erased_memory", "say_erased_conversation", "say_kept_inquiry")

REPEAT_PREFIX = "repeat:"
"""Payload of the button under an apology: this and the id of the message to answer. Never sent to the engine."""

REPEAT_TITLES = {
    Language.KOREAN: "다시 시도",
    Language.GERMAN: "Noch einmal versuchen",
    Language.ENGLISH: "Try again",
}

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reply:
    """A reply before it is recorded."""

    text: str
    buttons: tuple[ResponseButton, ...] = ()
    sources: tuple[SourceRecord, ...] = ()
    entry: str | None = None
    asks: str | None = None


def check_responses(responses: Responses) -> None:
    """Make sure that what is said without the engine can be said, so that it does not fail when it is needed.

    Raises:
        ConfigurationError: one is missing, or has a placeholder that nothing fills.
    """
    for name in (*ERASURE_REPORT, *SAID_OF_STAFF):
        if name not in responses.by_name:
            raise ConfigurationError(f"data/responses: {name} is missing")
    for name in (GREETING, APOLOGY):
        for language in LANGUAGES:
            try:
                responses.render(name, language)
            except KeyError as error:
                raise ConfigurationError(f"data/responses: {name} is missing, or nothing fills {error}") from None


def greeting(responses: Responses, language: Language) -> Reply:
    """The first message of a conversation."""
    response = responses.render(GREETING, language)
    return Reply(response.text, response.buttons, asks=response.asks)


def apology(responses: Responses, language: Language, message_id: int) -> Reply:
    """What is said when the engine gave no answer to the message `message_id`, with a button to ask again."""
    response = responses.render(APOLOGY, language)
    repeat = ResponseButton(REPEAT_TITLES[language], f"{REPEAT_PREFIX}{message_id}")
    return Reply(response.text, (repeat, *response.buttons))


def compose(result: TurnResult, knowledge: KnowledgeBase) -> tuple[Reply, ...]:
    """The engine's replies; those that state facts get their sources and what to ask next."""
    return tuple(_compose(reply, result.language, knowledge) for reply in result.replies if reply.text.strip())


def _compose(reply: EngineReply, language: Language, knowledge: KnowledgeBase) -> Reply:
    buttons = tuple(ResponseButton(button.title, button.payload) for button in reply.buttons)
    entry = _entry(reply, knowledge)
    if entry is None:
        return Reply(reply.text, buttons, entry=reply.custom.entry, asks=reply.custom.asks)
    offered = {button.payload for button in buttons}
    follow_ups = tuple(button for button in _follow_ups(entry, language, knowledge) if button.payload not in offered)
    sources = tuple(SourceRecord(title=source.title, url=source.url, as_of=entry.as_of) for source in entry.sources)
    return Reply(reply.text, (*buttons, *follow_ups), sources, entry.id, reply.custom.asks)


def _entry(reply: EngineReply, knowledge: KnowledgeBase) -> Entry | None:
    if reply.custom.entry is None:
        return None
    entry = knowledge.entries.get(reply.custom.entry)
    if entry is None:
        _log.error("the engine knows entry %s, which data/knowledge does not: train it again", reply.custom.entry)
    return entry


def _follow_ups(entry: Entry, language: Language, knowledge: KnowledgeBase) -> tuple[ResponseButton, ...]:
    return tuple(
        ResponseButton(knowledge.entries[other].title(language), f'/faq{{"entry": "{other}"}}')
        for other in entry.follow_ups
        if other in knowledge.entries
    )
