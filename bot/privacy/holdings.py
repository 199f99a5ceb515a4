"""What belongs to conversations and inquiries: counted for people to see, and deleted."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from sqlalchemy import ColumnElement, Table, delete, func, or_, select
from sqlalchemy.orm import Session

from bot.privacy import telegram_tables as telegram
from bot.store import Base, Conversation, Inquiry

BATCH = 500
"""Rows named in one statement."""

ENGINE_EVENTS = "engine_events"
"""How reports call the rows of Rasa's own table."""

Item = TypeVar("Item")


def count_holdings(session: Session, conversation_ids: Sequence[str], inquiry_ids: Sequence[int]) -> dict[str, int]:
    """How many rows of each table go with these conversations and inquiries; tables without any are left out."""
    counts: dict[str, int] = {}
    for table in Base.metadata.sorted_tables:
        if table.name != telegram.CHATS.name:
            counts[table.name] = sum(
                session.scalar(select(func.count()).select_from(table).where(belongs)) or 0
                for belongs in _belonging(table, conversation_ids, inquiry_ids)
            )
    if telegram.are_there(session.connection()):
        counts |= _count_telegram(session, conversation_ids)
    return {name: count for name, count in counts.items() if count}


def delete_holdings(session: Session, conversation_ids: Sequence[str], inquiry_ids: Sequence[int]) -> None:
    """Delete conversations and inquiries; the database takes along what belongs to them, its search index included."""
    if telegram.are_there(session.connection()):
        _delete_telegram(session, conversation_ids)
    for inquiries in batches(inquiry_ids):
        session.execute(delete(Inquiry).where(Inquiry.id.in_(inquiries)))
    for conversations in batches(conversation_ids):
        session.execute(delete(Conversation).where(Conversation.id.in_(conversations)))


def batches(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """The items, at most a batch at a time."""
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]


def _belonging(
    table: Table, conversation_ids: Sequence[str], inquiry_ids: Sequence[int]
) -> Iterator[ColumnElement[bool]]:
    """Conditions for the rows that go with them, each row in one only."""
    conversation, inquiry = _owner(table, Conversation.__table__), _owner(table, Inquiry.__table__)
    if conversation is not None:
        for conversations in batches(conversation_ids):
            yield conversation.in_(conversations)
    if inquiry is not None:
        for inquiries in batches(inquiry_ids):
            by_inquiry = inquiry.in_(inquiries)
            if conversation is None:
                yield by_inquiry
            else:
                yield by_inquiry & or_(conversation.is_(None), conversation.not_in(conversation_ids))


def _owner(table: Table, owner: object) -> ColumnElement[object] | None:
    """The column by which rows go with a row of `owner`, if there is one."""
    if table is owner:
        return table.c.id
    for column in table.columns:
        for key in column.foreign_keys:
            if key.column.table is owner and key.ondelete == "CASCADE":
                return column
    return None


def _count_telegram(session: Session, conversation_ids: Sequence[str]) -> dict[str, int]:
    chats = updates = 0
    for ids in batches(conversation_ids):
        mine = telegram.CHATS.c.conversation_id.in_(ids)
        chat_ids = select(telegram.CHATS.c.chat_id).where(mine)
        chats += session.scalar(select(func.count()).select_from(telegram.CHATS).where(mine)) or 0
        updates += (
            session.scalar(
                select(func.count()).select_from(telegram.UPDATES).where(telegram.UPDATES.c.chat_id.in_(chat_ids))
            )
            or 0
        )
    return {telegram.CHATS.name: chats, telegram.UPDATES.name: updates}


def _delete_telegram(session: Session, conversation_ids: Sequence[str]) -> None:
    for ids in batches(conversation_ids):
        mine = telegram.CHATS.c.conversation_id.in_(ids)
        chat_ids = select(telegram.CHATS.c.chat_id).where(mine)
        session.execute(delete(telegram.UPDATES).where(telegram.UPDATES.c.chat_id.in_(chat_ids)))
        session.execute(delete(telegram.CHATS).where(mine))
