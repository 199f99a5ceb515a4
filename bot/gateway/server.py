"""The server under the gateway: uvicorn, set up for the public side."""

import uvicorn
from fastapi import FastAPI

from bot.settings import Settings

KEEP_ALIVE_SECONDS = 65
"""Longer than the 60 s of common reverse proxies, so that it is they who close idle connections."""

STOP_GRACE_SECONDS = 2.0
"""Given to running turns beyond the engine's own time limit when the server stops."""


def server_config(settings: Settings, app: FastAPI) -> uvicorn.Config:
    """How to serve `app`: `uvicorn.Server(server_config(settings, create_app(settings))).run()`."""
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        # Left to itself, uvicorn believes any X-Forwarded-For that comes from this machine.
        proxy_headers=bool(settings.trusted_proxies.strip()),
        forwarded_allow_ips=[proxy.strip() for proxy in settings.trusted_proxies.split(",") if proxy.strip()],
        server_header=False,
        # Access lines would hold client addresses. Logging is set up by the process.
        access_log=False,
        log_config=None,
        ws="none",
        lifespan="on",
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=int(settings.engine_timeout_seconds + STOP_GRACE_SECONDS),
    )
