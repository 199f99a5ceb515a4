"""The workers that deliver by e-mail and webhook, opened for a process that runs them."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from bot.delivery.couriers import EmailCourier, WebhookCourier
from bot.delivery.letters import Letters
from bot.delivery.retries import RetryPolicy
from bot.delivery.smtp import SmtpSender
from bot.delivery.webhook import WebhookSender, open_webhook_connections
from bot.delivery.worker import Worker
from bot.knowledge import KnowledgeBase, Responses
from bot.settings import Settings
from bot.store import EMAIL_CHANNEL, WEBHOOK_CHANNEL, Transactions


@asynccontextmanager
async def open_workers(
    transactions: Transactions,
    responses: Responses,
    knowledge: KnowledgeBase,
    settings: Settings,
) -> AsyncIterator[tuple[Worker, ...]]:
    """A worker for each way that the settings open: e-mail, webhook, both or none."""
    letters = Letters(responses, knowledge, settings)
    policy = RetryPolicy(settings.delivery_attempts)
    workers = []
    async with AsyncExitStack() as stack:
        if settings.smtp_url is not None:
            email = EmailCourier(transactions, letters, SmtpSender(settings), settings)
            workers.append(Worker(transactions, EMAIL_CHANNEL, email, policy))
        if settings.webhook_url is not None:
            client = await stack.enter_async_context(open_webhook_connections())
            webhook = WebhookCourier(transactions, letters, WebhookSender(client, settings))
            workers.append(Worker(transactions, WEBHOOK_CHANNEL, webhook, policy))
        yield tuple(workers)
