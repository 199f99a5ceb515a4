"""Asks the engine for the meanings of new inquiries and of questions that were not answered well, a few at a time."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial
from typing import cast

from sqlalchemy import Table, delete, func, insert, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.conversations.engine import EngineClient, Meanings
from bot.errors import AssistantError
from bot.gaps.questions import asked_in_vain
from bot.privacy.masking import mask
from bot.store import Inquiry, InquiryVector, Message, QuestionVector, Transactions, utc_now

BATCH = 16
"""Texts in one call: the engine needs 4 ms each, and answers people in between."""

PERIOD_SECONDS = 20.0

LOOK_BACK = 200
"""Ids below the highest one done that may have been committed after it."""

_log = logging.getLogger(__name__)

Batch = Sequence[tuple[int, str]]
"""Ids and texts."""


class MeaningKeeper:
    """Keeps the tables of vectors up to date.

    Args:
        transactions: of the database.
        engine: makes the vectors.
        clock: the time in UTC.
        pause: waits for a number of seconds between looks.
    """

    def __init__(
        self,
        transactions: Transactions,
        engine: EngineClient,
        *,
        clock: Callable[[], datetime] = utc_now,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._transactions = transactions
        self._engine = engine
        self._clock = clock
        self._pause = pause
        self._encoder: str | None = None

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            try:
                done = await self.fill()
            except AssistantError as error:
                _log.info("meanings have to wait: %s: %s", error.code, error)
                done = 0
            if not done:
                await self._pause(PERIOD_SECONDS)

    async def fill(self) -> int:
        """Do one batch of each kind; return how many texts that were, or must be done again; 0 if none waits.

        Raises:
            StoreError, EngineError: nothing is lost; the next call does them.
        """
        questions = await self._transactions.read(partial(_questions_without, now=self._clock()))
        inquiries = await self._transactions.read(_inquiries_without)
        for batch, keep in ((questions, _keep_questions), (inquiries, _keep_inquiries)):
            if batch:
                found = await self._engine.meanings([mask(text) for _, text in batch])
                if found.encoder != self._encoder:
                    forgotten = await self._transactions.write(partial(_forget_others, encoder=found.encoder))
                    self._encoder = found.encoder
                    if forgotten:
                        # What was chosen beside the old vectors would hide all that has none any more: choose anew.
                        return len(batch)
                await self._transactions.write(partial(keep, batch=batch, found=found))
        return len(questions) + len(inquiries)


def _questions_without(session: Session, now: datetime) -> Batch:
    asked = {row.id: row.text for row in asked_in_vain(session, now)}
    known = set(session.scalars(select(QuestionVector.message_id).where(QuestionVector.message_id.in_(asked))))
    return [(identifier, text) for identifier, text in asked.items() if identifier not in known][:BATCH]


def _inquiries_without(session: Session) -> Batch:
    done = session.scalar(select(func.max(InquiryVector.inquiry_id))) or 0
    query = (
        select(Inquiry.id, Inquiry.message)
        .outerjoin(InquiryVector, InquiryVector.inquiry_id == Inquiry.id)
        .where(Inquiry.id > done - LOOK_BACK, InquiryVector.inquiry_id.is_(None))
        .order_by(Inquiry.id)
        .limit(BATCH)
    )
    return [(row.id, row.message) for row in session.execute(query)]


def _forget_others(session: Session, encoder: str) -> bool:
    """Vectors of another encoder cannot be compared with this one's: they are made again. False if there were none."""
    tables = (QuestionVector, InquiryVector)
    known = any(session.scalar(select(table.encoder).where(table.encoder != encoder).limit(1)) for table in tables)
    for table in tables:
        session.execute(delete(table).where(table.encoder != encoder))
    return known


def _keep_questions(session: Session, batch: Batch, found: Meanings) -> None:
    _keep(session, batch, found, Message.id, QuestionVector, "message_id")


def _keep_inquiries(session: Session, batch: Batch, found: Meanings) -> None:
    _keep(session, batch, found, Inquiry.id, InquiryVector, "inquiry_id")


def _keep(
    session: Session,
    batch: Batch,
    found: Meanings,
    owners: InstrumentedAttribute[int],
    vectors: type[QuestionVector | InquiryVector],
    owner: str,
) -> None:
    """Store the vectors in the table `vectors`, whose column `owner` holds the ids of `owners`."""
    there = _still_there(session, owners, batch)
    rows = [
        {owner: identifier, "encoder": found.encoder, "vector": vector}
        for (identifier, _), vector in zip(batch, found.vectors, strict=True)
        if identifier in there
    ]
    if rows:
        session.execute(insert(cast("Table", vectors.__table__)), rows)


def _still_there(session: Session, column: InstrumentedAttribute[int], batch: Batch) -> set[int]:
    """What was erased while the engine worked stays away."""
    return set(session.scalars(select(column).where(column.in_([identifier for identifier, _ in batch]))))
