from pathlib import Path

import pytest

from bot.errors import RateLimited
from bot.gateway.limits import RateLimits
from tests.support.assistant import make_settings
from tests.unit.gateway.conftest import OpenGateway

pytestmark = pytest.mark.asyncio


@pytest.mark.parametrize(
    ("first", "second", "shared"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("unknown", "unknown", True),
    ],
)
async def test_addresses_of_one_network_share_a_limit(tmp_path: Path, first: str, second: str, shared: bool) -> None:
    limits = RateLimits(make_settings(tmp_path, rate_limit_conversations="1/hour"))
    await limits.check_start(first)
    if not shared:
        await limits.check_start(second)
        return
    with pytest.raises(RateLimited) as limited:
        await limits.check_start(second)
    assert 1 <= limited.value.retry_after_seconds <= 3600


@pytest.mark.parametrize(
    ("trusted", "statuses"), [("", [201, 429, 429]), ("192.0.2.0/24", [201, 429, 429]), ("127.0.0.1", [201, 201, 429])]
)
async def test_a_forwarded_address_counts_only_from_trusted_proxies(
    open_gateway: OpenGateway, trusted: str, statuses: list[int]
) -> None:
    http = await open_gateway(rate_limit_conversations="1/hour", trusted_proxies=trusted)
    seen = []
    for address in ("198.51.100.1", "198.51.100.2", "198.51.100.2"):
        response = await http.post("/api/conversations", json={}, headers={"X-Forwarded-For": address})
        seen.append(response.status_code)
    assert seen == statuses
