import logging
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from bot.conversations import Conversations
from bot.errors import Conflict, StoreError
from tests.support.scripted_engine import ScriptedEngine
from tests.unit.gateway.conftest import OpenGateway, Visitor, start

pytestmark = pytest.mark.asyncio

ID = str(uuid4())


def error_code(response: httpx.Response) -> str:
    """The code of an error, which must have the one shape."""
    body = response.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message"}
    assert response.headers["Content-Type"] == "application/json"
    code: str = body["error"]["code"]
    return code


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/api",
        "/api/",
        "/api/conversations/",
        "/docs",
        "/redoc",
        "/openapi.json",
        "/static/no.js",
        "/widget/0/widget.js",
    ],
)
async def test_unknown_paths(http: httpx.AsyncClient, path: str) -> None:
    response = await http.get(path)
    assert (response.status_code, error_code(response)) == (404, "not_found")


@pytest.mark.parametrize("path", ["/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py"])
async def test_files_outside_the_folder_are_not_found(http: httpx.AsyncClient, path: str) -> None:
    request = http.build_request("GET", "/")
    request.url = request.url.copy_with(raw_path=path.encode())
    response = await http.send(request)
    assert (response.status_code, error_code(response)) == (404, "not_found")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/api/conversations", "POST"),
        ("GET", "/api/conversations", "POST"),
        ("PATCH", "/api/conversations/1/messages", "POST"),
        ("DELETE", "/healthz", "GET"),
        ("POST", "/", "GET"),
        ("POST", "/static/page.js", None),
    ],
)
async def test_unknown_methods(http: httpx.AsyncClient, method: str, path: str, allowed: str | None) -> None:
    response = await http.request(method, path)
    assert (response.status_code, error_code(response)) == (405, "method_not_allowed")
    if allowed is not None:
        assert allowed in response.headers["Allow"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "client_id"),
        ({"client_id": "secret-value", "text": "hello"}, "client_id"),
        ({"client_id": 7, "text": "hello"}, "client_id"),
        ({"client_id": ID}, "body"),
        ({"client_id": ID, "text": "secret-value", "button": "secret-value"}, "body"),
        ({"client_id": ID, "text": None, "button": None}, "body"),
        ({"client_id": ID, "text": 5}, "text"),
        ({"client_id": ID, "text": ["secret-value"]}, "text"),
        ({"client_id": ID, "text": ""}, "text"),
        ({"client_id": ID, "text": " \u200b\x00 "}, "text"),
        ({"client_id": ID, "button": "secret-value"}, "button"),
        ({"client_id": ID, "button": "x" * 65}, "button"),
        (["secret-value"], "body"),
        ("secret-value", "body"),
    ],
)
async def test_an_invalid_message_is_refused_by_field_and_never_quoted(visitor: Visitor, body: Any, field: str) -> None:
    response = await visitor.http.post(f"{visitor.url}/messages", json=body, headers=visitor.headers)
    assert response.status_code == 422, response.text
    error_code(response)
    assert response.json()["error"]["message"].startswith(f"{field}: ")
    assert "secret-value" not in response.text
    assert len(await visitor.history()) == 1


async def test_a_text_that_is_too_long_is_told_the_limit(visitor: Visitor) -> None:
    response = await visitor.post(text="한" * 2001)
    assert (response.status_code, error_code(response)) == (422, "too_long")
    assert "2000" in response.json()["error"]["message"]
    assert (await visitor.post(text="한" * 2000)).status_code == 200


@pytest.mark.parametrize("language", ["fr", "DE", 1, {}])
async def test_a_language_that_is_not_spoken_is_refused(http: httpx.AsyncClient, language: object) -> None:
    response = await http.post("/api/conversations", json={"language": language})
    assert response.status_code == 422
    error_code(response)
    assert response.json()["error"]["message"].startswith("language: ")


@pytest.mark.parametrize("after", ["x", "-1", str(2**63), "1e3"])
async def test_an_invalid_query_is_refused(visitor: Visitor, after: str) -> None:
    response = await visitor.http.get(f"{visitor.url}/messages?after={after}", headers=visitor.headers)
    assert response.status_code == 422
    error_code(response)
    assert response.json()["error"]["message"].startswith("after: ")


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b"[" * 30_000, b'{"client_id": 1' + b"0" * 6000 + b"}"])
async def test_what_is_not_json_is_refused(visitor: Visitor, content: bytes) -> None:
    headers = visitor.headers | {"Content-Type": "application/json"}
    response = await visitor.http.post(f"{visitor.url}/messages", content=content, headers=headers)
    assert response.status_code in (400, 422)
    error_code(response)


async def test_a_form_of_another_site_is_refused(http: httpx.AsyncClient) -> None:
    response = await http.post(
        "/api/conversations", content='{"language": "de"}', headers={"Content-Type": "text/plain"}
    )
    assert response.status_code == 422
    error_code(response)


async def test_a_body_that_is_too_large_is_refused_whether_announced_or_in_chunks(
    open_gateway: OpenGateway, engine: ScriptedEngine
) -> None:
    http = await open_gateway(body_max_bytes=1024)
    visitor = await start(http)
    headers = visitor.headers | {"Content-Type": "application/json"}
    sent = 0

    async def chunks() -> AsyncIterator[bytes]:
        nonlocal sent
        yield b'{"text": "'
        for _ in range(20):
            sent += 1
            yield b"x" * 100

    for content in (b"x" * 1025, chunks()):
        response = await http.post(f"{visitor.url}/messages", content=content, headers=headers)
        assert (response.status_code, error_code(response)) == (413, "too_large")
    assert sent == 20
    assert engine.turns == []
    assert (await visitor.post(text="x" * 900)).status_code == 200


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (StoreError("kaputt"), 503, "store"),
        (Conflict("kaputt"), 409, "conflict"),
        (ValueError("kaputt"), 500, "internal"),
    ],
)
async def test_failures_inside_keep_the_shape_and_say_nothing_of_the_inside(
    visitor: Visitor,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    status: int,
    code: str,
) -> None:
    async def fail(*_arguments: object, **_named: object) -> None:
        raise error

    monkeypatch.setattr(Conversations, "messages", fail)
    response = await visitor.http.get(f"{visitor.url}/messages", headers=visitor.headers)
    assert (response.status_code, error_code(response)) == (status, code)
    assert "kaputt" not in response.text
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    if status == 500:
        assert "kaputt" not in caplog.text
        assert "ValueError" in caplog.text


async def test_nothing_that_a_visitor_writes_is_logged(
    visitor: Visitor, engine: ScriptedEngine, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, logger="bot"):
        await visitor.say("kim@example.org")
        engine.fail()
        await visitor.say("kim@example.org")
        engine.say('{"replies": "kim@example.org"}')
        await visitor.say("kim@example.org")
        await visitor.post(text="kim@example.org" * 500)
        await visitor.http.delete(visitor.url, headers=visitor.headers)
    assert "apology" in caplog.text
    assert "example" not in caplog.text
    assert visitor.token not in caplog.text
