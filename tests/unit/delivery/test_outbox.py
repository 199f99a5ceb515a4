"""What is put into the outbox with a change is there if and only if the change is, and is claimed by one at a time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from bot.delivery.outbox import (
    ABANDONED,
    has_due,
    list_deliveries,
    mark_delivered,
    mark_failed,
    postpone,
    requeue,
)
from bot.errors import Conflict, LeaseLost, NotFound
from bot.store import TELEGRAM_CHANNEL, WEB_CHANNEL, Conversation, Delivery, DeliveryState, Store
from tests.unit.delivery.conftest import LEASE_SECONDS, POLICY, Box, Clock


class Undone(Exception):
    """Ends a transaction."""


def test_what_a_failed_transaction_has_put_in_is_not_there(store: Store, box: Box) -> None:
    with pytest.raises(Undone), store.session() as session:
        session.add(Conversation(token_hash="t" * 64, language="de"))
        session.add(Delivery(key="a", kind="staff_message", channel="web", language="de"))
        session.flush()
        raise Undone
    assert box.claim() == ()
    assert box.all() == []


def test_the_same_thing_is_put_in_once(box: Box) -> None:
    box.put("a", text="first")
    box.put("a", text="second")
    (claimed,) = box.claim()
    assert claimed.text == "first"


def test_a_claimed_delivery_is_nobody_elses_until_its_lease_ends(box: Box, clock: Clock) -> None:
    box.put("a")
    (first,) = box.claim()
    clock.go_on(LEASE_SECONDS - 1)
    assert box.claim() == ()

    clock.go_on(1)
    (again,) = box.claim()
    assert (again.id, again.attempts) == (first.id, 2)
    assert again.lease != first.lease


def test_who_comes_back_after_the_lease_can_mark_nothing(store: Store, box: Box, clock: Clock) -> None:
    box.put("a")
    (late,) = box.claim()
    clock.go_on(LEASE_SECONDS)
    (current,) = box.claim()
    for mark in (
        lambda session: mark_delivered(session, late, clock()),
        lambda session: mark_failed(session, late, clock(), error="late"),
        lambda session: postpone(session, late, clock(), error="late", policy=POLICY),
    ):
        with pytest.raises(LeaseLost), store.session() as session:
            mark(session)
    with store.session() as session:
        mark_delivered(session, current, clock())
    (row,) = box.all()
    assert (row.state, row.error) == (DeliveryState.DELIVERED, None)


def test_what_has_arrived_is_done_and_its_text_is_gone(store: Store, box: Box, clock: Clock) -> None:
    box.put("a", text="personal")
    (claimed,) = box.claim()
    with store.session() as session:
        mark_delivered(session, claimed, clock())
    clock.go_on(10 * LEASE_SECONDS)
    assert box.claim() == ()
    with store.reading() as session:
        assert session.scalars(select(Delivery.text)).one() is None
    with pytest.raises(LeaseLost), store.session() as session:
        mark_delivered(session, claimed, clock())


def test_pauses_grow_and_after_the_last_attempt_it_is_failed_with_its_text_kept(
    store: Store, box: Box, clock: Clock
) -> None:
    box.put("a", text="kept")
    pauses = []
    for attempt in range(1, POLICY.attempts + 1):
        (claimed,) = box.claim()
        assert claimed.attempts == attempt
        with store.session() as session:
            state = postpone(session, claimed, clock(), error="451", policy=POLICY)
        (row,) = box.all()
        assert row.error == "451"
        if state is DeliveryState.PENDING:
            pauses.append((row.due_at - clock()).total_seconds())
            clock.go_on(pauses[-1] - 1)
            assert box.claim() == ()
            clock.go_on(1)
    assert pauses == [10.0, 30.0]
    assert (row.state, row.settled_at) == (DeliveryState.FAILED, clock())
    clock.go_on(10**6)
    assert box.claim() == ()
    with store.reading() as session:
        assert session.scalars(select(Delivery.text)).one() == "kept"
        assert len(list_deliveries(session, DeliveryState.FAILED)) == 1


def test_a_delivery_that_ends_its_workers_is_failed_in_the_end(box: Box, clock: Clock) -> None:
    box.put("deadly")
    for _ in range(POLICY.attempts):
        assert len(box.claim()) == 1
        clock.go_on(LEASE_SECONDS)
    assert box.claim() == ()
    (row,) = box.all()
    assert (row.state, row.error) == (DeliveryState.FAILED, ABANDONED)


def test_staff_have_a_failed_delivery_tried_again(store: Store, box: Box, clock: Clock) -> None:
    box.put("a", text="kept")
    (claimed,) = box.claim()
    with store.session() as session:
        mark_failed(session, claimed, clock(), error="550")
    with store.session() as session:
        requeue(session, claimed.id, clock())
    (again,) = box.claim()
    assert (again.id, again.attempts, again.text) == (claimed.id, 1, "kept")


def test_only_a_failed_delivery_can_be_tried_again(store: Store, box: Box, clock: Clock) -> None:
    box.put("a")
    (claimed,) = box.claim()
    with pytest.raises(Conflict), store.session() as session:
        requeue(session, claimed.id, clock())
    with store.session() as session:
        mark_delivered(session, claimed, clock())
    with pytest.raises(Conflict), store.session() as session:
        requeue(session, claimed.id, clock())
    with pytest.raises(NotFound), store.session() as session:
        requeue(session, claimed.id + 1, clock())


def test_a_channel_gets_its_own_only(store: Store, box: Box, clock: Clock) -> None:
    box.put("a", channel=TELEGRAM_CHANNEL)
    assert box.claim(WEB_CHANNEL) == ()
    with store.reading() as session:
        assert not has_due(session, WEB_CHANNEL, clock())
        assert has_due(session, TELEGRAM_CHANNEL, clock())
    assert len(box.claim(TELEGRAM_CHANNEL)) == 1


def test_a_conversation_hears_one_thing_after_the_other(store: Store, box: Box, clock: Clock) -> None:
    here, there = box.conversation(), box.conversation()
    for key, conversation in (("1", here), ("2", here), ("3", there), ("4", here)):
        box.put(key, conversation_id=conversation, text=key)

    first = box.claim()
    assert [claimed.text for claimed in first] == ["1", "3"]
    assert box.claim() == ()
    with store.session() as session:
        postpone(session, first[0], clock(), error="later", policy=POLICY)
    assert box.claim() == ()
    clock.go_on(10)
    (again,) = box.claim()
    with store.session() as session:
        mark_failed(session, again, clock(), error="never")
    (second,) = box.claim()
    assert second.text == "2"
    with store.session() as session:
        mark_delivered(session, second, clock())
    assert [claimed.text for claimed in box.claim()] == ["4"]


def test_what_was_still_to_be_said_goes_with_the_conversation(store: Store, box: Box, clock: Clock) -> None:
    conversation = box.conversation()
    box.put("a", conversation_id=conversation)
    box.put("b", conversation_id=box.conversation())
    (claimed, other) = box.claim()
    with store.session() as session:
        session.execute(delete(Conversation).where(Conversation.id == conversation))
    with pytest.raises(LeaseLost), store.session() as session:
        mark_delivered(session, claimed, clock())
    assert [row.id for row in box.all()] == [other.id]


def test_a_list_is_by_state_and_channel_and_in_pages(store: Store, box: Box, clock: Clock) -> None:
    for number in range(5):
        box.put(str(number), channel=TELEGRAM_CHANNEL if number == 2 else WEB_CHANNEL)
    for claimed in box.claim()[:2]:
        with store.session() as session:
            mark_failed(session, claimed, clock(), error="x")
    with store.reading() as session:
        assert len(list_deliveries(session, DeliveryState.FAILED)) == 2
        assert len(list_deliveries(session, None, TELEGRAM_CHANNEL)) == 1
        page = list_deliveries(session, limit=2)
        rest = list_deliveries(session, limit=10, before_id=page[-1].id)
    ids = [row.id for row in (*page, *rest)]
    assert ids == sorted(ids, reverse=True)
    assert len(ids) == 5


def test_workers_that_claim_together_never_get_the_same(store: Store, box: Box) -> None:
    for number in range(60):
        box.put(str(number))

    def take(_: int) -> list[int]:
        found: list[int] = []
        while claimed := box.claim(limit=3):
            found += [delivery.id for delivery in claimed]
        return found

    with ThreadPoolExecutor(4) as threads:
        taken = [identifier for found in threads.map(take, range(4)) for identifier in found]
    assert sorted(taken) == sorted(set(taken))
    assert len(taken) == 60


def test_the_same_thing_put_in_by_many_at_once_is_there_once(box: Box) -> None:
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: box.put("same"), range(20)))
    assert len(box.all()) == 1


def test_times_come_back_in_utc(box: Box, clock: Clock) -> None:
    box.put("a")
    (row,) = box.all()
    assert row.created_at == clock()
    assert row.created_at.utcoffset() == timedelta(0)
