"""Rasa's SQL tracker store, made for one engine that is the only writer of its database.

Three changes. SQLite runs with a write-ahead log and waits for a lock instead of failing. The trackers of the last
conversations stay in memory, so a turn does not read and rebuild all events of its session. And a conversation can be
forgotten. Events are written before the reply leaves, as in Rasa.
"""

from __future__ import annotations

import itertools
import json
from collections import OrderedDict
from typing import Any

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.orm import sessionmaker
from sqlalchemy.pool import StaticPool

CONVERSATIONS_IN_MEMORY = 500
"""About 50 kB each at 25 turns a session."""

BUSY_TIMEOUT_MILLISECONDS = 5_000


class ConversationTrackerStore(SQLTrackerStore):  # type: ignore[misc]
    """Trackers by conversation id; `url` is an SQLAlchemy URL, which Rasa hands over as `host`."""

    def __init__(self, domain: Domain | None = None, host: str | None = None, **kwargs: Any) -> None:
        if not host or "${" in host:
            raise ValueError("endpoints.yml: the tracker store needs an address; set BOT_TRACKER_URL")
        super().__init__(domain=domain, host=host, **kwargs)
        if self.engine.dialect.name == "sqlite":
            self._use_write_ahead_log(host)
        self._trackers: OrderedDict[str, DialogueStateTracker] = OrderedDict()
        self._stored: dict[str, int] = {}

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The tracker of the conversation's latest session.

        It leaves the memory until it is saved: a turn that fails half-way must not leave its half behind.
        """
        tracker = self._trackers.pop(sender_id, None)
        if tracker is None:
            tracker = await super().retrieve(sender_id)
            self._stored[sender_id] = len(tracker.events) if tracker else 0
        return tracker

    async def latest(self, sender_id: str) -> DialogueStateTracker | None:
        """The tracker as last saved, for reading only."""
        return self._trackers.get(sender_id) or await super().retrieve(sender_id)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write the events that are not stored yet, in one transaction."""
        sender = tracker.sender_id
        new = list(itertools.islice(tracker.events, self._stored.get(sender, 0), None))
        with self.session_scope() as session:
            if new:
                session.execute(self.SQLEvent.__table__.insert(), [_row(sender, event) for event in new])
            session.commit()
        self._stored[sender] = len(tracker.events)
        self._trackers.pop(sender, None)
        if any(isinstance(event, SessionStarted) for event in new):
            # The events before it belong to the session before: read anew, the tracker is short again.
            return
        self._trackers[sender] = tracker
        while len(self._trackers) > CONVERSATIONS_IN_MEMORY:
            oldest, _ = self._trackers.popitem(last=False)
            self._stored.pop(oldest, None)

    async def delete(self, sender_id: str) -> None:
        """Forget a conversation: its events are gone from the database and from memory."""
        self._trackers.pop(sender_id, None)
        self._stored.pop(sender_id, None)
        with self.session_scope() as session:
            session.query(self.SQLEvent).filter(self.SQLEvent.sender_id == sender_id).delete()
            session.commit()

    def _use_write_ahead_log(self, url: str) -> None:
        self.engine.dispose()
        # The engine handles turns on one thread; one connection kept open spares opening the file on each turn.
        self.engine = sa.create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False})

        @sa.event.listens_for(self.engine, "connect")
        def _connected(connection: Any, _record: Any) -> None:
            for pragma in ("journal_mode = WAL", "synchronous = NORMAL", f"busy_timeout = {BUSY_TIMEOUT_MILLISECONDS}"):
                connection.execute(f"PRAGMA {pragma}")
            connection.execute("PRAGMA secure_delete = ON")

        self.sessionmaker = sessionmaker(bind=self.engine)


def _row(sender: str, event: Event) -> dict[str, Any]:
    data = event.as_dict()
    return {
        "sender_id": sender,
        "type_name": event.type_name,
        "timestamp": data.get("timestamp"),
        "intent_name": data.get("parse_data", {}).get("intent", {}).get("name"),
        "action_name": data.get("name"),
        "data": json.dumps(data),
    }


def conversation_store(store: Any) -> ConversationTrackerStore:
    """Our store inside the wrappers that Rasa's agent puts around it.

    Raises:
        TypeError: the engine runs with another tracker store.
    """
    while not isinstance(store, ConversationTrackerStore):
        store = getattr(store, "_tracker_store", None)
        if store is None:
            raise TypeError("endpoints.yml: the tracker store must be bot.nlu.tracker_store.ConversationTrackerStore")
    return store
