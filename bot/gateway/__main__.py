"""`python -m bot.gateway`: the gateway as a process of its own."""

import uvicorn

from bot.gateway import create_app, server_config
from bot.privacy.logs import set_up_logging
from bot.settings import load_settings

if __name__ == "__main__":
    settings = load_settings()
    set_up_logging(settings.log_level)
    uvicorn.Server(server_config(settings, create_app(settings))).run()
