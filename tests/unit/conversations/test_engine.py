import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from pydantic import SecretStr

from bot.conversations import EngineClient, TurnRequest, open_engine_connections
from bot.errors import EngineTimeout, EngineUnavailable
from bot.knowledge import Language
from bot.settings import Settings
from tests.support.assistant import make_settings
from tests.support.local_server import free_port
from tests.support.scripted_engine import ScriptedEngine, reply

pytestmark = pytest.mark.asyncio

REQUEST = TurnRequest(
    conversation="c" * 32,
    text="Was kostet das?",
    language=Language.GERMAN,
    pinned=True,
    payload=None,
    previous_entry="who",
    asks=None,
    message_id=7,
    new_session=False,
)


class Pauses(list[float]):
    """Takes the place of waiting and notes how long it would have been."""

    async def __call__(self, seconds: float) -> None:
        self.append(seconds)


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()


@pytest_asyncio.fixture
async def client(settings: Settings, pauses: Pauses) -> AsyncIterator[EngineClient]:
    async with open_engine_connections(settings) as connections:
        yield EngineClient(connections, settings, pause=pauses)


async def test_a_turn_is_sent_whole_and_answered(client: EngineClient, engine: ScriptedEngine) -> None:
    engine.answer(reply("Nichts.", entry="cost"), confidence=0.8, entities=[{"entity": "year", "value": 2021}])
    result = await client.turn(REQUEST)
    assert engine.turns == [
        {
            "conversation": "c" * 32,
            "text": "Was kostet das?",
            "language": "de",
            "pinned": True,
            "payload": None,
            "previous_entry": "who",
            "asks": None,
            "message_id": 7,
            "new_session": False,
        }
    ]
    assert result.replies[0].custom.entry == "cost"
    assert result.entities[0].value == "2021"


@pytest.mark.parametrize("trouble", ["loading", "empty"])
async def test_a_passing_failure_is_tried_once_more(
    client: EngineClient, engine: ScriptedEngine, pauses: Pauses, trouble: str
) -> None:
    engine.fail(503) if trouble == "loading" else engine.say_nothing()
    result = await client.turn(REQUEST)
    assert result.replies[0].text == "echo: Was kostet das?"
    assert pauses == [1.0]
    assert len(engine.turns) == 2


async def test_no_reply_twice_is_a_failure(client: EngineClient, engine: ScriptedEngine) -> None:
    engine.say_nothing(times=2)
    with pytest.raises(EngineUnavailable):
        await client.turn(REQUEST)
    assert len(engine.turns) == 2


@pytest.mark.parametrize("status", [400, 401, 404, 422, 500, 502])
async def test_a_lasting_failure_is_not_tried_again(
    client: EngineClient, engine: ScriptedEngine, pauses: Pauses, status: int
) -> None:
    engine.fail(status)
    with pytest.raises(EngineUnavailable):
        await client.turn(REQUEST)
    assert pauses == []


@pytest.mark.parametrize("body", ["", "null", "[]", "{}", '{"replies": 3}', "<html>", "\ufeff{}"])
async def test_an_answer_of_another_shape_is_a_failure_that_is_not_quoted(
    client: EngineClient, engine: ScriptedEngine, body: str
) -> None:
    engine.say(body)
    with pytest.raises(EngineUnavailable) as failure:
        await client.turn(REQUEST)
    assert "html" not in str(failure.value)


async def test_nulls_where_the_engine_has_nothing_to_say_are_taken(
    client: EngineClient, engine: ScriptedEngine
) -> None:
    replies = [{"text": "Hi", "buttons": None, "custom": None}, {"text": None}]
    engine.say(json.dumps({"replies": replies, "language": "en", "pinned": False}))
    result = await client.turn(REQUEST)
    assert result.replies[0].buttons == ()
    assert not result.erases_conversation


async def test_an_engine_that_hangs_is_given_up(tmp_path: Path, engine: ScriptedEngine, pauses: Pauses) -> None:
    engine.hang()
    settings = make_settings(tmp_path, engine.port, engine_timeout_seconds=0.05)
    async with open_engine_connections(settings) as connections:
        with pytest.raises(EngineTimeout):
            await EngineClient(connections, settings, pause=pauses).turn(REQUEST)


async def test_an_engine_that_is_down_is_unavailable(tmp_path: Path, pauses: Pauses) -> None:
    settings = make_settings(tmp_path, free_port())
    async with open_engine_connections(settings) as connections:
        client = EngineClient(connections, settings, pause=pauses)
        assert not await client.ready()
        with pytest.raises(EngineUnavailable):
            await client.turn(REQUEST)
        with pytest.raises(EngineUnavailable):
            await client.forget("c" * 32)


async def test_a_wrong_password_is_unavailable(tmp_path: Path, engine: ScriptedEngine, pauses: Pauses) -> None:
    settings = make_settings(tmp_path, engine.port, engine_token=SecretStr("wrong"))
    async with open_engine_connections(settings) as connections:
        client = EngineClient(connections, settings, pause=pauses)
        with pytest.raises(EngineUnavailable):
            await client.turn(REQUEST)
        with pytest.raises(EngineUnavailable):
            await client.forget("c" * 32)
    assert engine.turns == []


async def test_readiness_and_forgetting(client: EngineClient, engine: ScriptedEngine) -> None:
    assert await client.ready()
    engine.is_ready = False
    assert not await client.ready()
    await client.forget("c" * 32)
    assert engine.forgotten == ["c" * 32]
