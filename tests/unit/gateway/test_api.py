import asyncio
import math
import time
from datetime import datetime, timedelta
from uuid import uuid4

import httpx
import pytest

from bot.conversations.replies import REPEAT_TITLES
from bot.knowledge import Language
from bot.settings import Settings
from bot.store import Message, MessageState, Sender, Store
from tests.support.assistant import APOLOGIES, GREETINGS
from tests.support.scripted_engine import ScriptedEngine, reply
from tests.unit.gateway.conftest import OpenGateway, Visitor, start

pytestmark = pytest.mark.asyncio


@pytest.mark.parametrize("language", list(Language))
async def test_a_conversation_begins_with_a_token_and_a_greeting(http: httpx.AsyncClient, language: Language) -> None:
    response = await http.post("/api/conversations", json={"language": language})
    assert response.status_code == 201
    body = response.json()
    assert set(body) == {"id", "token", "language", "messages"}
    assert (body["language"], body["messages"][0]["text"]) == (language, GREETINGS[language])


@pytest.mark.parametrize(
    ("preferred", "language"),
    [
        ("ko-KR,ko;q=0.9,en;q=0.8", "ko"),
        ("fr, de-AT;q=0.7, en;q=0.3", "de"),
        ("en;q=0.1, de;q=0", "en"),
        ("fr", "en"),
        ("*;;;q=,,,de;q=x", "en"),
        ("", "en"),
    ],
)
async def test_without_a_choice_the_greeting_is_in_what_the_browser_prefers(
    http: httpx.AsyncClient, preferred: str, language: str
) -> None:
    for body in ({"language": None}, {}):
        response = await http.post("/api/conversations", json=body, headers={"Accept-Language": preferred})
        assert response.json()["language"] == language


async def test_a_message_has_every_field_of_the_contract(visitor: Visitor, engine: ScriptedEngine) -> None:
    engine.answer(reply("Nothing.", entry="cost", asks="name", buttons={"Menu": "/menu"}))
    message = await visitor.say("What does it cost?")
    button_ids = [button.pop("id") for button in message["buttons"]]
    assert all(isinstance(button_id, str) for button_id in button_ids)
    moment = datetime.fromisoformat(message.pop("created_at"))
    assert moment.utcoffset() == timedelta(0)
    assert message == {
        "id": visitor.messages[0]["id"] + 2,
        "sender": "bot",
        "text": "Nothing.",
        "language": "en",
        "buttons": [{"title": "Menu"}, {"title": "who in en?"}, {"title": "where in en?"}],
        "sources": [
            {"title": "Source of cost", "url": "https://example.org/cost", "as_of": "2021"},
            {"title": "A paper", "url": None, "as_of": "2021"},
        ],
        "entry": "cost",
        "asks": "name",
    }


async def test_the_same_client_id_brings_the_same_answer_at_the_same_time_and_later(
    visitor: Visitor, engine: ScriptedEngine
) -> None:
    gate = engine.hang()
    same = str(uuid4())
    posts = [asyncio.create_task(visitor.post(client_id=same, text="hello")) for _ in range(3)]
    await engine.wait_for_turns(1)
    gate.set()
    answers = [response.json() for response in await asyncio.gather(*posts)]
    answers.append((await visitor.post(client_id=same.upper(), text="hello")).json())
    assert all(answer == answers[0] for answer in answers)
    assert len(engine.turns) == 1


async def test_messages_are_listed_after_an_id(visitor: Visitor) -> None:
    answer = await visitor.say("hello")
    everything = await visitor.history()
    assert [message["sender"] for message in everything] == ["bot", "user", "bot"]
    assert await visitor.history(after=everything[1]["id"]) == [answer]
    assert await visitor.history(after=2**63 - 1) == []


async def test_a_button_is_pressed_by_its_id(visitor: Visitor, engine: ScriptedEngine) -> None:
    button = visitor.messages[0]["buttons"][0]["id"]
    assert (await visitor.post(button=button)).status_code == 200
    assert engine.turns[0]["payload"] == "/menu"


async def test_a_button_of_another_conversation_is_refused(visitor: Visitor, http: httpx.AsyncClient) -> None:
    other = await start(http)
    response = await visitor.post(button=other.messages[0]["buttons"][0]["id"])
    assert response.status_code == 422
    assert response.json()["error"]["code"] == "unknown_button"


@pytest.mark.parametrize(
    "text", ["/restart", '/inquire{"topic":"x"}', "<b>x</b>", "' OR 1=1 --", "\u202eשלום", "👩‍👩‍👧‍👦"]
)
async def test_text_is_data(visitor: Visitor, engine: ScriptedEngine, text: str) -> None:
    assert (await visitor.say(text))["text"] == f"echo: {text}"
    assert (engine.turns[0]["text"], engine.turns[0]["payload"]) == (text, None)
    assert (await visitor.history())[1]["text"] == text


async def test_nul_and_broken_unicode_do_no_harm(visitor: Visitor, engine: ScriptedEngine) -> None:
    await visitor.say("a\x00b")
    assert engine.turns[0]["text"] == "ab"
    content = f'{{"client_id": "{uuid4()}", "text": "\\ud83d"}}'
    headers = visitor.headers | {"Content-Type": "application/json"}
    response = await visitor.http.post(f"{visitor.url}/messages", content=content, headers=headers)
    assert response.status_code == 422


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("trouble", ["hang", "crash", "empty"])
async def test_engine_trouble_is_an_apology_with_a_way_to_ask_again(
    open_gateway: OpenGateway, engine: ScriptedEngine, language: Language, trouble: str
) -> None:
    http = await open_gateway(engine_timeout_seconds=0.1 if trouble == "hang" else 5)
    visitor = await start(http, language)
    match trouble:
        case "hang":
            engine.hang()
        case "crash":
            engine.fail()
        case "empty":
            engine.say_nothing(times=2)
    apology = await visitor.say("question")
    assert (apology["text"], apology["language"]) == (APOLOGIES[language], language)
    (button,) = apology["buttons"]
    assert button["title"] == REPEAT_TITLES[language]
    if trouble == "hang":
        return
    again = await visitor.post(button=button["id"])
    assert again.json()["messages"][-1]["text"] == "echo: question"


