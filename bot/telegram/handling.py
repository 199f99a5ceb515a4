"""What the bot does with an update. Handled twice it does nothing twice and says the same, so a crash is no harm."""

from __future__ import annotations

import json
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import limits
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter

from bot.conversations import Conversations, Message
from bot.errors import InvalidField, NotFound
from bot.knowledge import LANGUAGES, KnowledgeBase, Language, ResponseButton, Responses
from bot.store import TELEGRAM_CHANNEL
from bot.telegram.chats import Chat, Chats
from bot.telegram.incoming import Incoming, Kind
from bot.telegram.rendering import BUTTON_PREFIX, NAME_BUTTON, Outgoing, plain, rendered

COMMANDS = {
    "topics": "/menu",
    "inquiry": "/inquire",
    "status": "/inquiry_status",
    "language": "/switch_language",
    "privacy": "/privacy",
    "delete": "/erase_data",
}
"""Commands that the conversation answers, each with what it tells the engine."""

_CLIENT_IDS = uuid.uuid5(uuid.NAMESPACE_URL, "https://core.telegram.org/bots/api#update")


@dataclass(frozen=True)
class Handled:
    """The answer to an update.

    Arguments:
        messages: to send, in order.
        notice: shown over the chat for a pressed button that does nothing any more.
    """

    messages: tuple[Outgoing, ...] = ()
    notice: str | None = None


