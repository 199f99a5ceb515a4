"""Who is meant: a person by an e-mail address, the reference of an inquiry, or a conversation; and what is theirs."""

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from bot.errors import InvalidField, NotFound
from bot.inquiries.fields import EMAIL_MAX_CHARACTERS
from bot.inquiries.reference import parse_reference
from bot.knowledge import Language
from bot.store import Conversation, Inquiry, Message, Sender


@dataclass(frozen=True, slots=True)
class Subject:
    """A person, and all that is theirs; the language is that of the inquiry or conversation they began last.

    `emails` are the addresses that lead to them: the one given, or those of the inquiries given.
    """

    emails: tuple[str, ...]
    inquiries: tuple[str, ...]
    inquiry_ids: tuple[int, ...]
    conversations: tuple[str, ...]
    language: Language

    @property
    def is_known(self) -> bool:
        """Whether anything is stored of them."""
        return bool(self.inquiry_ids or self.conversations)


def subject_of_email(session: Session, email: str) -> Subject:
    """Who has this address: their inquiries, their conversations, and those in which they wrote it down.

    Raises:
        InvalidField: the text is no address.
    """
    address = email.strip()
    if not 2 < len(address) <= EMAIL_MAX_CHARACTERS or "@" not in address[1:-1]:
        raise InvalidField("email", "format")
    return _subject(session, {address}, set())


def subject_of_reference(session: Session, reference: str) -> Subject:
    """Who logged this inquiry, found by its address.

    Raises:
        InvalidReference: the text cannot be a reference.
        NotFound: there is no such inquiry.
    """
    email = session.scalar(select(Inquiry.email).where(Inquiry.reference == parse_reference(reference)))
    if email is None:
        raise NotFound("inquiry")
    return _subject(session, {email}, set())


def subject_of_conversation(session: Session, conversation_id: str) -> Subject:
    """Who held this conversation; with all that bears the address of an inquiry logged in it.

    Raises:
        NotFound: there is no such conversation.
    """
    own = conversation_id.strip().lower()
    if session.get(Conversation, own) is None:
        raise NotFound("conversation")
    emails = session.scalars(select(Inquiry.email).where(Inquiry.conversation_id == own))
    return _subject(session, set(emails), {own})


def address_pattern(emails: tuple[str, ...] | set[str]) -> re.Pattern[str]:
    """Matches these addresses and no longer ones; a Korean particle may follow."""
    addresses = "|".join(re.escape(email) for email in sorted(emails, key=len, reverse=True))
    return re.compile(rf"(?<![A-Za-z0-9._+-])(?:{addresses})(?![A-Za-z0-9-]|\.[A-Za-z0-9])", re.IGNORECASE)


def mentions(column: Any, emails: tuple[str, ...] | set[str]) -> ColumnElement[bool]:
    """Whether a column's text may hold one of these addresses; `address_pattern` tells for sure."""
    return or_(*(func.lower(column).contains(spelt, autoescape=True) for spelt in _spellings(emails)))


def _spellings(emails: tuple[str, ...] | set[str]) -> list[str]:
    # SQLite's lower() knows ASCII only, PostgreSQL's all letters.
    return sorted({spelt for email in emails for spelt in (_lower_ascii(email), email.lower(), email.casefold())})


def _lower_ascii(text: str) -> str:
    return "".join(character.lower() if character.isascii() else character for character in text)


def _subject(session: Session, emails: set[str], conversations: set[str]) -> Subject:
    mine: ColumnElement[bool]
    if emails:
        addressed = func.lower(Inquiry.email).in_(_spellings(emails))
        conversations = conversations | _held_by(session, addressed) | _written_in(session, emails)
        # Whoever logged in one conversation under two addresses is one person: the transcripts hold both.
        mine = addressed | Inquiry.conversation_id.in_(conversations)
    else:
        mine = Inquiry.conversation_id.in_(conversations)
    query = select(Inquiry.id, Inquiry.reference, Inquiry.language).where(mine).order_by(Inquiry.id)
    inquiries = session.execute(query).all()
    last = (
        select(Conversation.language).where(Conversation.id.in_(conversations)).order_by(Conversation.updated_at.desc())
    )
    spoken = inquiries[-1].language if inquiries else session.scalar(last.limit(1))
    return Subject(
        emails=tuple(sorted(emails)),
        inquiries=tuple(row.reference for row in inquiries),
        inquiry_ids=tuple(row.id for row in inquiries),
        conversations=tuple(sorted(conversations)),
        language=Language(spoken) if spoken else Language.GERMAN,
    )


def _held_by(session: Session, addressed: ColumnElement[bool]) -> set[str]:
    held = select(Inquiry.conversation_id).where(addressed, Inquiry.conversation_id.is_not(None))
    return {known for known in session.scalars(held) if known is not None}


def _written_in(session: Session, emails: set[str]) -> set[str]:
    pattern = address_pattern(emails)
    query = select(Message.conversation_id, Message.text).where(
        Message.sender == Sender.USER, mentions(Message.text, emails)
    )
    return {row.conversation_id for row in session.execute(query) if pattern.search(row.text)}
