"""What a Bot API server knows: the bot, its chats and messages, what waits to be fetched, and what was called."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable
from typing import Any

from tests.support.bot_api.formatting import FormattingError, parse_html

TOKEN = "123456:emulated-token"
BOT = {"id": 123456, "is_bot": True, "first_name": "Hessen", "username": "hessen_test_bot"}

TEXT_MAX = 4096
CALLBACK_DATA_MAX_BYTES = 64
NOTICE_MAX = 200

Json = dict[str, Any]

# Over all emulated servers of a run: a bot that has seen an id takes it for the same update.
_update_ids = itertools.count(5001)


class Refused(Exception):
    """An error answer: Telegram's code and description."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


class BotApi:
    """One bot's world. Its methods are named as those of the Bot API, with the parameters as parsed JSON."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, Json]] = []
        self.chats: dict[int, Json] = {}
        self.blocked: set[int] = set()
        self.messages: dict[int, list[Json]] = {}
        self.notices: list[Json] = []
        self.webhook: Json = {"url": "", "secret_token": None, "allowed_updates": []}
        self.profile: dict[tuple[str, str], Any] = {}
        self.updates: list[Json] = []
        self.keyboards: dict[int, Json] = {}
        self.typing: dict[int, float] = {}
        self.pressed: dict[str, int] = {}
        self.changed = asyncio.Condition()
        self.version = 0
        self.on_update: Callable[[], None] | None = None
        self._message_ids = itertools.count(1)
        self._polling = False

    async def add_update(self, **content: Any) -> Json:
        """Something has happened: it waits until the bot fetches it, or is pushed to its webhook."""
        update = {"update_id": next(_update_ids), **content}
        self.updates.append(update)
        await self.notify()
        if self.on_update is not None:
            self.on_update()
        return update

    async def notify(self) -> None:
        """Wake whoever waits for a change."""
        self.version += 1
        async with self.changed:
            self.changed.notify_all()

    async def wait_for(self, holds: Callable[[], bool], seconds: float = 60) -> None:
        """Return once `holds()`."""
        async with self.changed:
            await asyncio.wait_for(self.changed.wait_for(holds), seconds)

    def message(self, chat_id: int, sender: Json, **content: Any) -> Json:
        """A new message in a chat, kept in its history."""
        made = {
            "message_id": next(self._message_ids),
            "date": int(time.time()),
            "chat": self.chats[chat_id],
            "from": sender,
            **content,
        }
        self.messages.setdefault(chat_id, []).append(made)
        return made

    def sent_to(self, chat_id: int) -> list[Json]:
        """What the bot has sent to a chat."""
        return [message for message in self.messages.get(chat_id, ()) if message["from"]["id"] == BOT["id"]]

    async def call(self, method: str, parameters: Json) -> Any:
        """Do what the bot asks for.

        Raises:
            Refused: with the real server's error.
        """
        handler = getattr(self, f"_{method.casefold()}", None)
        if handler is None:
            raise Refused(404, "Not Found")
        self.calls.append((method, parameters))
        result = await handler(parameters)
        await self.notify()
        return result

    async def _getme(self, _: Json) -> Json:
        return {**BOT, "can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}

    async def _getupdates(self, parameters: Json) -> list[Json]:
        if self.webhook["url"]:
            raise Refused(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook first")
        offset, limit = int(parameters.get("offset") or 0), int(parameters.get("limit") or 100)
        self.updates = [update for update in self.updates if update["update_id"] >= offset]
        await self.notify()
        seconds = float(parameters.get("timeout") or 0)
        if not self.updates and seconds:
            try:
                await self.wait_for(lambda: bool(self.updates), seconds)
            except (TimeoutError, asyncio.CancelledError):
                return []  # nothing came, or the server stops
        return self.updates[:limit]

    async def _setwebhook(self, parameters: Json) -> bool:
        url = parameters.get("url", "")
        if url and not url.startswith("https://"):
            raise Refused(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        self.webhook = {
            "url": url,
            "secret_token": parameters.get("secret_token"),
            "allowed_updates": parameters.get("allowed_updates", []),
        }
        return True

    async def _deletewebhook(self, parameters: Json) -> bool:
        self.webhook = {"url": "", "secret_token": None, "allowed_updates": []}
        if parameters.get("drop_pending_updates"):
            self.updates.clear()
        return True

    async def _sendmessage(self, parameters: Json) -> Json:
        chat_id = self._reachable(parameters)
        text, entities = str(parameters.get("text", "")), []
        if parameters.get("parse_mode") == "HTML":
            try:
                text, entities = parse_html(text)
            except FormattingError as error:
                raise Refused(400, f"Bad Request: {error}") from error
        if not text.strip():
            raise Refused(400, "Bad Request: message text is empty")
        if len(text) > TEXT_MAX:
            raise Refused(400, "Bad Request: message is too long")
        markup = parameters.get("reply_markup") or {}
        _check_inline(markup)
        content: Json = {"text": text}
        if entities:
            content["entities"] = entities
        if "inline_keyboard" in markup:
            content["reply_markup"] = markup
        elif "keyboard" in markup:
            self.keyboards[chat_id] = markup
        elif markup.get("remove_keyboard"):
            self.keyboards.pop(chat_id, None)
        self.typing.pop(chat_id, None)
        return self.message(chat_id, BOT, **content)

    async def _editmessagereplymarkup(self, parameters: Json) -> Json:
        chat_id = self._reachable(parameters)
        wanted, markup = int(parameters["message_id"]), parameters.get("reply_markup") or {}
        _check_inline(markup)
        found = next((message for message in self.sent_to(chat_id) if message["message_id"] == wanted), None)
        if found is None:
            raise Refused(400, "Bad Request: message to edit not found")
        if found.get("reply_markup", {}) == markup:
            raise Refused(400, "Bad Request: message is not modified")
        found["reply_markup"] = markup
        return found

    async def _sendchataction(self, parameters: Json) -> bool:
        self.typing[self._reachable(parameters)] = time.monotonic()
        return True

    async def _answercallbackquery(self, parameters: Json) -> bool:
        if len(parameters.get("text") or "") > NOTICE_MAX:
            raise Refused(400, "Bad Request: MESSAGE_TOO_LONG")
        self.notices.append(parameters)
        return True

    async def _setmycommands(self, parameters: Json) -> bool:
        return self._set("commands", parameters, parameters["commands"])

    async def _getmycommands(self, parameters: Json) -> list[Json]:
        found: list[Json] = self._get("commands", parameters, [])
        return found

    async def _setmyname(self, parameters: Json) -> bool:
        return self._set("name", parameters, parameters.get("name", ""))

    async def _getmyname(self, parameters: Json) -> Json:
        return {"name": self._get("name", parameters, "")}

    async def _setmydescription(self, parameters: Json) -> bool:
        return self._set("description", parameters, parameters.get("description", ""))

    async def _getmydescription(self, parameters: Json) -> Json:
        return {"description": self._get("description", parameters, "")}

    async def _setmyshortdescription(self, parameters: Json) -> bool:
        return self._set("short_description", parameters, parameters.get("short_description", ""))

    async def _getmyshortdescription(self, parameters: Json) -> Json:
        return {"short_description": self._get("short_description", parameters, "")}

    def _set(self, what: str, parameters: Json, value: Any) -> bool:
        self.profile[what, parameters.get("language_code") or ""] = value
        return True

    def _get(self, what: str, parameters: Json, default: Any) -> Any:
        return self.profile.get((what, parameters.get("language_code") or ""), default)

    def _reachable(self, parameters: Json) -> int:
        chat_id = int(parameters["chat_id"])
        chat = self.chats.get(chat_id)
        if chat is None:
            raise Refused(400, "Bad Request: chat not found")
        if "migrated_to" in chat:
            description = "Bad Request: group chat was upgraded to a supergroup chat"
            raise Refused(400, description, migrate_to_chat_id=chat["migrated_to"])
        if chat_id in self.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        return chat_id


def _check_inline(markup: Json) -> None:
    for button in itertools.chain.from_iterable(markup.get("inline_keyboard", ())):
        if len(button.get("callback_data", "").encode()) > CALLBACK_DATA_MAX_BYTES:
            raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