async def test_feedback_is_taken_for_replies_only(visitor: Visitor) -> None:
    answer = await visitor.say("hello")

    async def rate(message_id: int, **body: object) -> int:
        content = {"message_id": message_id, "helpful": True} | body
        response = await visitor.http.post(f"{visitor.url}/feedback", json=content, headers=visitor.headers)
        return response.status_code

    assert await rate(answer["id"]) == 204
    assert await rate(answer["id"], helpful=False, comment="too short") == 204
    assert await rate(answer["id"], comment=None) == 204
    assert await rate(answer["id"] - 1) == 404
    assert await rate(answer["id"], comment="x" * 1001) == 422
    assert await rate(answer["id"], helpful="perhaps") == 422
    assert await rate(2**64) == 422


async def test_an_erased_conversation_is_gone(visitor: Visitor, engine: ScriptedEngine) -> None:
    await visitor.say("hello")
    response = await visitor.http.delete(visitor.url, headers=visitor.headers)
    assert response.status_code == 200
    report = response.json()
    assert set(report) == {"erased", "kept"}
    assert report["kept"] == []
    assert "3 messages" in report["erased"][0]
    assert engine.forgotten == [visitor.id]
    assert (await visitor.post(text="hello")).status_code == 401


async def test_an_erasure_that_fails_says_so_and_can_be_repeated(visitor: Visitor, engine: ScriptedEngine) -> None:
    engine.can_forget = False
    response = await visitor.http.delete(visitor.url, headers=visitor.headers)
    assert response.status_code == 503
    assert "Retry-After" in response.headers
    engine.can_forget = True
    assert (await visitor.http.delete(visitor.url, headers=visitor.headers)).status_code == 200


async def test_other_peoples_conversations_are_not_found(visitor: Visitor, http: httpx.AsyncClient) -> None:
    other = await start(http)
    calls = [
        ("POST", f"{other.url}/messages", {"client_id": str(uuid4()), "text": "hello"}),
        ("GET", f"{other.url}/messages", None),
        ("GET", f"{other.url}/events", None),
        ("POST", f"{other.url}/feedback", {"message_id": other.messages[0]["id"], "helpful": True}),
        ("DELETE", other.url, None),
        ("GET", "/api/conversations/0/messages", None),
    ]
    for method, url, body in calls:
        mine = await http.request(method, url, json=body, headers=visitor.headers)
        assert (mine.status_code, mine.json()["error"]["code"]) == (404, "not_found"), url
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {other.token}"}):
            stranger = await http.request(method, url, json=body, headers=headers)
            assert (stranger.status_code, stranger.json()["error"]["code"]) == (401, "unauthorized"), url
            assert stranger.headers["WWW-Authenticate"] == "Bearer"
    assert len(await other.history()) == 1


async def test_too_many_messages_are_told_when_to_come_back(open_gateway: OpenGateway) -> None:
    http = await open_gateway(rate_limit_messages="2/minute")
    visitor, other = await start(http), await start(http)
    for _ in range(2):
        await visitor.say("hello")
    response = await visitor.post(text="hello")
    assert (response.status_code, response.json()["error"]["code"]) == (429, "rate_limited")
    assert 1 <= int(response.headers["Retry-After"]) <= 60
    assert (await other.say("hello"))["text"] == "echo: hello"


async def test_too_many_conversations_from_one_address_are_refused(open_gateway: OpenGateway) -> None:
    http = await open_gateway(rate_limit_conversations="3/hour")
    statuses = [(await http.post("/api/conversations", json={})).status_code for _ in range(4)]
    assert statuses == [201, 201, 201, 429]
    headers = {"X-Forwarded-For": "192.0.2.7"}
    assert (await http.post("/api/conversations", json={}, headers=headers)).status_code == 429


async def test_what_a_crash_left_is_answered_after_the_restart(
    open_gateway: OpenGateway, engine: ScriptedEngine, settings: Settings
) -> None:
    before = await start(await open_gateway())
    store = Store(settings.database_url)
    with store.session() as session:
        session.add(
            Message(
                conversation_id=before.id,
                sender=Sender.USER,
                text="left",
                language="en",
                state=MessageState.PENDING,
                sources=[],
            )
        )
    store.close()
    after = Visitor(await open_gateway(), before.id, before.token, before.messages)
    await engine.wait_for_turns(1)
    # The recovery holds the conversation until its reply is recorded; the next message comes after it.
    await after.say("next")
    assert [message["text"] for message in await after.history()][1:] == ["left", "echo: left", "next", "echo: next"]


async def test_a_turn_costs_little_more_than_the_engine(visitor: Visitor) -> None:
    await visitor.say("warm up")
    durations = []
    for number in range(20):
        began = time.perf_counter()
        await visitor.say(f"number {number}")
        durations.append(time.perf_counter() - began)
    # A tenth of a second is generous: this is to notice a lost connection or a stalled loop, not to measure.
    assert sorted(durations)[math.floor(len(durations) / 2)] < 0.1
