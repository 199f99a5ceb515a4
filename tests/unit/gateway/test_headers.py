import httpx
import pytest

from bot.gateway.headers import CONTENT_SECURITY_POLICY, SECURITY_HEADERS
from tests.unit.gateway.conftest import Visitor

pytestmark = pytest.mark.asyncio


async def test_every_response_has_the_security_headers(visitor: Visitor) -> None:
    http = visitor.http
    big = b"x" * 40_000
    responses = [
        await http.get("/"),
        await http.head("/"),
        await http.get("/static/page.js"),
        await http.get("/static/nothing"),
        await http.get("/widget/0/widget.js"),
        await http.get("/api/greeting"),
        await http.get("/healthz"),
        await http.get("/readyz"),
        await http.get("/api/openapi.json"),
        await http.get("/nothing"),
        await http.put("/api/conversations"),
        await http.post("/api/conversations", content=big),
        await http.post("/api/conversations", json={"language": "fr"}),
        await http.get(f"{visitor.url}/messages"),
        await http.get(f"{visitor.url}/messages", headers=visitor.headers),
        await visitor.post(text="hello"),
    ]
    async with http.stream("GET", f"{visitor.url}/events", headers=visitor.headers) as stream:
        responses.append(stream)
    assert {response.status_code for response in responses} == {200, 401, 404, 405, 413, 422, 503}
    for response in responses:
        for name, value in SECURITY_HEADERS.items():
            assert response.headers[name] == value, response.url
        assert response.headers.get_list("cache-control") in (["no-store"], ["no-cache"]), response.url
        if response.url.path.startswith("/api"):
            assert response.headers["cache-control"] == "no-store"
        assert "access-control-allow-origin" not in response.headers


async def test_the_policy_allows_nothing_from_elsewhere_and_nothing_inline() -> None:
    assert CONTENT_SECURITY_POLICY == (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


async def test_a_file_that_has_not_changed_is_not_sent_again(http: httpx.AsyncClient) -> None:
    page = await http.get("/static/page.js")
    again = await http.get("/static/page.js", headers={"If-None-Match": page.headers["ETag"]})
    assert (page.status_code, again.status_code) == (200, 304)
    assert again.headers["X-Content-Type-Options"] == "nosniff"
