"""Inquiries to try things on."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.inquiries import CONSENT_VERSION, InquiryDraft, staff

ANNA = staff("anna")
BEN = staff("ben")

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
"""10 o'clock in Hessen."""

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
