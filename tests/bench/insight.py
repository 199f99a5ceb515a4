"""How fast figures, open questions and similar inquiries are among a million conversations and inquiries."""

import statistics
import time
from collections.abc import Callable

import numpy as np
from sqlalchemy import insert, select, text

from bot.gaps.groups import Gaps
from bot.gaps.questions import LIMIT
from bot.inquiries.similar import OF_ALL, OF_TOPIC, similar_to
from bot.insight import Figures, Period
from bot.store import Inquiry, InquiryVector, Message, Outcome, QuestionVector, Store
from tests.bench.case_generator import NOW
from tests.bench.measurements import Row

TARGET_MS = 150
REPEATS = 7
WIDTH = 512

TALK = (
    (
        "INSERT INTO conversations (id, token_hash, channel, language, language_pinned, turns_in_session, created_at,"
        " updated_at) SELECT 'c' || id, 't', channel, language, FALSE, 1, created_at, created_at FROM inquiries"
    ),
    (
        "INSERT INTO messages (conversation_id, sender, text, language, sources, state, outcome, confidence,"
        " created_at) SELECT 'c' || id, 'user', message, language, '[]', 'answered',"
        " CASE WHEN id % 10 = 0 THEN 'refused' WHEN id % 7 = 0 THEN 'clarified' ELSE 'answered' END, 0.9, created_at"
        " FROM inquiries"
    ),
    (
        "INSERT INTO messages (conversation_id, sender, text, language, sources, entry, created_at)"
        " SELECT 'c' || id, 'bot', 'x', language, '[]', 'entry-' || (id % 200), created_at FROM inquiries"
    ),
    (
        "INSERT INTO feedback (message_id, conversation_id, helpful, created_at)"
        " SELECT id, conversation_id, id % 3 > 0, created_at FROM messages WHERE sender = 'bot' AND id % 20 = 0"
    ),
    "ANALYZE",
)
"""A conversation with a question and its answer for each inquiry; every twentieth answer is rated."""


def insight_rows(store: Store, title: str, say: Callable[[str], None]) -> list[Row]:
    """Measure on a database full of inquiries (`case_generator.fill`), which gets conversations first."""
    with store.engine.begin() as connection:
        for statement in TALK:
            connection.execute(text(statement))
    reference = _give_vectors(store)
    rows = []
    for name, work in (
        ("figures of a week", lambda: _figures(store, 7)),
        ("figures of a month", lambda: _figures(store, 30)),
        ("figures of a year", lambda: _figures(store, 365)),
        ("open questions, grouped", lambda: Gaps(store, lambda: NOW).overview()),
        ("similar inquiries", lambda: _similar(store, reference)),
    ):
        median = _median(work)
        say(f"{median:6.1f} ms  {name}")
        rows.append(Row(f"{title}: {name}", f"{median:.1f} ms", f"under {TARGET_MS} ms", median < TARGET_MS))
    return rows


def _figures(store: Store, days: int) -> object:
    with store.reading() as session:
        return Figures(session, Period.until(NOW, days), NOW).summary()


def _similar(store: Store, reference: str) -> object:
    with store.reading() as session:
        return similar_to(session, reference)


def _give_vectors(store: Store) -> str:
    """Vectors for what is compared; returns the reference of an inquiry that has one."""
    chance = np.random.default_rng(1)
    unanswered = Message.outcome.in_((Outcome.CLARIFIED, Outcome.REFUSED))
    with store.session() as session:
        asked = select(Message.id).where(unanswered).order_by(Message.created_at.desc()).limit(LIMIT)
        newest = select(Inquiry.id).order_by(Inquiry.created_at.desc()).limit(12 * (OF_TOPIC + OF_ALL))
        for table, key, ids in (
            (QuestionVector, "message_id", session.scalars(asked).all()),
            (InquiryVector, "inquiry_id", session.scalars(newest).all()),
        ):
            vectors = chance.integers(-127, 128, size=(len(ids), WIDTH), dtype=np.int8)
            rows = [
                {key: identifier, "encoder": "bench", "vector": vector.tobytes()}
                for identifier, vector in zip(ids, vectors, strict=True)
            ]
            session.execute(insert(table), rows)
        return session.scalars(select(Inquiry.reference).order_by(Inquiry.id.desc()).limit(1)).one()


def _median(work: Callable[[], object]) -> float:
    """Milliseconds; the first time warms up and is not counted."""
    times = []
    for _ in range(REPEATS + 1):
        started = time.perf_counter()
        work()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times[1:])
