"""The audit can be read page by page, and by kind, person or member of staff."""

from datetime import timedelta

import pytest

from bot.errors import InvalidField
from bot.privacy.audit import record
from bot.privacy.audit_log import audit_page
from bot.store import ActorKind, AuditAction, Store, utc_now

NOW = utc_now()


@pytest.fixture(autouse=True)
def records(store: Store) -> None:
    with store.session() as session:
        for number in range(7):
            action = AuditAction.VIEWED if number % 2 else AuditAction.ERASED
            at = NOW + timedelta(seconds=number)
            name = "anna" if number < 5 else "ben"
            record(session, action, ActorKind.STAFF, {"inquiries": number}, at, (f"person{number % 3}",), name)


def test_pages_follow_each_other_the_newest_first_and_end(store: Store) -> None:
    numbers, before = [], None
    with store.reading() as session:
        while True:
            page = audit_page(session, before=before, limit=3)
            numbers.append([entry.counts["inquiries"] for entry in page.entries])
            if page.next is None:
                break
            before = page.next
    assert numbers == [[6, 5, 4], [3, 2, 1], [0]]


def test_records_can_be_told_by_kind_by_person_and_by_staff(store: Store) -> None:
    with store.reading() as session:
        erased = audit_page(session, action=AuditAction.ERASED).entries
        mine = audit_page(session, subjects=("person1",)).entries
        bens = audit_page(session, actor_name="ben").entries
    assert [entry.counts["inquiries"] for entry in erased] == [6, 4, 2, 0]
    assert [entry.counts["inquiries"] for entry in mine] == [4, 1]
    assert [entry.counts["inquiries"] for entry in bens] == [6, 5]


def test_a_page_too_large_is_refused(store: Store) -> None:
    with store.reading() as session, pytest.raises(InvalidField):
        audit_page(session, limit=100_000)