class Handling:
    """Handles updates with the conversation service."""

    def __init__(
        self, conversations: Conversations, chats: Chats, knowledge: KnowledgeBase, responses: Responses, rate: str
    ) -> None:
        self._conversations = conversations
        self._chats = chats
        self._knowledge = knowledge
        self._responses = responses
        self._rate = limits.parse(rate)
        self._limiter = FixedWindowRateLimiter(MemoryStorage())
        self._kinds: dict[Kind, Callable[[Incoming, Chat], Awaitable[Handled]]] = {
            Kind.TEXT: self._text,
            Kind.COMMAND: self._command,
            Kind.BUTTON: self._button,
            Kind.CONTACT: self._contact,
            Kind.EDITED: self._edited,
            Kind.UNREADABLE: self._unreadable,
        }

    async def handle(self, incoming: Incoming) -> Handled:
        """Do what the update asks for.

        Raises:
            StoreError: the database failed; to be handled again.
        """
        if incoming.kind in (Kind.BLOCKED, Kind.RETURNED):
            await self._chats.set_reachable(incoming.chat_id, reachable=incoming.kind is Kind.RETURNED)
            return Handled()
        if incoming.kind is Kind.MIGRATED:
            if incoming.migrated_to is not None:
                await self._chats.move(incoming.chat_id, incoming.migrated_to)
            return Handled()
        known = await self._chats.find(incoming.chat_id)
        if incoming.kind is Kind.GROUP:
            return await self._group(incoming, known)
        language = known.language if known else _language(incoming.language_code)
        over = await self._over_limit(incoming.chat_id)
        if over is not None:
            return Handled(self._say("say_telegram_slow_down", language) if over else ())
        chat = known
        if chat is None or chat.conversation_id is None:
            chat = await self._begin(incoming, language)
        try:
            return await self._answered(incoming, chat)
        except NotFound:
            # The conversation has expired or was erased from elsewhere: the next one begins.
            return await self._answered(incoming, await self._begin(incoming, chat.language))

    async def _answered(self, incoming: Incoming, chat: Chat) -> Handled:
        handled = await self._kinds[incoming.kind](incoming, chat)
        if chat.greeted_by != incoming.update_id:
            return handled
        first = (await self._conversations.messages(chat.conversation))[:1]
        greeting = [part for message in first for part in rendered(message)]
        return Handled((*greeting, *handled.messages), handled.notice)

    async def _begin(self, incoming: Incoming, language: Language) -> Chat:
        started = await self._conversations.start(channel=TELEGRAM_CHANNEL, likely_language=language)
        return await self._chats.keep(
            incoming.chat_id, language, conversation_id=started.id, greeted_by=incoming.update_id
        )

    async def _over_limit(self, chat_id: int) -> bool | None:
        """None within the limit; beyond it, whether this is the first message too many, which is told so."""
        if await self._limiter.hit(self._rate, str(chat_id)):
            return None
        return await self._limiter.hit(limits.RateLimitItemPerMinute(1), "notice", str(chat_id))

    async def _text(self, incoming: Incoming, chat: Chat) -> Handled:
        return await self._post(incoming, chat, text=incoming.text)

    async def _command(self, incoming: Incoming, chat: Chat) -> Handled:
        new = chat.greeted_by == incoming.update_id
        if incoming.command == "start":
            choice = self._deep_link(incoming.text, chat.language)
            if choice is not None:
                return await self._post(incoming, chat, choice=choice)
            return Handled() if new else await self._post(incoming, chat, choice=ResponseButton("/start", "/menu"))
        if incoming.command in COMMANDS:
            choice = ResponseButton(f"/{incoming.command}", COMMANDS[incoming.command])
            return await self._post(incoming, chat, choice=choice)
        return Handled(self._say("say_telegram_help", chat.language))

    async def _button(self, incoming: Incoming, chat: Chat) -> Handled:
        if incoming.button == NAME_BUTTON:
            return await self._name(incoming, chat, incoming.name)
        try:
            return await self._post(incoming, chat, button=incoming.button.removeprefix(BUTTON_PREFIX))
        except InvalidField:
            return Handled(notice=self._responses.render("say_telegram_stale_button", chat.language).text)

    async def _contact(self, incoming: Incoming, chat: Chat) -> Handled:
        if not incoming.text:
            return Handled(self._say("say_telegram_contact", chat.language))
        return await self._name(incoming, chat, incoming.text)

    async def _name(self, incoming: Incoming, chat: Chat, name: str) -> Handled:
        """The name from the profile or the person's own card, if it is what the form asks for."""
        asked = [message.asks for message in await self._conversations.messages(chat.conversation) if message.asks]
        if asked[-1:] == ["name"]:
            return await self._post(incoming, chat, text=name)
        if incoming.kind is Kind.BUTTON:
            return Handled(notice=self._responses.render("say_telegram_stale_button", chat.language).text)
        return Handled(self._say("say_telegram_contact", chat.language))

    async def _edited(self, incoming: Incoming, chat: Chat) -> Handled:
        return Handled(self._say("say_telegram_edited", chat.language))

    async def _unreadable(self, incoming: Incoming, chat: Chat) -> Handled:
        return Handled(self._say("say_telegram_unreadable", chat.language))

    async def _group(self, incoming: Incoming, known: Chat | None) -> Handled:
        if known is not None and known.greeted_by != incoming.update_id:
            return Handled()
        language = _language(incoming.language_code)
        await self._chats.keep(incoming.chat_id, language, greeted_by=incoming.update_id)
        return Handled(self._say("say_telegram_group", language))

    async def _post(
        self,
        incoming: Incoming,
        chat: Chat,
        *,
        text: str | None = None,
        button: str | None = None,
        choice: ResponseButton | None = None,
    ) -> Handled:
        client_id = str(uuid.uuid5(_CLIENT_IDS, str(incoming.update_id)))
        try:
            replies = await self._conversations.post(
                chat.conversation, client_id, text=text, button=button, choice=choice
            )
        except InvalidField as error:
            if error.field != "text":
                raise
            name = "say_telegram_too_long" if error.code == "too_long" else "say_telegram_unreadable"
            return Handled(self._say(name, chat.language))
        await self._remember_language(chat, replies)
        return Handled(tuple(part for reply in replies for part in rendered(reply, incoming.name)))

    async def _remember_language(self, chat: Chat, replies: list[Message]) -> None:
        if replies and replies[-1].language is not chat.language:
            await self._chats.keep(chat.chat_id, replies[-1].language)

    def _deep_link(self, payload: str, language: Language) -> ResponseButton | None:
        """The entry that `t.me/<bot>?start=<payload>` names, by its own id or its topic's; None for anything else."""
        topic = self._knowledge.topic(payload)
        entry = topic.entries[0] if topic and topic.entries else self._knowledge.entries.get(payload)
        if entry is None:
            return None
        return ResponseButton(entry.title(language), f"/faq{json.dumps({'entry': entry.id})}")

    def _say(self, name: str, language: Language) -> tuple[Outgoing, ...]:
        return tuple(plain(self._responses.render(name, language).text))


def _language(code: str | None) -> Language:
    """The language of a Telegram client, such as `ko` or `de-AT`; English where we do not speak it."""
    spoken = (code or "").partition("-")[0].casefold()
    return next((language for language in LANGUAGES if language.value == spoken), Language.ENGLISH)
