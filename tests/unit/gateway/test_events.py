import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from bot.conversations.broker import MAX_FOLLOWERS
from tests.support.scripted_engine import ScriptedEngine, reply
from tests.unit.gateway.conftest import Visitor, start

pytestmark = pytest.mark.asyncio


@dataclass
class StreamedEvent:
    kind: str
    id: str | None
    data: dict[str, Any]


@asynccontextmanager
async def follow(visitor: Visitor, last_event_id: str | None = None) -> AsyncIterator[AsyncIterator[StreamedEvent]]:
    """The visitor's event stream, open once the block begins."""
    headers = visitor.headers | ({"Last-Event-ID": last_event_id} if last_event_id is not None else {})
    async with visitor.http.stream("GET", f"{visitor.url}/events", headers=headers) as response:
        assert response.status_code == 200
        assert response.headers["Content-Type"].startswith("text/event-stream")
        yield _events(response)


async def _events(response: httpx.Response) -> AsyncIterator[StreamedEvent]:
    fields: dict[str, str] = {}
    async for line in response.aiter_lines():
        name, _, value = line.partition(": ")
        if line:
            fields[name] = value
            continue
        if "data" in fields:
            yield StreamedEvent(fields["event"], fields.get("id"), json.loads(fields["data"]))
        fields = {}


async def take(events: AsyncIterator[StreamedEvent], count: int) -> list[StreamedEvent]:
    async with asyncio.timeout(10):
        return [await anext(events) for _ in range(count)]


async def test_a_stream_tells_of_typing_and_messages_as_they_happen(visitor: Visitor, engine: ScriptedEngine) -> None:
    gate = engine.hang()
    async with follow(visitor) as events:
        posting = asyncio.create_task(visitor.say("hello"))
        question, typing = await take(events, 2)
        assert (question.kind, question.data["sender"], question.data["text"]) == ("message", "user", "hello")
        assert (typing.kind, typing.id, typing.data) == ("typing", None, {"sender": "bot", "active": True})
        assert not posting.done()
        gate.set()
        (answer,) = await take(events, 1)
    assert (answer.kind, answer.id) == ("message", str(answer.data["id"]))
    assert answer.data == await posting


async def test_a_stream_resumes_after_the_last_event(visitor: Visitor, engine: ScriptedEngine) -> None:
    async with follow(visitor) as events:
        await visitor.say("first")
        seen = await take(events, 3)
    await visitor.say("while away")
    async with follow(visitor, seen[-1].id) as events:
        missed = await take(events, 2)
        await visitor.say("back")
        live = await take(events, 3)
    texts = [event.data["text"] for event in (*missed, *live) if event.kind == "message"]
    assert texts == ["while away", "echo: while away", "back", "echo: back"]


async def test_a_stream_from_the_beginning_brings_everything(visitor: Visitor) -> None:
    await visitor.say("hello")
    async with follow(visitor, "0") as events:
        assert [event.data for event in await take(events, 3)] == await visitor.history()


async def test_several_replies_come_in_order_to_every_follower(visitor: Visitor, engine: ScriptedEngine) -> None:
    engine.answer(reply("one"), reply("two\nlines"), reply("three"))
    async with follow(visitor) as here, follow(visitor) as there:
        await visitor.say("hello")
        for events in (here, there):
            told = [event.data.get("text") for event in await take(events, 5)]
            assert told == ["hello", None, "one", "two\nlines", "three"]


async def test_a_stream_tells_nothing_of_others(visitor: Visitor, http: httpx.AsyncClient) -> None:
    other = await start(http)
    async with follow(visitor) as events:
        await other.say("private")
        await visitor.say("mine")
        assert (await take(events, 1))[0].data["text"] == "mine"


async def test_a_stream_ends_when_the_conversation_is_erased(visitor: Visitor) -> None:
    async with follow(visitor) as events:
        await visitor.http.delete(visitor.url, headers=visitor.headers)
        async with asyncio.timeout(10):
            assert [event async for event in events] == []


@pytest.mark.parametrize("last_event_id", ["abc", "-1", "1.5", "9" * 30, "1' OR 1=1", str(2**63)])
async def test_an_id_that_was_never_given_is_refused(visitor: Visitor, last_event_id: str) -> None:
    headers = visitor.headers | {"Last-Event-ID": last_event_id}
    response = await visitor.http.get(f"{visitor.url}/events", headers=headers)
    assert response.status_code == 422
    assert response.json()["error"]["message"].startswith("Last-Event-ID")


async def test_a_conversation_has_only_so_many_streams(visitor: Visitor) -> None:
    broker = visitor.http  # The client's pool is larger than the limit.
    streams = [follow(visitor) for _ in range(MAX_FOLLOWERS)]
    for stream in streams:
        await stream.__aenter__()
    response = await broker.get(f"{visitor.url}/events", headers=visitor.headers)
    assert response.status_code == 429
    for stream in streams:
        await stream.__aexit__(None, None, None)
