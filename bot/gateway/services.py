"""What the routes work with, opened when the server starts and closed when it stops."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import httpx
from fastapi import Depends, Request

from bot.conversations import Conversations, EngineClient, open_engine_connections
from bot.conversations.clocks import watch_clocks
from bot.conversations.engine import Pause, open_local_connections
from bot.delivery import ClaimedDelivery, RetryPolicy, Worker
from bot.delivery.services import open_workers
from bot.errors import AssistantError
from bot.gateway.limits import RateLimits
from bot.knowledge import KnowledgeBase, Responses, load_knowledge, load_responses
from bot.meanings.keeper import MeaningKeeper
from bot.privacy.service import Privacy
from bot.settings import Settings
from bot.store import WEB_CHANNEL, Store

ACTIONS_TIMEOUT_SECONDS = 2.0

PAGE_DELIVERY_SECONDS = 30.0
"""A message for the page waits for the turn before it, and for nothing else."""

EXPIRY_PERIOD_SECONDS = 24 * 3600.0

DATA_FOLDER = Path(__file__).resolve().parents[2] / "data"

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Services:
    """One of each for the whole process."""

    settings: Settings
    store: Store
    engine: EngineClient
    actions: httpx.AsyncClient
    conversations: Conversations
    limits: RateLimits
    knowledge: KnowledgeBase
    responses: Responses


class PageCourier:
    """Delivers into conversations on the page: recorded there, it is in the event stream, and there on return."""

    def __init__(self, conversations: Conversations) -> None:
        self._conversations = conversations

    async def deliver(self, delivery: ClaimedDelivery) -> None:
        """Record one; see `bot.delivery.worker.Courier`."""
        await self._conversations.record(delivery)


@asynccontextmanager
async def open_services(
    settings: Settings, knowledge: KnowledgeBase | None, responses: Responses | None, pause: Pause
) -> AsyncIterator[Services]:
    """Open everything, answer in the background what a crash left, close everything.

    Raises:
        KnowledgeError: the data files have mistakes.
        ConfigurationError: a response is missing.
        StoreError: the database cannot be opened.
    """
    if knowledge is None:
        knowledge = await asyncio.to_thread(load_knowledge, DATA_FOLDER / "knowledge")
    if responses is None:
        responses = await asyncio.to_thread(load_responses, DATA_FOLDER / "responses")
    store = Store(settings.database_url)
    try:
        async with (
            open_engine_connections(settings) as connections,
            # Without the engine's password, which is not for the actions.
            open_local_connections(
                base_url=settings.actions_url, headers={}, timeout=ACTIONS_TIMEOUT_SECONDS
            ) as actions,
        ):
            engine = EngineClient(connections, settings, pause=pause)
            conversations = Conversations(store, engine, knowledge, responses, settings, pause=pause)
            async with open_workers(conversations.transactions, responses, knowledge, settings) as workers:
                web = Worker(
                    conversations.transactions,
                    WEB_CHANNEL,
                    PageCourier(conversations),
                    RetryPolicy(settings.delivery_attempts),
                    delivery_seconds=PAGE_DELIVERY_SECONDS,
                )
                background = {
                    asyncio.create_task(_recover(conversations)),
                    asyncio.create_task(_expire_daily(Privacy(store, settings))),
                    asyncio.create_task(watch_clocks(store, settings)),
                    asyncio.create_task(MeaningKeeper(conversations.transactions, engine).run()),
                    *(asyncio.create_task(worker.run()) for worker in (web, *workers)),
                }
                try:
                    limits = RateLimits(settings)
                    yield Services(settings, store, engine, actions, conversations, limits, knowledge, responses)
                finally:
                    for task in background:
                        task.cancel()
                    await asyncio.wait(background)
                    await conversations.close()
    finally:
        store.close()


async def _recover(conversations: Conversations) -> None:
    try:
        await conversations.recover()
    except AssistantError as error:
        _log.error("messages from before the start stay without an answer: %s: %s", error.code, error)


async def _expire_daily(privacy: Privacy) -> None:
    while True:
        try:
            gone = await asyncio.to_thread(privacy.expire)
            if gone.conversations or gone.inquiries:
                _log.info("expired: %d conversations, %d inquiries", len(gone.conversations), len(gone.inquiries))
        except AssistantError as error:
            _log.warning("what has expired is deleted tomorrow: %s: %s", error.code, error)
        await asyncio.sleep(EXPIRY_PERIOD_SECONDS)


async def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


ServicesDependency = Annotated[Services, Depends(_services)]
