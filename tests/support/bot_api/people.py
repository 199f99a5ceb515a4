"""People, as Telegram shows them to a bot: they write, press buttons, send stickers, and block it."""

from __future__ import annotations

import itertools
from typing import Any

from tests.support.bot_api.state import BOT, BotApi, Json

NOT_TEXT: dict[str, Json] = {
    "sticker": {
        "sticker": {
            "file_id": "s",
            "file_unique_id": "s",
            "type": "regular",
            "width": 1,
            "height": 1,
            "is_animated": False,
            "is_video": False,
        }
    },
    "photo": {"photo": [{"file_id": "p", "file_unique_id": "p", "width": 1, "height": 1}]},
    "voice": {"voice": {"file_id": "v", "file_unique_id": "v", "duration": 1}},
    "document": {"document": {"file_id": "d", "file_unique_id": "d"}},
    "location": {"location": {"latitude": 50.1, "longitude": 8.7}},
}
"""Messages without a text, as Telegram hands them over, for `Person.sends`."""

_ids = itertools.count(700001)
_queries = itertools.count(1)


class Person:
    """One person with a private chat."""

    def __init__(self, api: BotApi, name: str = "Minji Kim", language: str | None = "ko") -> None:
        self.id = next(_ids)
        self.api = api
        first, _, last = name.partition(" ")
        self.user: Json = {"id": self.id, "is_bot": False, "first_name": first, "last_name": last}
        if language:
            self.user["language_code"] = language
        api.chats[self.id] = {"id": self.id, "type": "private", "first_name": first, "last_name": last}

    @property
    def heard(self) -> list[Json]:
        """What the bot has sent."""
        return self.api.sent_to(self.id)

    @property
    def texts(self) -> list[str]:
        """The bot's texts."""
        return [message["text"] for message in self.heard]

    async def writes(self, text: str) -> Json:
        """Send a text."""
        return await self.sends(text=text, **_command(text))

    async def sends(self, **content: Any) -> Json:
        """Send a message of any kind: `sticker=...`, `photo=...`, `contact=...`."""
        return await self.api.add_update(message=self.api.message(self.id, self.user, **content))

    async def shares_contact(self) -> Json:
        """Send the own contact card, as the button of a keyboard that requests it does."""
        card = {"phone_number": "+491701234567", "user_id": self.id}
        names = {name: self.user[name] for name in ("first_name", "last_name") if self.user[name]}
        return await self.sends(contact=card | names)

    async def writes_in(self, group: int, text: str) -> Json:
        """Send a text to a group."""
        return await self.api.add_update(message=self.api.message(group, self.user, text=text, **_command(text)))

    async def edits(self, text: str) -> Json:
        """Change the last message."""
        own = [message for message in self.api.messages[self.id] if message["from"]["id"] == self.id][-1]
        own |= {"text": text, "edit_date": own["date"] + 1}
        return await self.api.add_update(edited_message=own)

    async def presses(self, title: str) -> Json:
        """Press the newest button that shows `title`."""
        for message in reversed(self.heard):
            for button in _buttons(message):
                if button["text"] == title:
                    return await self.presses_data(button["callback_data"], message)
        shown = [button["text"] for message in self.heard for button in _buttons(message)]
        raise AssertionError(f"no button {title!r} among {shown}")

    async def presses_data(self, data: str, message: Json | None = None) -> Json:
        """Press a button with this data, wherever it is from."""
        # Telegram hands over a message that is too old without its content (InaccessibleMessage).
        shown = message or {"chat": self.api.chats[self.id], "message_id": 1, "date": 0}
        identifier = str(next(_queries))
        self.api.pressed[identifier] = self.id
        query = {"id": identifier, "from": self.user, "chat_instance": "1", "data": data, "message": shown}
        return await self.api.add_update(callback_query=query)

    async def blocks(self, *, returns: bool = False) -> Json:
        """Block the bot, or let it in again."""
        (self.api.blocked.discard if returns else self.api.blocked.add)(self.id)
        bot = {key: BOT[key] for key in ("id", "is_bot", "first_name", "username")}
        old, new = ("kicked", "member") if returns else ("member", "kicked")
        return await self.api.add_update(
            my_chat_member={
                "chat": self.api.chats[self.id],
                "from": self.user,
                "date": 1,
                "old_chat_member": {"user": bot, "status": old, "until_date": 0},
                "new_chat_member": {"user": bot, "status": new, "until_date": 0},
            }
        )

    async def hears(self, count: int) -> list[Json]:
        """Wait until the bot has sent `count` messages in all; return them."""
        await self.api.wait_for(lambda: len(self.heard) >= count)
        return self.heard

    async def hears_text(self, part: str) -> Json:
        """Wait for a message that contains `part`; return the newest."""
        await self.api.wait_for(lambda: any(part in text for text in self.texts))
        return next(message for message in reversed(self.heard) if part in message["text"])

    def buttons(self) -> list[str]:
        """The titles under the bot's last message."""
        return [button["text"] for button in _buttons(self.heard[-1])]


def _buttons(message: Json) -> list[Json]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", ())
    return list(itertools.chain.from_iterable(rows))


def _command(text: str) -> Json:
    if not text.startswith("/"):
        return {}
    return {"entities": [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]}
