"""Tells whoever follows a conversation what happens in it, within this process."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass
from weakref import WeakSet

from bot.conversations.message import Message
from bot.errors import RateLimited
from bot.store import Sender

MAX_UNREAD_EVENTS = 256
"""A follower that is so far behind is cut off; it resumes from the record by the last id it saw."""

MAX_FOLLOWERS = 8
"""Open streams of one conversation: more than anybody's tabs, too few to exhaust the server with."""

RETRY_AFTER_SECONDS = 30


@dataclass(frozen=True)
class MessageEvent:
    """A message was recorded."""

    message: Message


@dataclass(frozen=True)
class TypingEvent:
    """Somebody is writing. It ends with their next message, which always comes."""

    sender: Sender


Event = MessageEvent | TypingEvent


class Subscription:
    """The events of one conversation from the moment of subscribing; iterate over it."""

    def __init__(self) -> None:
        self._events: asyncio.Queue[Event | None] = asyncio.Queue()
        self._closed = False

    def close(self) -> None:
        """End the iteration after the events already there."""
        if not self._closed:
            self._closed = True
            self._events.put_nowait(None)

    def offer(self, event: Event) -> None:
        """Add an event, or close the subscription if its reader has fallen too far behind."""
        if self._events.qsize() >= MAX_UNREAD_EVENTS:
            self.close()
        if not self._closed:
            self._events.put_nowait(event)

    async def __aiter__(self) -> AsyncIterator[Event]:
        while (event := await self._events.get()) is not None:
            yield event


class Broker:
    """Subscriptions by conversation. Nothing is kept for those who do not listen: the record is in the database."""

    def __init__(self) -> None:
        # Weak: a stream whose client left before it began is never told to close, it just goes away.
        self._subscriptions: defaultdict[str, WeakSet[Subscription]] = defaultdict(WeakSet)

    def subscribe(self, conversation_id: str) -> Subscription:
        """Follow a conversation; drop the subscription or pass it to `unsubscribe` to stop.

        Raises:
            RateLimited: there are `MAX_FOLLOWERS` already.
        """
        followers = self._subscriptions[conversation_id]
        if len(followers) >= MAX_FOLLOWERS:
            raise RateLimited(RETRY_AFTER_SECONDS)
        subscription = Subscription()
        followers.add(subscription)
        return subscription

    def unsubscribe(self, conversation_id: str, subscription: Subscription) -> None:
        """Stop following."""
        followers = self._subscriptions.get(conversation_id)
        if followers is None:
            return
        followers.discard(subscription)
        if not followers:
            del self._subscriptions[conversation_id]

    def publish(self, conversation_id: str, event: Event) -> None:
        """Tell all followers of a conversation."""
        for subscription in tuple(self._subscriptions.get(conversation_id, ())):
            subscription.offer(event)

    def close(self, conversation_id: str) -> None:
        """End all streams of a conversation, because it is gone."""
        for subscription in tuple(self._subscriptions.pop(conversation_id, ())):
            subscription.close()

    def close_all(self) -> None:
        """End all streams, because the process stops."""
        for conversation_id in tuple(self._subscriptions):
            self.close(conversation_id)
