"""A Bot API server of our own: what the bot uses of it, with the documented types and error answers.

`BotApi` holds chats and messages as Telegram does and lets a test (or the demo page) act as people do; `bot_api_app`
serves it over HTTP, as python-telegram-bot expects it; `Faults` makes calls fail. The reference is
https://core.telegram.org/bots/api; what it does not say (texts of errors) is as the real server answers.
"""

from tests.support.bot_api.faults import Faults
from tests.support.bot_api.people import NOT_TEXT, Person
from tests.support.bot_api.server import bot_api_app
from tests.support.bot_api.state import BotApi, Refused

__all__ = ["NOT_TEXT", "BotApi", "Faults", "Person", "Refused", "bot_api_app"]
