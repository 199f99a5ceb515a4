"""The page of `make telegram-demo`: people act on it, and it shows what the bot says to each."""

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from starlette.applications import Starlette

from tests.support.bot_api import BotApi, bot_api_app
from tests.support.bot_api.demo import Demo
from tests.support.bot_api.state import TOKEN
from tests.support.local_server import LocalServer

pytestmark = pytest.mark.asyncio


@pytest.fixture
def api() -> BotApi:
    return BotApi()


@pytest_asyncio.fixture
async def page(api: BotApi) -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=[*bot_api_app(api).routes, *Demo(api).routes()])
    async with LocalServer(app) as server, httpx.AsyncClient(base_url=server.url, trust_env=False) as client:
        yield client


async def state(page):
    return (await page.get("/demo/state")).json()


async def test_the_page_runs_nothing_but_its_own_script(page):
    for path in ("/", "/page.css", "/page.js", "/messages.js"):
        response = await page.get(path)
        assert response.status_code == 200
        assert "default-src 'self'" in response.headers["content-security-policy"]
    assert "innerHTML" not in (await page.get("/page.js")).text + (await page.get("/messages.js")).text
    assert (await page.get("/state.py")).status_code == 404


@pytest.mark.parametrize(
    ("act", "given", "kind"),
    [
        ("write", {"text": "/start visa"}, "message"),
        ("send", {"kind": "voice"}, "message"),
        ("contact", {}, "message"),
        ("card", {}, "message"),
        ("group", {"text": "hello"}, "message"),
        ("block", {}, "my_chat_member"),
        ("unblock", {}, "my_chat_member"),
    ],
)
async def test_what_a_person_does_becomes_an_update(api, page, act, given, kind):
    [first, *_] = (await state(page))["people"]
    response = await page.post(f"/demo/people/{first['id']}/{act}", json=given)

    assert response.status_code == 204
    assert list(api.updates[-1]) == ["update_id", kind]


async def test_what_the_bot_says_is_shown_to_the_person_and_their_press_comes_back(api, page):
    added = (await page.post("/demo/people", json={"name": "<i>Anna</i>", "language": "de"})).json()["id"]
    markup = {"inline_keyboard": [[{"text": "Ja", "callback_data": "b:1"}]]}
    sent = {"chat_id": added, "text": "<b>Hallo</b>", "parse_mode": "HTML", "reply_markup": markup}
    await page.post(f"/bot{TOKEN}/sendMessage", json=sent)
    shown = (await state(page))["people"][-1]
    [message] = shown["messages"]
    await page.post(f"/demo/people/{added}/press", json={"message": message["message_id"], "data": "b:1"})

    assert (shown["name"], message["text"]) == ("<i>Anna</i>", "Hallo")
    assert api.updates[-1]["callback_query"]["data"] == "b:1"


async def test_an_edit_changes_the_last_message(api, page):
    [first, *_] = (await state(page))["people"]
    await page.post(f"/demo/people/{first['id']}/write", json={"text": "비자"})
    await page.post(f"/demo/people/{first['id']}/edit", json={"text": "비자 종류"})

    assert api.updates[-1]["edited_message"]["text"] == "비자 종류"


async def test_nobody_and_nothing_known_is_not_found(page):
    [first, *_] = (await state(page))["people"]
    assert (await page.post("/demo/people/1/write", json={"text": "x"})).status_code == 404
    assert (await page.post(f"/demo/people/{first['id']}/fly", json={})).status_code == 404
