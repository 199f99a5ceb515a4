"""`python -m bot.gateway`: the gateway as a process of its own."""

import logging

import uvicorn

from bot.gateway import create_app, server_config
from bot.settings import load_settings

if __name__ == "__main__":
    settings = load_settings()
    logging.basicConfig(level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    uvicorn.Server(server_config(settings, create_app(settings))).run()
