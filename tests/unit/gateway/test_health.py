from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from tests.support.local_server import LocalServer, free_port
from tests.support.scripted_engine import ScriptedEngine
from tests.unit.gateway.conftest import OpenGateway

pytestmark = pytest.mark.asyncio


async def _actions_health(request: Request) -> JSONResponse:
    assert "Authorization" not in request.headers
    return JSONResponse({"status": "ok"})


async def test_the_process_is_up_whatever_is_behind_it(open_gateway: OpenGateway, engine: ScriptedEngine) -> None:
    engine.is_ready = False
    response = await (await open_gateway()).get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


async def test_ready_names_each_part(open_gateway: OpenGateway, engine: ScriptedEngine) -> None:
    async with LocalServer(Starlette(routes=[Route("/health", _actions_health)])) as actions:
        http = await open_gateway(actions_port=actions.port)
        response = await http.get("/readyz")
        parts = {"database": "ok", "engine": "ok", "actions": "ok"}
        assert (response.status_code, response.json()) == (200, {"status": "ok", "parts": parts})
        engine.is_ready = False
        response = await http.get("/readyz")
        assert response.status_code == 503
        assert response.json()["parts"] == parts | {"engine": "unavailable"}
        assert response.json()["error"] == {"code": "not_ready", "message": "not available: engine"}


async def test_a_missing_database_and_missing_actions_are_named(open_gateway: OpenGateway, tmp_path: Path) -> None:
    folder = tmp_path / "a-folder-is-no-database"
    folder.mkdir()
    http = await open_gateway(actions_port=free_port(), database_url=f"sqlite:///{folder}")
    response = await http.get("/readyz")
    assert response.json()["parts"] == {"database": "unavailable", "engine": "ok", "actions": "unavailable"}
    response = await http.post("/api/conversations", json={})
    assert (response.status_code, response.json()["error"]["code"]) == (503, "store")


async def test_the_description_of_the_api_names_every_call(http: httpx.AsyncClient) -> None:
    description = (await http.get("/api/openapi.json")).json()
    calls = {(method.upper(), path) for path, methods in description["paths"].items() for method in methods}
    one = "/api/conversations/{conversation_id}"
    assert calls == {
        ("POST", "/api/conversations"),
        ("POST", f"{one}/messages"),
        ("GET", f"{one}/messages"),
        ("GET", f"{one}/events"),
        ("POST", f"{one}/feedback"),
        ("DELETE", one),
        ("GET", "/api/greeting"),
        ("GET", "/healthz"),
        ("GET", "/readyz"),
    }
