"""`python -m bot.processes.web`: the gateway and the staff console on one server."""

import uvicorn

from bot.console import Console
from bot.gateway import create_app, server_config
from bot.privacy.logs import set_up_logging
from bot.settings import load_settings

if __name__ == "__main__":
    settings = load_settings()
    set_up_logging(settings.log_level)
    app = create_app(settings, neighbours=(Console(settings),))
    uvicorn.Server(server_config(settings, app)).run()
