"""The webhook: Telegram calls us. Behind the reverse proxy that has the public address and the certificate."""

from __future__ import annotations

import hmac
import json
import logging

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from telegram import Bot, Update

from bot.errors import StoreError
from bot.telegram.dispatcher import Dispatcher
from bot.telegram.inbox import Inbox, StoredUpdate
from bot.telegram.incoming import chat_of

PATH = "/telegram"

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 (the header's name)

BODY_MAX_BYTES = 1_000_000
"""An update holds one message; a text has 4,096 characters."""

_log = logging.getLogger(__name__)


def webhook_app(bot: Bot, inbox: Inbox, dispatcher: Dispatcher, secret: str | None) -> Starlette:
    """Readiness, and with a `secret` the webhook: an update is stored, then acknowledged, then handled."""

    async def ready(_request: Request) -> Response:
        return PlainTextResponse("ok")

    async def receive(request: Request) -> Response:
        given = request.headers.get(SECRET_HEADER, "")
        if secret is None or not hmac.compare_digest(given.encode(), secret.encode()):
            return PlainTextResponse("forbidden", 403)
        body = await request.body()
        if len(body) > BODY_MAX_BYTES:
            return PlainTextResponse("too large", 413)
        try:
            update = Update.de_json(json.loads(body), bot)
        except (ValueError, TypeError, KeyError, AttributeError):
            # Refused, it would come again for a day and hold up what is behind it.
            _log.error("an update that cannot be read was dropped (%d bytes)", len(body))
            return PlainTextResponse("ok")
        chat = chat_of(update)
        if chat is not None:
            try:
                stored = await inbox.store([StoredUpdate(update.update_id, chat, body.decode())])
            except StoreError:
                return PlainTextResponse("try again", 503)
            dispatcher.dispatch(stored)
        return PlainTextResponse("ok")

    return Starlette(routes=[Route("/readyz", ready), Route(PATH, receive, methods=["POST"])])
