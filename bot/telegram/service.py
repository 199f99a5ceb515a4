"""The Telegram process: everything opened in order, received and answered until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
from telegram import Bot
from telegram.error import InvalidToken, TelegramError
from telegram.ext import AIORateLimiter, ExtBot
from telegram.request import HTTPXRequest

from bot.conversations import Conversations, EngineClient, open_engine_connections
from bot.delivery import RetryPolicy, Worker
from bot.errors import ConfigurationError
from bot.knowledge import KnowledgeBase, Responses, load_knowledge, load_responses
from bot.settings import Settings
from bot.store import TELEGRAM_CHANNEL, Store
from bot.telegram import menus
from bot.telegram.chats import Chats
from bot.telegram.courier import TelegramCourier
from bot.telegram.dispatcher import Dispatcher
from bot.telegram.handling import Handling
from bot.telegram.inbox import Inbox
from bot.telegram.incoming import ALLOWED_UPDATES
from bot.telegram.patience import Pause, persist
from bot.telegram.receiver import POLL_SECONDS, Receiver
from bot.telegram.sender import Sender
from bot.telegram.webhook import webhook_app

DATA_FOLDER = Path(__file__).resolve().parents[2] / "data"

CONNECTIONS = 64
READ_SECONDS = 20.0

HOUSEKEEPING_SECONDS = 24 * 3600.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Face:
    """The parts of the Telegram face, put together."""

    bot: Bot
    inbox: Inbox
    dispatcher: Dispatcher
    receiver: Receiver


@asynccontextmanager
async def open_face(
    settings: Settings, knowledge: KnowledgeBase, responses: Responses, *, pause: Pause = asyncio.sleep
) -> AsyncIterator[Face]:
    """Open everything, go on with what a stop or a crash left, and close everything.

    Raises:
        ConfigurationError: there is no token, or Telegram refuses it.
        StoreError: the database cannot be opened.
    """
    store = Store(settings.database_url)
    try:
        async with open_engine_connections(settings) as connections, _open_bot(settings, pause) as bot:
            engine = EngineClient(connections, settings)
            conversations = Conversations(store, engine, knowledge, responses, settings)
            transactions = conversations.transactions
            inbox, chats, sender = Inbox(transactions), Chats(transactions), Sender(bot, pause)
            handling = Handling(conversations, chats, knowledge, responses, settings.telegram_rate_limit)
            dispatcher = Dispatcher(bot, inbox, chats, handling, sender, pause)
            courier = TelegramCourier(conversations, chats, sender)
            worker = Worker(transactions, TELEGRAM_CHANNEL, courier, RetryPolicy(settings.delivery_attempts))
            delivering = asyncio.create_task(worker.run())
            dispatcher.dispatch(await inbox.pending())
            try:
                yield Face(bot, inbox, dispatcher, Receiver(bot, inbox, dispatcher, pause))
            finally:
                delivering.cancel()
                await asyncio.wait([delivering])
                await dispatcher.close()
                await conversations.close()
    finally:
        store.close()


async def run(settings: Settings) -> None:
    """Be the bot until SIGINT or SIGTERM.

    Raises:
        ConfigurationError: there is no token, or Telegram refuses it.
        KnowledgeError: the data files have mistakes.
        StoreError: the database cannot be opened.
    """
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    knowledge = await asyncio.to_thread(load_knowledge, DATA_FOLDER / "knowledge")
    responses = await asyncio.to_thread(load_responses, DATA_FOLDER / "responses")
    async with open_face(settings, knowledge, responses) as face:
        secret = settings.telegram_webhook_secret.get_secret_value() if settings.telegram_webhook_url else None
        server = _Server(settings, webhook_app(face.bot, face.inbox, face.dispatcher, secret))
        work = [
            asyncio.create_task(server.serve()),
            asyncio.create_task(_housekeeping(face.inbox)),
            asyncio.create_task(_receive(settings, face)),
            asyncio.create_task(_persistently(lambda: menus.register(face.bot, responses), asyncio.sleep)),
        ]
        await stopping.wait()
        server.should_exit = True
        for task in work[1:]:
            task.cancel()
        await asyncio.wait(work)


class _Server(uvicorn.Server):
    """The process's own signal handlers stop it together with the rest."""

    def __init__(self, settings: Settings, app: object) -> None:
        super().__init__(
            uvicorn.Config(
                app,  # type: ignore[arg-type]
                host="127.0.0.1",
                port=settings.telegram_port,
                access_log=False,
                log_config=None,
                server_header=False,
                ws="none",
                lifespan="off",
            )
        )

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone."""
        yield


class _MessageLimiter(AIORateLimiter):
    """Keeps to what Telegram takes from a bot; what it says about limits all the same is waited out by `Sender`."""

    def __init__(self, messages_per_second: float) -> None:
        super().__init__(overall_max_rate=messages_per_second, max_retries=0)

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, bool | dict[str, Any] | list[dict[str, Any]]]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> bool | dict[str, Any] | list[dict[str, Any]]:
        """Let only messages wait: the limit is theirs, and typing or a mark on a button would take their place."""
        if endpoint != "sendMessage":
            return await callback(*args, **kwargs)
        return await super().process_request(callback, args, kwargs, endpoint, data, rate_limit_args)


@asynccontextmanager
async def _open_bot(settings: Settings, pause: Pause) -> AsyncIterator[Bot]:
    if settings.telegram_token is None:
        raise ConfigurationError("BOT_TELEGRAM_TOKEN is not set: @BotFather gives one to each bot")
    # Asks the library for spans of time where it used to give seconds, as its next version does without asking.
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    bot = ExtBot(
        settings.telegram_token.get_secret_value(),
        base_url=settings.telegram_base_url,
        request=HTTPXRequest(connection_pool_size=CONNECTIONS, read_timeout=READ_SECONDS),
        get_updates_request=HTTPXRequest(connection_pool_size=2, read_timeout=POLL_SECONDS + READ_SECONDS),
        rate_limiter=_MessageLimiter(settings.telegram_messages_per_second),
    )
    await _persistently(bot.initialize, pause)
    try:
        yield bot
    finally:
        await bot.shutdown()


async def _receive(settings: Settings, face: Face) -> None:
    url = settings.telegram_webhook_url
    if url is None:
        await _persistently(lambda: face.bot.delete_webhook(drop_pending_updates=False), asyncio.sleep)
        await face.receiver.run()
        return
    secret = settings.telegram_webhook_secret.get_secret_value()
    await _persistently(
        lambda: face.bot.set_webhook(url, allowed_updates=ALLOWED_UPDATES, secret_token=secret), asyncio.sleep
    )


async def _persistently(call: Callable[[], Awaitable[object]], pause: Pause) -> None:
    """Call until Telegram is there; what it refuses is said in the log.

    Raises:
        ConfigurationError: Telegram does not know the token.
    """
    try:
        await persist(call, pause)
    except InvalidToken:
        # Its own text holds the token.
        raise ConfigurationError("BOT_TELEGRAM_TOKEN is not known to Telegram; copy it from @BotFather") from None
    except TelegramError as error:
        _log.error("Telegram refuses: %s", error.message)


async def _housekeeping(inbox: Inbox) -> None:
    while True:
        await inbox.forget()
        await asyncio.sleep(HOUSEKEEPING_SECONDS)
