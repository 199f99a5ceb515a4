"""What happens by the clock: conversations go back to the assistant, and staff hear of overdue inquiries."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from bot.conversations.staff import StaffConversations
from bot.delivery.inquiries import InquiryOutbox
from bot.delivery.overdue import notify_overdue
from bot.errors import AssistantError
from bot.settings import Settings
from bot.store import Store, utc_now

PERIOD_SECONDS = 1.0
"""How late a conversation goes back at most; a look that finds nothing is one indexed read."""

OVERDUE_PERIOD_SECONDS = 60.0

_log = logging.getLogger(__name__)


async def watch_clocks(store: Store, settings: Settings) -> None:
    """Look again and again until cancelled. Several processes may: each thing happens once."""
    staff = StaffConversations(store, settings)
    outbox = InquiryOutbox(settings)
    next_overdue = 0.0
    while True:
        try:
            await asyncio.to_thread(staff.release_expired)
            if asyncio.get_running_loop().time() >= next_overdue:
                await asyncio.to_thread(tell_overdue, store, outbox)
                next_overdue = asyncio.get_running_loop().time() + OVERDUE_PERIOD_SECONDS
        except AssistantError as error:
            _log.warning("the clocks are looked at again: %s: %s", error.code, error)
        await asyncio.sleep(PERIOD_SECONDS)


def tell_overdue(store: Store, outbox: InquiryOutbox, clock: Callable[[], datetime] = utc_now) -> None:
    """Put in a notice for each inquiry whose reply is overdue, once for each due date.

    Raises:
        StoreError: the database failed; the next look goes on.
    """
    after: int | None = 0
    while after is not None:
        with store.session() as session:
            after = notify_overdue(session, outbox, clock(), after_id=after)
