"""Inquiries to try things on."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.inquiries import CONSENT_VERSION, Actor, Inquiries, InquiryDetail, InquiryDraft, staff
from bot.store import InquiryState

ANNA = staff("anna")
BEN = staff("ben")

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
"""10 o'clock in Hessen."""

TWO_DAYS_ON = MONDAY + timedelta(days=2)
"""When what is logged on `MONDAY` is due."""

DRAFT = InquiryDraft(
    conversation_id=None,
    language="ko",
    topic="starthub",
    message="수소 기술 협력을 문의합니다",
    name="김민수",
    company=None,
    email="kim@example.com",
    country="KR",
    consent_version=CONSENT_VERSION,
    idempotency_key="form-1",
)


def draft(key: str, **fields: str | None) -> InquiryDraft:
    """Another inquiry than `DRAFT`."""
    return replace(DRAFT, idempotency_key=key, **fields)


class Clock:
    """A clock that stands until it is moved on."""

    def __init__(self, now: datetime = MONDAY) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **time: float) -> datetime:
        """Move on by this much; returns the time then."""
        self.now += timedelta(**time)
        return self.now


def happened(detail: InquiryDetail) -> list[tuple[Actor, str, str | None, str | None]]:
    """The history after the logging."""
    return [(event.actor, event.event, event.old_value, event.new_value) for event in detail.history[1:]]


def move(inquiries: Inquiries, reference: str, state: InquiryState, actor: Actor = ANNA) -> None:
    with inquiries.change(reference, actor) as case:
        case.change_state(state)
