"""An outbox in a real database, with a clock that tests set."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from bot.delivery import ClaimedDelivery, DeliverySummary, RetryPolicy
from bot.delivery.outbox import NewDelivery, claim, list_deliveries, put
from bot.store import WEB_CHANNEL, Conversation, DeliveryKind, Store, hash_token

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
