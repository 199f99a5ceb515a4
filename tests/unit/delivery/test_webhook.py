"""Webhooks arrive at a real server, signed, with the same id at each attempt; redirects are not followed."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
import pytest_asyncio
from pydantic import SecretStr

from bot.delivery import ClaimedDelivery
from bot.delivery.webhook import WebhookSender, open_webhook_connections
from bot.errors import DeliveryPostponed, DeliveryRefused
from bot.knowledge import Language
from bot.store import WEBHOOK_CHANNEL, DeliveryKind
from tests.support.assistant import make_settings
from tests.support.local_server import free_port
from tests.support.webhook_receiver import SECRET, WebhookReceiver

pytestmark = pytest.mark.asyncio

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
CONTENT: dict[str, object] = {"type": "inquiry.logged", "data": {"reference": "HE-2026-7K3F9QX", "topic": "수소"}}


@pytest_asyncio.fixture
async def receiver() -> AsyncIterator[WebhookReceiver]:
    async with WebhookReceiver() as running:
        yield running


@pytest_asyncio.fixture
async def sender(receiver: WebhookReceiver, tmp_path: Path) -> AsyncIterator[WebhookSender]:
    async with open_webhook_connections() as client:
        yield make_sender(client, tmp_path, receiver.url)


def make_sender(client: object, folder: Path, url: str) -> WebhookSender:
    settings = make_settings(folder, webhook_url=url, webhook_secret=SecretStr(SECRET))
    return WebhookSender(client, settings)  # type: ignore[arg-type]


def delivery(identifier: int = 7) -> ClaimedDelivery:
    return ClaimedDelivery(
        id=identifier,
        kind=DeliveryKind.INQUIRY_LOGGED,
        channel=WEBHOOK_CHANNEL,
        language=Language.GERMAN,
        conversation_id=None,
        inquiry_id=1,
        text=None,
        attempts=1,
        lease="lease",
        created_at=NOW,
    )


async def test_a_webhook_is_signed_and_says_what_happened(receiver: WebhookReceiver, sender: WebhookSender) -> None:
    await sender.send(delivery(), CONTENT, NOW)

    (hook,) = receiver.hooks
    assert hook.is_genuine
    assert hook.content == {"id": "delivery-7", **CONTENT}
    assert hook.headers["webhook-id"] == "delivery-7"
    assert hook.headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    assert hook.headers["content-type"] == "application/json"


async def test_a_changed_body_id_or_time_is_not_genuine(receiver: WebhookReceiver, sender: WebhookSender) -> None:
    await sender.send(delivery(), CONTENT, NOW)
    (hook,) = receiver.hooks
    hook.body += b" "
    assert not hook.is_genuine
    hook.body = hook.body[:-1]
    for name in ("webhook-id", "webhook-timestamp"):
        kept = hook.headers[name]
        hook.headers[name] += "0"
        assert not hook.is_genuine
        hook.headers[name] = kept
    assert hook.is_genuine


async def test_a_repeat_has_the_same_id_and_a_signature_of_its_own_time(
    receiver: WebhookReceiver, sender: WebhookSender
) -> None:
    await sender.send(delivery(), CONTENT, NOW)
    await sender.send(delivery(), CONTENT, NOW + timedelta(minutes=1))

    first, second = receiver.hooks
    assert first.body == second.body
    assert first.headers["webhook-signature"] != second.headers["webhook-signature"]
    assert second.is_genuine


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500, 503])
async def test_a_receiver_in_trouble_is_tried_again(
    receiver: WebhookReceiver, sender: WebhookSender, status: int
) -> None:
    receiver.answer(status)
    with pytest.raises(DeliveryPostponed, match=str(status)):
        await sender.send(delivery(), CONTENT, NOW)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("120", 120.0), (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90.0), ("soon", None), ("-5", None)],
)
async def test_a_pause_that_is_asked_for_is_passed_on(
    receiver: WebhookReceiver, sender: WebhookSender, value: str, seconds: float | None
) -> None:
    receiver.answer(503, Retry_After=value)
    with pytest.raises(DeliveryPostponed) as caught:
        await sender.send(delivery(), CONTENT, NOW)
    assert caught.value.retry_after_seconds == seconds


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_refused_and_not_followed(
    receiver: WebhookReceiver, sender: WebhookSender, status: int
) -> None:
    receiver.answer(status, Location="/other")
    with pytest.raises(DeliveryRefused, match=str(status)):
        await sender.send(delivery(), CONTENT, NOW)
    assert receiver.elsewhere == 0


async def test_a_receiver_that_has_gone_is_not_tried_again(receiver: WebhookReceiver, sender: WebhookSender) -> None:
    receiver.answer(410)
    with pytest.raises(DeliveryRefused, match="410"):
        await sender.send(delivery(), CONTENT, NOW)


async def test_a_receiver_that_is_not_there_is_tried_again(tmp_path: Path) -> None:
    async with open_webhook_connections() as client:
        with pytest.raises(DeliveryPostponed, match="ConnectError"):
            await make_sender(client, tmp_path, f"http://127.0.0.1:{free_port()}/").send(delivery(), CONTENT, NOW)


async def test_a_receiver_that_hangs_up_is_tried_again(tmp_path: Path) -> None:
    async def hang_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server, open_webhook_connections() as client:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(DeliveryPostponed):
            await make_sender(client, tmp_path, f"http://127.0.0.1:{port}/").send(delivery(), CONTENT, NOW)
