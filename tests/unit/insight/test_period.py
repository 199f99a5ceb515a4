"""Days are those of Hessen on both databases, also in the nights when the clocks change."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.inquiries.business_hours import ZONE
from bot.insight import Period
from bot.store import Conversation, Store


def days_of(store: Store, period: Period, *moments: datetime) -> list[str]:
    with store.session() as session:
        session.add_all(Conversation(token_hash="t", language="ko", created_at=moment) for moment in moments)
    with store.reading() as session:
        day = period.day_of(session, Conversation.created_at)
        query = select(day).where(period.holds(Conversation.created_at)).order_by(Conversation.created_at)
        return [str(day) for day in session.scalars(query)]


@pytest.mark.parametrize(
    "change",
    [datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)],
    ids=["to summer", "to winter"],
)
def test_around_a_change_of_clocks_every_moment_is_on_its_day(store: Store, change: datetime) -> None:
    first = change.date() - timedelta(days=2)
    period = Period(first, first + timedelta(days=4))
    moments = [change + timedelta(minutes=30 * step) for step in range(-80, 80)]
    expected = [moment.astimezone(ZONE).date().isoformat() for moment in moments]
    assert days_of(store, period, *moments) == expected


def test_a_period_ends_with_its_last_day_in_hessen(store: Store) -> None:
    period = Period(date(2026, 7, 1), date(2026, 7, 1))
    inside = [datetime(2026, 6, 30, 22, tzinfo=UTC), datetime(2026, 7, 1, 21, 59, 59, tzinfo=UTC)]
    outside = [datetime(2026, 6, 30, 21, 59, 59, tzinfo=UTC), datetime(2026, 7, 1, 22, tzinfo=UTC)]

    assert days_of(store, period, *inside, *outside) == ["2026-07-01", "2026-07-01"]


def test_a_year_has_both_changes(store: Store) -> None:
    period = Period(date(2026, 1, 1), date(2026, 12, 31))
    moments = [datetime(2026, month, 1, 23, tzinfo=UTC) for month in (1, 6, 12)]

    assert days_of(store, period, *moments) == ["2026-01-02", "2026-06-02", "2026-12-02"]


def test_the_last_days_until_now_end_today_in_hessen() -> None:
    period = Period.until(datetime(2026, 7, 1, 22, 30, tzinfo=UTC), 3)

    assert period.days == [date(2026, 6, 30), date(2026, 7, 1), date(2026, 7, 2)]
