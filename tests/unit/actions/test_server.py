"""The action server: only the engine may call it, and an error never tells what somebody wrote."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from starlette.applications import Starlette

from actions.server import all_actions, create_app
from bot.settings import Settings
from bot.store import Store
from tests.unit.actions.trackers import Said, tracker

ROOT = Path(__file__).parents[3]
PRIVATE = "my secret is 4711, mail kim@example.com"

Call = Callable[..., httpx.Response]


@pytest.fixture
def settings() -> Settings:
    return Settings(secret_key="k" * 64, engine_token="the-engines-password")


@pytest.fixture
def app(settings: Settings, store: Store, monkeypatch: pytest.MonkeyPatch) -> Starlette:
    monkeypatch.chdir(ROOT)
    return create_app(settings, all_actions(settings, store))


@pytest.fixture
def call(app: Starlette) -> Call:
    """Call the server; `token` None leaves the header out."""

    def call(
        body: Any, *, token: str | None = "the-engines-password", method: str = "POST", path: str = "/webhook"
    ) -> httpx.Response:
        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://actions") as client:
                headers = {} if token is None else {"Authorization": f"Bearer {token}"}
                content = {"content": body} if isinstance(body, bytes) else {"json": body}
                return await client.request(method, path, headers=headers, **content)

        return asyncio.run(send())

    return call


def webhook(action: str, **slots: Any) -> dict[str, Any]:
    """A call as Rasa 3.6 makes it, the domain left out."""
    state = tracker(Said(PRIVATE, "privacy"), **slots).current_state()
    return {"next_action": action, "sender_id": state["sender_id"], "tracker": state, "version": "3.6.21"}


def test_an_action_is_run_for_the_engine(call: Call) -> None:
    response = call(webhook("action_say_privacy"))

    assert response.status_code == 200
    assert response.json()["events"] == []
    assert response.json()["responses"][0]["custom"]["response"] == "say_privacy"


@pytest.mark.parametrize("token", [None, "", "wrong", "the-engines-password ", "the-engines-passwor"])
def test_without_the_token_nothing_is_run(call: Call, token: str | None) -> None:
    response = call(webhook("action_say_privacy"), token=token)

    assert response.status_code == 401
    assert response.json() == {"error": "unauthorised"}


def test_an_action_that_nobody_registered_is_refused_without_an_echo(call: Call) -> None:
    response = call(webhook("action_no_such"))

    assert response.status_code == 404
    assert response.json()["action_name"] == "action_no_such"
    assert PRIVATE not in response.text


def test_an_action_that_fails_tells_and_logs_nothing_that_was_written(
    call: Call, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    body = webhook("action_say_privacy")
    body["tracker"]["slots"]["language"] = PRIVATE

    response = call(body)
    assert response.status_code == 500
    assert response.json() == {"error": "the action failed"}
    assert "action_say_privacy failed: ValueError" in caplog.text
    for part in ("secret", "4711", "kim@"):
        assert part not in caplog.text


NO_CALLS = [
    b"",
    b"\x00\xff",
    PRIVATE.encode(),
    b"[]",
    b'"text"',
    b"null",
    b"{}",
    b'{"next_action": "action_say_privacy"}',
]


@pytest.mark.parametrize("body", NO_CALLS)
def test_what_is_no_call_of_rasa_is_an_error_without_an_echo(call: Call, body: bytes) -> None:
    response = call(body)

    assert response.status_code >= 400 or response.json() is None
    assert "secret" not in response.text


def test_health_is_told_to_anybody(call: Call) -> None:
    response = call(b"", token=None, method="GET", path="/health")

    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.parametrize("path", ["/", "/actions", "/docs"])
def test_there_is_nothing_else_to_call(call: Call, path: str) -> None:
    assert call(b"", method="GET", path=path).status_code == 404


def test_the_server_has_exactly_the_actions_of_the_domain(
    settings: Settings, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    served = [action.name() for action in all_actions(settings, store)]

    assert sorted(served) == sorted(domain["actions"])
