"""What every change of an inquiry goes by: who is told, and how soon an answer is due."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.inquiries.business_hours import BusinessHours
from bot.inquiries.outbox import NoOutbox, Outbox
from bot.privacy.pseudonyms import Pseudonyms
from bot.settings import Settings

REPLY_DAYS = 2


@dataclass(frozen=True)
class Desk:
    """The office that answers.

    Arguments:
        outbox: takes down what is to be delivered, in the transaction of each change.
        hours: when the office is open.
        reply_days: working days within which an asker is to have an answer.
        pseudonyms: under which it is recorded that an asker had an inquiry erased; recorded without if left out.
    """

    outbox: Outbox = field(default_factory=NoOutbox)
    hours: BusinessHours = field(default_factory=BusinessHours)
    reply_days: int = REPLY_DAYS
    pseudonyms: Pseudonyms | None = None

    @classmethod
    def of(cls, settings: Settings, outbox: Outbox | None = None) -> "Desk":
        """The desk that the settings describe."""
        return cls(
            outbox or NoOutbox(), BusinessHours.of(settings.office_hours), settings.reply_days, Pseudonyms(settings)
        )

    def due(self, since: datetime) -> datetime:
        """When somebody who waits since then is to have an answer, in UTC."""
        return self.hours.after(since, self.reply_days)
