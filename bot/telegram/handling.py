"""What the bot does with an update. Handled twice it does nothing twice and says the same, so a crash is no harm."""

from __future__ import annotations

import json
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import limits
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter

from bot.conversations import Conversations, Message
from bot.errors import InvalidField, NotFound
from bot.knowledge import LANGUAGES, KnowledgeBase, Language, ResponseButton, Responses
from bot.store import TELEGRAM_CHANNEL
from bot.telegram.chats import Chat, Chats
from bot.telegram.incoming import Incoming, Kind
from bot.telegram.rendering import BUTTON_PREFIX, Keyboard, Outgoing, Rating, plain, rating_of, rendered

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
        notice: shown over the chat for a pressed button.
        is_pressed: whether the pressed button did what it says.
    """

    messages: tuple[Outgoing, ...] = ()
    notice: str | None = None
    is_pressed: bool = False


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
        rating = rating_of(incoming.button)
        if rating is not None:
            return await self._rated(rating, chat, language)
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
        return replace(handled, messages=(*greeting, *handled.messages))

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
        try:
            handled = await self._post(incoming, chat, button=incoming.button.removeprefix(BUTTON_PREFIX))
        except InvalidField:
            return self._stale(chat.language)
        return replace(handled, is_pressed=True)

    async def _rated(self, rating: Rating, chat: Chat | None, language: Language) -> Handled:
        try:
            if chat is None:
                raise NotFound("conversation")
            await self._conversations.feedback(chat.conversation, rating.message_id, helpful=rating.helpful)
        except NotFound:
            return self._stale(language)
        name = "say_telegram_helpful" if rating.helpful else "say_telegram_not_helpful"
        return Handled(notice=self._responses.render(name, language).text, is_pressed=True)

    def _stale(self, language: Language) -> Handled:
        return Handled(notice=self._responses.render("say_telegram_stale_button", language).text)

    async def _contact(self, incoming: Incoming, chat: Chat) -> Handled:
        """The name on the person's own card, if it is what the form asks for."""
        if incoming.text and await self._is_name_asked(incoming, chat):
            return await self._post(incoming, chat, text=incoming.text)
        return Handled(self._say("say_telegram_contact", chat.language))

    async def _is_name_asked(self, incoming: Incoming, chat: Chat) -> bool:
        # Handled again after a crash, the card has been taken as the name and something else is asked for.
        if await self._conversations.knows(chat.conversation, _client_id(incoming)):
            return True
        return await self._conversations.asked(chat.conversation) == "name"

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
        try:
            replies = await self._conversations.post(
                chat.conversation, _client_id(incoming), text=text, button=button, choice=choice
            )
        except InvalidField as error:
            if error.field != "text":
                raise
            name = "say_telegram_too_long" if error.code == "too_long" else "say_telegram_unreadable"
            return Handled(self._say(name, chat.language))
        await self._remember_language(chat, replies)
        parts = [part for reply in replies for part in rendered(reply, self._keyboard(reply, incoming.name))]
        if parts and all(part.rows for part in parts) and await self._has_keyboard(chat, replies):
            # Messages with buttons cannot take the keyboard away; a word before them can.
            parts = [*self._say("say_telegram_noted", replies[0].language), *parts]
        return Handled(tuple(parts))

    def _keyboard(self, reply: Message, name: str) -> Keyboard | None:
        """Where a name is asked for: the one in the profile, and the contact card, of which only the name is used."""
        if reply.asks != "name":
            return None
        contact = self._responses.render("say_telegram_share_contact", reply.language).text
        return Keyboard((name,) if name.strip() else (), contact)

    async def _has_keyboard(self, chat: Chat, replies: list[Message]) -> bool:
        """Whether a name was asked for just before what was replied to."""
        return await self._conversations.asked(chat.conversation, before=replies[0].id) == "name"

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


def _client_id(incoming: Incoming) -> str:
    """The same for the same update, so that the conversation knows it again."""
    return str(uuid.uuid5(_CLIENT_IDS, str(incoming.update_id)))


def _language(code: str | None) -> Language:
    """The language of a Telegram client, such as `ko` or `de-AT`; English where we do not speak it."""
    spoken = (code or "").partition("-")[0].casefold()
    return next((language for language in LANGUAGES if language.value == spoken), Language.ENGLISH)
