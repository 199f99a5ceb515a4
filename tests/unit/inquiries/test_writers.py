"""Many write at once, and some are killed: what was acknowledged is there once and whole, the rest not at all."""

import random
from collections import Counter

import pytest
from sqlalchemy import func, select

from bot.inquiries import Inquiries
from bot.store import Inquiry, InquiryReply, InquirySearch, InquiryState, Store
from tests.unit.inquiries.cases import DRAFT
from tests.unit.inquiries.writers import NOTE, REPLY, Acknowledged, Writer, answer, tag

PROCESSES, THREADS = 8, 25
"""200 writers."""

KILLS = 24
KILLED_AT_A_TIME = 4
HEARD_BEFORE_KILL_MAX = 12
EVENTS_OF_AN_ANSWER = ("logged", "note_added", "reply_added", "assignee", "state")


def check(store: Store, acknowledged: list[Acknowledged]) -> None:
    """Every inquiry in the database is whole, and everything acknowledged is there."""
    with store.reading() as session:
        references = dict(session.execute(select(Inquiry.idempotency_key, Inquiry.reference)).all())
        replies = Counter(session.scalars(select(InquiryReply.idempotency_key)))
        searchable = session.scalar(select(func.count()).select_from(InquirySearch))
        found = session.scalars(select(Inquiry)).all()
    assert set(replies.values()) <= {1}
    assert searchable == len(found)
    for item in acknowledged:
        assert references[item.key] == item.reference
        assert item.what == "logged" or replies[item.key] == 1
    keys = {reference: key for key, reference in references.items()}
    for detail in Inquiries(store).export():
        key = keys[detail.summary.reference]
        answered = detail.summary.state is InquiryState.ANSWERED
        assert detail.message.endswith(key)
        assert [reply.text for reply in detail.replies] == ([REPLY.format(key=key)] if answered else [])
        assert [note.text for note in detail.notes] == ([NOTE.format(key=key)] if answered else [])
        events = tuple(event.event for event in detail.history)
        assert events == (EVENTS_OF_AN_ANSWER if answered else EVENTS_OF_AN_ANSWER[:1])
        assert detail.summary.assignee == (key if answered else None)


def test_200_writers_in_threads_of_several_processes_lose_and_double_nothing(url: str, store: Store) -> None:
    writers = [Writer(answer, url, f"p{number}", threads=THREADS, times=1) for number in range(PROCESSES)]
    ended = [writer.finish() for writer in writers]
    assert [status for status, _ in ended] == [0] * PROCESSES
    acknowledged = [item for _, heard in ended for item in heard]
    assert len(acknowledged) == 2 * PROCESSES * THREADS
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Inquiry)) == PROCESSES * THREADS
        assert session.scalar(select(func.count()).select_from(InquiryReply)) == PROCESSES * THREADS
    check(store, acknowledged)


def test_200_writers_that_change_one_inquiry_all_have_their_turn(url: str, store: Store) -> None:
    """Nothing that one wrote is overwritten by another."""
    reference = Inquiries(store).log(DRAFT).reference
    writers = [Writer(tag, url, f"p{number}", threads=THREADS, times=1) for number in range(PROCESSES)]
    assert [writer.finish() for writer in writers] == [(0, [])] * PROCESSES
    detail = Inquiries(store).get(reference)
    assert len(detail.tags) == PROCESSES * THREADS
    assert len(detail.history) == 1 + PROCESSES * THREADS
    assert detail.summary.version == 1 + PROCESSES * THREADS


@pytest.mark.parametrize("threads", [1, 4])
def test_kill_9_leaves_nothing_half_written_and_loses_no_reply(url: str, store: Store, threads: int) -> None:
    """Writers are killed after a random number of acknowledgements, at whatever point they are then."""
    chance = random.Random()
    acknowledged: list[Acknowledged] = []
    for run in range(KILLS // KILLED_AT_A_TIME):
        writers = [Writer(answer, url, f"r{run}w{number}", threads=threads) for number in range(KILLED_AT_A_TIME)]
        for writer in writers:
            acknowledged += writer.hear(chance.randint(1, HEARD_BEFORE_KILL_MAX))
            writer.kill()
            acknowledged += writer.finish()[1]
    assert len(acknowledged) >= KILLS
    check(store, acknowledged)
