"""What staff do in another process is seen on the page: in its event stream, and when the visitor comes back."""

import asyncio
from uuid import uuid4

import httpx
import pytest

from bot.conversations.staff import StaffConversations
from bot.delivery.inquiries import inquiry_service
from bot.inquiries import CONSENT_VERSION, InquiryDraft, staff
from bot.settings import Settings
from bot.store import Store
from tests.support.scripted_engine import ScriptedEngine
from tests.unit.gateway.conftest import OpenGateway, Visitor, start
from tests.unit.gateway.test_events import follow, take

pytestmark = pytest.mark.asyncio


def log_and_reply(settings: Settings, conversation_id: str, text: str) -> str:
    """As another process does it: log an inquiry and reply to it; the reference."""
    store = Store(settings.database_url)
    inquiries = inquiry_service(store, settings)
    draft = InquiryDraft(
        conversation_id, "en", "visa", "Question", "Kim", None, "kim@example.com", "KR", CONSENT_VERSION, uuid4().hex
    )
    reference = inquiries.log(draft).reference
    with inquiries.change(reference, staff("anna")) as case:
        case.reply(text, "en")
    store.close()
    return reference


async def test_a_reply_appears_in_the_open_page_and_can_be_answered_there(
    visitor: Visitor, settings: Settings, engine: ScriptedEngine
) -> None:
    async with follow(visitor) as events:
        reference = await asyncio.to_thread(log_and_reply, settings, visitor.id, "Gladly.")
        (event,) = await take(events, 1)
        assert event.kind == "message"
        assert event.data["sender"] == "staff"
        assert reference in event.data["text"]
        assert event.id == str(event.data["id"])
        (button,) = event.data["buttons"]
        asked = (await visitor.post(button=button["id"])).json()["messages"]
        assert asked[0]["asks"] == "message"
        said = await visitor.say("Does Tuesday suit you?")
        assert reference in said["text"]
        texts = [event.data["text"] for event in await take(events, 4)]
        assert texts[2:] == ["Does Tuesday suit you?", said["text"]]
    assert engine.turns == []


async def test_a_reply_is_there_when_the_visitor_comes_back(visitor: Visitor, settings: Settings) -> None:
    seen = visitor.messages[-1]["id"]
    await asyncio.to_thread(log_and_reply, settings, visitor.id, "Gladly.")
    # The page was closed; it comes back with the last id that it saw.
    async with follow(visitor, str(seen)) as events:
        (event,) = await take(events, 1)
    assert event.data["sender"] == "staff"
    assert (await visitor.history(seen)) == [event.data]


async def test_a_conversation_taken_over_by_another_process_is_silent_and_goes_back(
    visitor: Visitor, settings: Settings, engine: ScriptedEngine
) -> None:
    store = Store(settings.database_url)
    service = StaffConversations(store, settings)
    async with follow(visitor) as events:
        await asyncio.to_thread(service.take_over, visitor.id, "anna")
        (notice,) = await take(events, 1)
        assert (notice.data["sender"], "team" in notice.data["text"]) == ("bot", True)
        response = await visitor.post(text="Hello?")
        assert (response.status_code, response.json()) == (200, {"messages": []})
        await asyncio.to_thread(service.say, visitor.id, "anna", "Hello, Anna here.")
        asked, answered = await take(events, 2)
        assert (asked.data["sender"], answered.data["sender"]) == ("user", "staff")
        assert answered.data["text"] == "Hello, Anna here."
        await asyncio.to_thread(service.release, visitor.id)
        (back,) = await take(events, 1)
        assert back.data["sender"] == "bot"
    assert engine.turns == []
    assert (await visitor.say("What is StartHub?"))["text"] == "echo: What is StartHub?"
    store.close()


async def test_a_conversation_goes_back_by_itself_after_the_set_time(
    open_gateway: OpenGateway, settings: Settings
) -> None:
    http: httpx.AsyncClient = await open_gateway()
    visitor = await start(http)
    store = Store(settings.database_url)
    short = StaffConversations(store, settings.model_copy(update={"hold_minutes": 0.001}))
    async with follow(visitor) as events:
        await asyncio.to_thread(short.take_over, visitor.id, "anna")
        taken, back = await take(events, 2)
        assert "does not answer" in taken.data["text"]
        assert "answers again" in back.data["text"]
    store.close()
