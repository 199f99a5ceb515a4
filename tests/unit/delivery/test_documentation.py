"""docs/delivery.md tells receivers of webhooks the truth."""

import json
import re
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.delivery.letters import WEBHOOK_TYPES
from bot.delivery.webhook import sign
from tests.support.webhook_receiver import SECRET

DOCUMENT = (Path(__file__).parents[3] / "docs" / "delivery.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", DOCUMENT, re.DOTALL)
    assert found is not None
    return found[1]


@pytest.fixture
def is_genuine() -> Any:
    """The function of the document."""
    names: dict[str, Any] = {}
    exec(block("python"), names)
    return names["is_genuine"]


def test_the_example_accepts_ours_and_nothing_else(is_genuine: Any) -> None:
    body = b'{"id": "delivery-7"}'
    headers = sign(SECRET, "delivery-7", datetime.now(UTC), body)
    assert is_genuine(headers, body, SECRET)
    assert not is_genuine(headers, body + b" ", SECRET)
    assert not is_genuine(headers | {"webhook-id": "delivery-8"}, body, SECRET)
    assert not is_genuine(headers | {"webhook-timestamp": str(int(time.time()) - 1)}, body, SECRET)
    old = sign(SECRET, "delivery-7", datetime.fromtimestamp(time.time() - 600, UTC), body)
    assert not is_genuine(old, body, SECRET)


def test_the_signature_is_that_of_standard_webhooks() -> None:
    """The example of the specification's libraries: secret, id, time and body with a known signature."""
    headers = sign(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        datetime.fromtimestamp(1614265330, UTC),
        b'{"test": 2432232314}',
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_every_type_of_webhook_is_named_and_the_example_is_json() -> None:
    assert json.loads(block("json"))["type"] in WEBHOOK_TYPES.values()
    for name in WEBHOOK_TYPES.values():
        assert f"`{name}`" in DOCUMENT
