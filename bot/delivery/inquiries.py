"""What is told of an inquiry, put into the outbox by the transaction that changes it."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from bot.delivery.outbox import NewDelivery, put
from bot.inquiries import Desk, Inquiries
from bot.settings import Settings
from bot.store import (
    EMAIL_CHANNEL,
    TELEGRAM_CHANNEL,
    WEB_CHANNEL,
    WEBHOOK_CHANNEL,
    DeliveryKind,
    Inquiry,
    InquiryReply,
    InquiryState,
    Store,
    utc_now,
)

CHAT_CHANNELS = (WEB_CHANNEL, TELEGRAM_CHANNEL)
"""Channels of conversations that something can be said in later."""


class InquiryOutbox:
    """The outbox as the inquiry service sees it (`bot.inquiries.outbox.Outbox`).

    A reply goes by e-mail and into the conversation it came from, if that is still there. A reply waits for a mail
    server if there is none yet; confirmations and notices are only put in where they can be sent, as they would be
    stale later.

    Args:
        settings: which ways there are.
        clock: the time in UTC.
    """

    def __init__(self, settings: Settings, clock: Callable[[], datetime] = utc_now) -> None:
        self._settings = settings
        self._clock = clock

    def logged(self, session: Session, inquiry: Inquiry) -> None:
        """Confirm it to the asker, and tell staff."""
        if self._settings.smtp_url is not None:
            key = f"confirmation:{inquiry.id}"
            self._put(session, inquiry, key, DeliveryKind.CONFIRMATION, EMAIL_CHANNEL, inquiry.language)
        self.notify(session, inquiry, DeliveryKind.INQUIRY_LOGGED, f"logged:{inquiry.id}")

    def reply_added(self, session: Session, inquiry: Inquiry, reply: InquiryReply) -> None:
        """Bring a reply to the asker."""
        for channel in (EMAIL_CHANNEL, inquiry.channel):
            is_chat = channel in CHAT_CHANNELS
            if is_chat and inquiry.conversation_id is None:
                continue
            if is_chat or channel == EMAIL_CHANNEL:
                new = NewDelivery(
                    key=f"reply:{reply.id}:{channel}",
                    kind=DeliveryKind.REPLY,
                    channel=channel,
                    language=reply.language,
                    conversation_id=inquiry.conversation_id if is_chat else None,
                    inquiry_id=inquiry.id,
                    text=reply.text,
                )
                put(session, new, self._clock())

    def state_changed(self, session: Session, inquiry: Inquiry, old: InquiryState) -> None:
        """Nothing: askers hear of replies, and ask for the state."""

    def assigned(self, session: Session, inquiry: Inquiry, old: str | None) -> None:
        """Nothing: staff see it in their list."""

    def notify(self, session: Session, inquiry: Inquiry, kind: DeliveryKind, key: str) -> None:
        """Tell staff of an inquiry by each way that is set; with the same `key` only once."""
        ways = (
            (EMAIL_CHANNEL, self._settings.staff_notify is not None),
            (WEBHOOK_CHANNEL, self._settings.webhook_url is not None),
        )
        for channel, is_set in ways:
            if is_set:
                self._put(session, inquiry, f"{key}:{channel}", kind, channel, self._settings.staff_language.value)

    def _put(
        self, session: Session, inquiry: Inquiry, key: str, kind: DeliveryKind, channel: str, language: str
    ) -> None:
        new = NewDelivery(key=key, kind=kind, channel=channel, language=language, inquiry_id=inquiry.id)
        put(session, new, self._clock())


def inquiry_service(store: Store, settings: Settings) -> Inquiries:
    """The inquiry service as every process uses it: with what is to be told put into the outbox."""
    return Inquiries(store, desk=Desk.of(settings, InquiryOutbox(settings)))
