"""Telling another program by HTTP, signed as Standard Webhooks 1.0 lays down (standardwebhooks.com)."""

import base64
import hashlib
import hmac
import json
from datetime import datetime
from email.utils import parsedate_to_datetime

import httpx

from bot.delivery.records import ClaimedDelivery
from bot.errors import DeliveryPostponed, DeliveryRefused
from bot.setting_checks import WEBHOOK_SECRET_PREFIX
from bot.settings import Settings

TIMEOUT_SECONDS = 20.0


class WebhookSender:
    """Posts JSON to `BOT_WEBHOOK_URL`.

    Args:
        client: from `open_webhook_connections`.
        settings: with a webhook's URL and secret.
    """

    def __init__(self, client: httpx.AsyncClient, settings: Settings) -> None:
        assert settings.webhook_url is not None  # noqa: S101 (the caller looks first)
        assert settings.webhook_secret is not None  # noqa: S101
        self._client = client
        self._url = settings.webhook_url
        self._secret = settings.webhook_secret.get_secret_value()

    async def send(self, delivery: ClaimedDelivery, content: dict[str, object], now: datetime) -> None:
        """Post `content` with the delivery's id, the same at each attempt.

        Raises:
            DeliveryPostponed: not reached, or any other answer than the ones below.
            DeliveryRefused: the receiver has gone (410), or sends elsewhere (3xx): the signed content would then
                reach an address that nobody has set.
        """
        identifier = f"delivery-{delivery.id}"
        body = json.dumps({"id": identifier, **content}, ensure_ascii=False).encode()
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "hessen-inquiry-assistant",
            **sign(self._secret, identifier, now, body),
        }
        try:
            # Its body is not read: only the status counts.
            async with self._client.stream("POST", self._url, content=body, headers=headers) as response:
                status, retry_after = response.status_code, response.headers.get("Retry-After")
        except httpx.HTTPError as error:
            raise DeliveryPostponed(f"the webhook was not reached ({type(error).__name__})") from None
        if httpx.codes.is_success(status):
            return
        if httpx.codes.is_redirect(status) or status == httpx.codes.GONE:
            raise DeliveryRefused(f"the webhook answered {status}")
        raise DeliveryPostponed(f"the webhook answered {status}", _seconds(retry_after, now))


def open_webhook_connections() -> httpx.AsyncClient:
    """A client that follows no redirect; close it with `aclose`."""
    return httpx.AsyncClient(timeout=TIMEOUT_SECONDS, follow_redirects=False, trust_env=False)


def sign(secret: str, identifier: str, at: datetime, body: bytes) -> dict[str, str]:
    """The headers that prove a webhook's origin: HMAC-SHA256 over id, time and body.

    Args:
        secret: `whsec_` and the key in base64.
        identifier: of the delivery.
        at: now; the receiver refuses what is too old, so that nothing can be played back.
        body: exactly as sent.
    """
    timestamp = str(int(at.timestamp()))
    key = base64.b64decode(secret.removeprefix(WEBHOOK_SECRET_PREFIX))
    digest = hmac.new(key, b".".join((identifier.encode(), timestamp.encode(), body)), hashlib.sha256).digest()
    return {
        "webhook-id": identifier,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


def _seconds(retry_after: str | None, now: datetime) -> float | None:
    """What a Retry-After header asks for, in seconds or as a date; None if it says nothing sensible."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        return max(0.0, (parsedate_to_datetime(text) - now).total_seconds())
    except (ValueError, TypeError):
        return None
