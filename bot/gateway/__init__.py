"""The web face: the chat API, its event stream, limits, and the pages of the chat."""

from bot.gateway.app import create_app
from bot.gateway.server import server_config

__all__ = ["create_app", "server_config"]
