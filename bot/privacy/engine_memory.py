"""What the dialogue engine remembers of a conversation: read and forgotten, whether it runs or not."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Engine, Float, Integer, String, Text, column, delete, inspect, make_url, select, table
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import EngineTimeout, EngineUnavailable, StoreError
from bot.privacy.sweep import sweep
from bot.settings import Settings
from bot.store.session import open_engine

EVENTS = table(
    "events",
    column("id", Integer),
    column("sender_id", String),
    column("type_name", String),
    column("timestamp", Float),
    column("data", Text),
)
"""Rasa's own table; a conversation's id is its sender's."""

TIMEOUT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class EngineEvent:
    """One thing that the engine noted: what was said, understood, or kept in a slot."""

    type: str
    at: datetime
    data: dict[str, Any]


class EngineMemory:
    """The engine's tracker store.

    A running engine is asked to forget, as it keeps trackers in memory, too; of one that is stopped the database is
    changed directly.

    Args:
        settings: where engine and database are, and the password between them.
    """

    def __init__(self, settings: Settings) -> None:
        self._url = settings.tracker_url
        self._address = settings.engine_url
        self._token = settings.engine_token.get_secret_value()

    def forget(self, conversation_ids: Iterable[str]) -> None:
        """Have conversations forgotten; twice is fine.

        Raises:
            EngineUnavailable, EngineTimeout: the engine runs, but did not do it.
            StoreError: the engine is stopped, and its database failed.
        """
        ids = list(conversation_ids)
        with httpx.Client(
            base_url=self._address,
            headers={"Authorization": f"Bearer {self._token}"},
            timeout=TIMEOUT_SECONDS,
            trust_env=False,
        ) as client:
            try:
                for conversation_id in ids:
                    self._ask_to_forget(client, conversation_id)
            except httpx.ConnectError:
                self._delete(ids)

    def count(self, conversation_ids: Iterable[str]) -> int:
        """How many events the engine keeps of these conversations."""
        return sum(len(events) for events in self.read(conversation_ids).values())

    def read(self, conversation_ids: Iterable[str]) -> dict[str, list[EngineEvent]]:
        """What the engine keeps of these conversations, in order; conversations without events are left out.

        Raises:
            StoreError: its database failed.
        """
        found: dict[str, list[EngineEvent]] = {}
        engine = self._open()
        if engine is None:
            return found
        try:
            with engine.connect() as connection:
                for conversation_id in conversation_ids:
                    query = select(EVENTS).where(EVENTS.c.sender_id == conversation_id).order_by(EVENTS.c.id)
                    rows = connection.execute(query).all()
                    if rows:
                        found[conversation_id] = [
                            EngineEvent(row.type_name, datetime.fromtimestamp(row.timestamp, UTC), json.loads(row.data))
                            for row in rows
                        ]
            return found
        except SQLAlchemyError as error:
            raise StoreError(f"the engine's database failed: {type(error).__name__}") from None
        finally:
            engine.dispose()

    def sweep(self) -> bool:
        """See that nothing of what was forgotten stays in the database's files; see `bot.privacy.sweep`."""
        engine = self._open()
        if engine is None:
            return True
        try:
            return sweep(engine, [EVENTS.name])
        finally:
            engine.dispose()

    def _ask_to_forget(self, client: httpx.Client, conversation_id: str) -> None:
        try:
            response = client.delete(f"/webhooks/gateway/conversations/{conversation_id}")
        except httpx.ConnectError:
            raise
        except httpx.TimeoutException:
            raise EngineTimeout(f"no answer within {TIMEOUT_SECONDS:g} s to an erasure") from None
        except httpx.HTTPError as error:
            raise EngineUnavailable(f"not reached: {type(error).__name__}") from None
        if response.status_code not in (httpx.codes.NO_CONTENT, httpx.codes.OK, httpx.codes.NOT_FOUND):
            raise EngineUnavailable(f"status {response.status_code} to an erasure; is BOT_ENGINE_TOKEN the engine's?")

    def _delete(self, conversation_ids: list[str]) -> None:
        engine = self._open()
        if engine is None:
            return
        try:
            with engine.begin() as connection:
                for conversation_id in conversation_ids:
                    connection.execute(delete(EVENTS).where(EVENTS.c.sender_id == conversation_id))
        except SQLAlchemyError as error:
            raise StoreError(f"the engine's database failed: {type(error).__name__}") from None
        finally:
            engine.dispose()

    def _open(self) -> Engine | None:
        """The database, or None if the engine has never written to one."""
        url = make_url(self._url)
        if url.get_backend_name() == "sqlite" and not (url.database and Path(url.database).exists()):
            return None
        # The engine has another driver.
        engine = open_engine(url.set(drivername=url.get_backend_name()).render_as_string(hide_password=False))
        try:
            if inspect(engine).has_table(EVENTS.name):
                return engine
        except SQLAlchemyError as error:
            engine.dispose()
            raise StoreError(f"the engine's database failed: {type(error).__name__}") from None
        engine.dispose()
        return None
