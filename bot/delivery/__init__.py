"""Telling people and programs what has happened: the outbox, its workers, e-mail and webhooks.

A face that delivers its own messages brings a `Courier` and runs a `Worker` for its channel with it.
"""

from bot.delivery.records import ClaimedDelivery, DeliverySummary
from bot.delivery.retries import RetryPolicy
from bot.delivery.worker import Courier, Worker

__all__ = ["ClaimedDelivery", "Courier", "DeliverySummary", "RetryPolicy", "Worker"]
