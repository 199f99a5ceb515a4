"""An outbox in a real database, with a clock that tests set."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio

from bot.conversations import Conversations, EngineClient, Message, open_engine_connections
from bot.conversations.staff import StaffConversations
from bot.delivery import ClaimedDelivery, DeliverySummary, RetryPolicy, Worker
from bot.delivery.inquiries import InquiryOutbox
from bot.delivery.outbox import NewDelivery, claim, list_deliveries, put
from bot.gateway.services import PageCourier
from bot.inquiries import CONSENT_VERSION, Desk, Inquiries, InquiryDraft, staff
from bot.knowledge import Language
from bot.settings import Settings
from bot.store import WEB_CHANNEL, Conversation, DeliveryKind, Store, hash_token, utc_now
from tests.support.assistant import make_settings, no_pause, sample_knowledge, sample_responses
from tests.support.scripted_engine import ScriptedEngine

START = datetime(2026, 11, 24, 12, tzinfo=UTC)
LEASE_SECONDS = 60.0
POLICY = RetryPolicy(attempts=3, chance=lambda: 0.5)


@dataclass
class Clock:
    """The time, which passes only when told."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def go_on(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class Box:
    """The outbox as its users see it, each call a transaction of its own."""

    store: Store
    clock: Clock

    def conversation(self) -> str:
        with self.store.session() as session:
            conversation = Conversation(token_hash=hash_token("t"), language="de")
            session.add(conversation)
            session.flush()
            return conversation.id

    def put(
        self,
        key: str,
        *,
        conversation_id: str | None = None,
        channel: str = WEB_CHANNEL,
        text: str | None = "Guten Tag",
        inquiry_id: int | None = None,
        kind: DeliveryKind = DeliveryKind.STAFF_MESSAGE,
    ) -> None:
        new = NewDelivery(key, kind, channel, "de", conversation_id, inquiry_id, text)
        with self.store.session() as session:
            put(session, new, self.clock())

    def claim(self, channel: str = WEB_CHANNEL, limit: int = 10) -> tuple[ClaimedDelivery, ...]:
        with self.store.session() as session:
            return claim(session, channel, self.clock(), limit=limit, lease_seconds=LEASE_SECONDS, policy=POLICY)

    def all(self) -> list[DeliverySummary]:
        """Oldest first."""
        with self.store.reading() as session:
            return list(reversed(list_deliveries(session, limit=1000)))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def box(store: Store, clock: Clock) -> Box:
    return Box(store, clock)


@dataclass
class Office:
    """Askers, staff and the workers between them, on a real database and a scripted engine behind real HTTP."""

    settings: Settings
    store: Store
    engine: ScriptedEngine
    connections: httpx.AsyncClient
    clock: Clock
    conversations: Conversations
    staff: StaffConversations
    inquiries: Inquiries

    def another_process(self) -> Conversations:
        """The conversation service of another process on the same database."""
        client = EngineClient(self.connections, self.settings, pause=no_pause)
        return Conversations(self.store, client, sample_knowledge(), sample_responses(), self.settings, pause=no_pause)

    def worker(self, conversations: Conversations | None = None) -> Worker:
        """A worker that shows deliveries on the page."""
        service = conversations or self.conversations
        return Worker(service.transactions, WEB_CHANNEL, PageCourier(service), POLICY, clock=self.clock)

    async def deliver(self) -> int:
        """Have everything shown that is due; how much that was."""
        worker, count = self.worker(), 0
        while found := await worker.deliver_due():
            count += found
        return count

    async def start(self, language: Language = Language.GERMAN, channel: str = WEB_CHANNEL) -> str:
        return (await self.conversations.start(language, channel=channel)).id

    def log(self, conversation_id: str | None, language: str = "de", email: str = "kim@example.com") -> str:
        """Log an inquiry; its reference."""
        draft = InquiryDraft(
            conversation_id=conversation_id,
            language=language,
            topic="starthub",
            message="Wir suchen Partner.",
            name="Minsu Kim",
            company=None,
            email=email,
            country="KR",
            consent_version=CONSENT_VERSION,
            idempotency_key=uuid4().hex,
        )
        return self.inquiries.log(draft).reference

    def reply(self, reference: str, text: str = "Gern.", language: str = "de") -> None:
        with self.inquiries.change(reference, staff("anna")) as case:
            case.reply(text, language)

    async def say(self, conversation_id: str, text: str, client_id: str | None = None) -> list[Message]:
        return await self.conversations.post(conversation_id, client_id or str(uuid4()), text=text)

    async def press(self, conversation_id: str, title: str) -> list[Message]:
        """Press the latest button with this title."""
        messages = await self.conversations.messages(conversation_id)
        button = next(button for message in reversed(messages) for button in message.buttons if button.title == title)
        return await self.conversations.post(conversation_id, str(uuid4()), button=button.id)

    def deliveries(self, channel: str | None = None) -> list[DeliverySummary]:
        """Oldest first."""
        with self.store.reading() as session:
            return list(reversed(list_deliveries(session, None, channel, limit=None)))


@pytest_asyncio.fixture
async def engine() -> AsyncIterator[ScriptedEngine]:
    async with ScriptedEngine() as scripted:
        yield scripted


@pytest.fixture
def settings(tmp_path: Path, url: str, engine: ScriptedEngine) -> Settings:
    return make_settings(tmp_path, engine.port, database_url=url, engine_session_turns=3, hold_minutes=10)


@pytest_asyncio.fixture
async def office(settings: Settings, store: Store, engine: ScriptedEngine) -> AsyncIterator[Office]:
    async with open_engine_connections(settings) as connections:
        client = EngineClient(connections, settings, pause=no_pause)
        conversations = Conversations(store, client, sample_knowledge(), sample_responses(), settings, pause=no_pause)
        # Holds are compared with the real time when a message comes in.
        clock = Clock(utc_now())
        yield Office(
            settings,
            store,
            engine,
            connections,
            clock,
            conversations,
            StaffConversations(store, settings, clock),
            Inquiries(store, clock, desk=Desk.of(settings, InquiryOutbox(settings, clock))),
        )
