import httpx
import pytest

from tests.unit.gateway.conftest import OpenGateway, start

pytestmark = pytest.mark.asyncio

ORIGIN = "https://www.example.org"
PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}


async def test_without_the_setting_no_other_origin_may_read(http: httpx.AsyncClient) -> None:
    response = await http.get("/api/greeting", headers={"Origin": ORIGIN})
    assert "Access-Control-Allow-Origin" not in response.headers
    assert "Vary" not in response.headers
    refused = await http.options("/api/conversations", headers={"Origin": ORIGIN, **PREFLIGHT})
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "origin_not_allowed")


@pytest.mark.parametrize("origin", ["https://example.org", "https://www.example.org.evil.example", "null", "*"])
async def test_only_the_exact_origin_may_read(open_gateway: OpenGateway, origin: str) -> None:
    http = await open_gateway(widget_origins=f"{ORIGIN}, http://localhost:8000")
    response = await http.get("/api/greeting", headers={"Origin": origin})
    assert "Access-Control-Allow-Origin" not in response.headers
    assert (await http.options("/api/greeting", headers={"Origin": origin, **PREFLIGHT})).status_code == 403


@pytest.mark.parametrize("path", ["/api/greeting", "/api/nothing", "/widget.js", "/widget.json", "/widget/0/widget.js"])
async def test_a_listed_origin_may_read_answers_and_errors(open_gateway: OpenGateway, path: str) -> None:
    http = await open_gateway(widget_origins=f"{ORIGIN}, http://localhost:8000")
    response = await http.get(path, headers={"Origin": ORIGIN})
    assert response.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "Access-Control-Allow-Credentials" not in response.headers
    assert "Origin" in response.headers["Vary"]


@pytest.mark.parametrize("path", ["/", "/static/page.js", "/healthz", "/readyz"])
async def test_only_what_the_widget_needs_is_open_to_others(open_gateway: OpenGateway, path: str) -> None:
    http = await open_gateway(widget_origins=ORIGIN)
    response = await http.get(path, headers={"Origin": ORIGIN})
    assert "Access-Control-Allow-Origin" not in response.headers


async def test_a_browser_on_a_listed_site_can_talk(open_gateway: OpenGateway) -> None:
    http = await open_gateway(widget_origins=ORIGIN)
    asked = await http.options("/api/conversations", headers={"Origin": ORIGIN, **PREFLIGHT})
    assert asked.status_code == 204
    assert asked.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert set(asked.headers["Access-Control-Allow-Headers"].split(", ")) == {
        "Authorization",
        "Content-Type",
        "Last-Event-ID",
    }
    http.headers["Origin"] = ORIGIN
    visitor = await start(http)
    answered = await visitor.post(text="hello")
    assert (answered.status_code, answered.headers["Access-Control-Allow-Origin"]) == (200, ORIGIN)
