"""What people see of the bot before they write: its commands, name and descriptions, in their client's language."""

from __future__ import annotations

from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats
from telegram.constants import BotCommandLimit, BotDescriptionLimit, BotNameLimit

from bot.knowledge import LANGUAGES, Language, Responses

COMMAND_NAMES = ("start", "topics", "inquiry", "status", "language", "privacy", "delete", "help")
"""In the order of the menu."""

NAME_MAX_CHARACTERS = int(BotNameLimit.MAX_NAME_LENGTH)
DESCRIPTION_MAX_CHARACTERS = int(BotDescriptionLimit.MAX_DESCRIPTION_LENGTH)
SHORT_DESCRIPTION_MAX_CHARACTERS = int(BotDescriptionLimit.MAX_SHORT_DESCRIPTION_LENGTH)
COMMAND_MAX_CHARACTERS = int(BotCommandLimit.MAX_DESCRIPTION)


async def register(bot: Bot, responses: Responses) -> None:
    """Tell Telegram commands and descriptions, English as the default for all other languages.

    Telegram limits how often a name may change, so what is as it should be is left alone.

    Raises:
        TelegramError: Telegram refused, or cannot be reached.
    """
    for language in (None, *LANGUAGES):
        code = None if language is None else language.value
        spoken = language or Language.ENGLISH
        wanted = [
            BotCommand(name, responses.render(f"say_telegram_command_{name}", spoken).text) for name in COMMAND_NAMES
        ]
        scope = BotCommandScopeAllPrivateChats()
        if list(await bot.get_my_commands(scope=scope, language_code=code)) != wanted:
            await bot.set_my_commands(wanted, scope=scope, language_code=code)
        name = responses.render("say_telegram_name", spoken).text
        if (await bot.get_my_name(language_code=code)).name != name:
            await bot.set_my_name(name, language_code=code)
        description = responses.render("say_telegram_description", spoken).text
        if (await bot.get_my_description(language_code=code)).description != description:
            await bot.set_my_description(description, language_code=code)
        short = responses.render("say_telegram_short_description", spoken).text
        if (await bot.get_my_short_description(language_code=code)).short_description != short:
            await bot.set_my_short_description(short, language_code=code)
