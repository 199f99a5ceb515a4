"""The chats: which conversation each holds, in which language, and whether it can be reached."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.errors import NotFound
from bot.knowledge import Language
from bot.store import Transactions, utc_now
from bot.store.telegram import TelegramChat


@dataclass(frozen=True)
class Chat:
    """One chat; without a conversation it is a group, or one whose conversation has expired.

    Arguments:
        greeted_by: the update that began the conversation, whose answer begins with the greeting.
    """

    chat_id: int
    conversation_id: str | None
    language: Language
    reachable: bool
    greeted_by: int | None

    @property
    def conversation(self) -> str:
        """The conversation's id.

        Raises:
            NotFound: there is none, or none any more.
        """
        if self.conversation_id is None:
            raise NotFound("conversation")
        return self.conversation_id


class Chats:
    """The chats in the database."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def find(self, chat_id: int) -> Chat | None:
        """The chat, or None."""

        def work(session: Session) -> Chat | None:
            row = session.get(TelegramChat, chat_id)
            return None if row is None else _chat(row)

        return await self._transactions.read(work)

    async def of_conversation(self, conversation_id: str) -> Chat | None:
        """The chat that holds a conversation, or None."""

        def work(session: Session) -> Chat | None:
            row = session.scalar(select(TelegramChat).where(TelegramChat.conversation_id == conversation_id))
            return None if row is None else _chat(row)

        return await self._transactions.read(work)

    async def keep(
        self, chat_id: int, language: Language, *, conversation_id: str | None = None, greeted_by: int | None = None
    ) -> Chat:
        """Record a chat, or give a known one its new conversation; whoever writes can be reached."""

        def work(session: Session) -> Chat:
            row = session.get(TelegramChat, chat_id)
            if row is None:
                row = TelegramChat(chat_id=chat_id, language=language.value)
                session.add(row)
            row.language, row.reachable = language.value, True
            if conversation_id is not None:
                row.conversation_id, row.greeted_by = conversation_id, greeted_by
            row.updated_at = utc_now()
            session.flush()
            return _chat(row)

        return await self._transactions.write(work)

    async def set_reachable(self, chat_id: int, *, reachable: bool) -> None:
        """Note that the person has blocked the bot, or has come back."""

        def work(session: Session) -> None:
            row = session.get(TelegramChat, chat_id)
            if row is not None:
                row.reachable = reachable

        await self._transactions.write(work)

    async def move(self, chat_id: int, to: int) -> None:
        """A group has become a supergroup: it is the same one under another id."""

        def work(session: Session) -> None:
            row = session.get(TelegramChat, chat_id)
            if row is not None and session.get(TelegramChat, to) is None:
                row.chat_id = to

        await self._transactions.write(work)


def _chat(row: TelegramChat) -> Chat:
    return Chat(row.chat_id, row.conversation_id, Language(row.language), row.reachable, row.greeted_by)
