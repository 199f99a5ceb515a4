"""Delivering by e-mail and by webhook."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from bot.delivery.letters import Letters, read_facts
from bot.delivery.mail import build_message
from bot.delivery.records import ClaimedDelivery
from bot.delivery.smtp import SmtpSender
from bot.delivery.webhook import WebhookSender
from bot.settings import Settings
from bot.store import Transactions, utc_now


class EmailCourier:
    """Sends e-mails. A repeat has the same Message-ID, by which mail servers and programs recognise it."""

    def __init__(self, transactions: Transactions, letters: Letters, sender: SmtpSender, settings: Settings) -> None:
        self._transactions = transactions
        self._letters = letters
        self._sender = sender
        self._settings = settings

    async def deliver(self, delivery: ClaimedDelivery) -> None:
        """Send one; see `bot.delivery.worker.Courier`."""
        facts = await self._transactions.read(partial(read_facts, delivery=delivery))
        await self._sender.send(build_message(self._letters.mail(delivery, facts), self._settings))


class WebhookCourier:
    """Posts webhooks. A repeat has the same id."""

    def __init__(
        self,
        transactions: Transactions,
        letters: Letters,
        sender: WebhookSender,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._transactions = transactions
        self._letters = letters
        self._sender = sender
        self._clock = clock

    async def deliver(self, delivery: ClaimedDelivery) -> None:
        """Post one; see `bot.delivery.worker.Courier`."""
        facts = await self._transactions.read(partial(read_facts, delivery=delivery))
        await self._sender.send(delivery, self._letters.webhook(delivery, facts), self._clock())
