"""Many write at once, and some are killed: what was acknowledged is there once and whole, the rest not at all."""

import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.inquiries import Inquiries
from bot.store import (
    Inquiry,
    InquiryEvent,
    InquiryNote,
    InquiryReply,
    InquirySearch,
    InquiryState,
    Store,
)
from tests.unit.inquiries.cases import DRAFT
from tests.unit.inquiries.writers import NOTE, REPLY

ROOT = Path(__file__).parents[3]
PROCESSES, THREADS = 8, 25
"""200 writers."""

KILLS = 12
KILLED_AT_A_TIME = 3
LINES_BEFORE_KILL_MAX = 15
EVENTS_OF_AN_ANSWER = ("logged", "note_added", "reply_added", "assignee", "state")


@dataclass(frozen=True)
class Acknowledged:
    """What a writer was told that is stored."""

    what: str
    key: str
    reference: str


def start(url: str, name: str, count: int, threads: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.unit.inquiries.writers", url, name, str(count), str(threads)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def read(lines: Sequence[str]) -> list[Acknowledged]:
    # The line that a killed writer was about to say may be cut off: nobody has heard it.
    return [Acknowledged(**json.loads(line)) for line in lines if line.endswith("\n")]


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
    with ExitStack() as stack:
        writers = [stack.enter_context(start(url, f"p{number}", 1, THREADS)) for number in range(PROCESSES)]
        outputs = [writer.communicate()[0] for writer in writers]
        assert [writer.returncode for writer in writers] == [0] * PROCESSES
    acknowledged = [item for output in outputs for item in read(output.splitlines(keepends=True))]
    assert len(acknowledged) == 2 * PROCESSES * THREADS
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Inquiry)) == PROCESSES * THREADS
        assert session.scalar(select(func.count()).select_from(InquiryReply)) == PROCESSES * THREADS
        assert session.scalar(select(func.count()).select_from(InquiryNote)) == PROCESSES * THREADS
        events = session.scalar(select(func.count()).select_from(InquiryEvent))
    assert events == len(EVENTS_OF_AN_ANSWER) * PROCESSES * THREADS
    check(store, acknowledged)


def test_200_writers_that_change_one_inquiry_all_have_their_turn(url: str, store: Store) -> None:
    """Each writer of a process tags the same inquiry; nothing that one wrote is overwritten by another."""
    reference = Inquiries(store).log(DRAFT).reference
    script = (
        "import sys; from concurrent.futures import ThreadPoolExecutor as T; from bot.store import Store;"
        "from bot.inquiries import Inquiries, staff; s = Store(sys.argv[1]); i = Inquiries(s)\n"
        "def work(n):\n"
        "    with i.change(sys.argv[2], staff('a')) as case: case.tag(f'{sys.argv[3]}-{n}')\n"
        f"list(T({THREADS}).map(work, range({THREADS}))); s.close()\n"
    )
    with ExitStack() as stack:
        writers = [
            stack.enter_context(subprocess.Popen([sys.executable, "-c", script, url, reference, str(n)], cwd=ROOT))
            for n in range(PROCESSES)
        ]
        assert [writer.wait() for writer in writers] == [0] * PROCESSES
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
        with ExitStack() as stack:
            names = [f"r{run}w{number}" for number in range(KILLED_AT_A_TIME)]
            writers = [stack.enter_context(start(url, name, 0, threads)) for name in names]
            for writer in writers:
                assert writer.stdout is not None
                lines = [writer.stdout.readline() for _ in range(chance.randint(1, LINES_BEFORE_KILL_MAX))]
                writer.kill()
                acknowledged += read([*lines, *writer.stdout.readlines()])
    assert len(acknowledged) >= KILLS
    check(store, acknowledged)
