"""`python -m bot.telegram`: the Telegram face as a process of its own."""

import asyncio
import logging
import sys

from bot.errors import AssistantError
from bot.knowledge import KnowledgeError
from bot.privacy.logs import set_up_logging
from bot.settings import load_settings
from bot.telegram.service import run

if __name__ == "__main__":
    settings = load_settings()
    set_up_logging(settings.log_level)
    # Their lines hold addresses with the token in them, and what people wrote.
    for name in ("httpx", "httpcore", "telegram"):
        logging.getLogger(name).setLevel(logging.WARNING)
    try:
        asyncio.run(run(settings))
    except (AssistantError, KnowledgeError) as error:
        sys.exit(f"bot: {error}")
