"""What an asker may see and do: only with the inquiry's own conversation or e-mail address."""

import hmac

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bot.errors import InquiryAccessDenied
from bot.inquiries.reference import parse_reference
from bot.inquiries.states import WAITS_FOR_ASKER, WAITS_FOR_US
from bot.store import Inquiry


def find(session: Session, reference: str, *, lock: bool = False) -> Inquiry | None:
    """The inquiry with this reference, in the form that is stored; `lock` keeps other writers from it."""
    return session.scalar(_locked(select(Inquiry).where(Inquiry.reference == reference), lock=lock))


def find_for_asker(
    session: Session, reference: str, conversation_id: str | None, email: str | None, *, lock: bool = False
) -> Inquiry:
    """The inquiry with this reference, for who logged it in this conversation or gives its e-mail address.

    Raises:
        InvalidReference: the text cannot be a reference.
        InquiryAccessDenied: not this asker's inquiry, or no such inquiry.
    """
    inquiry = find(session, parse_reference(reference), lock=lock)
    # An unknown reference is compared like a known one, so that neither answer nor time tells which exist.
    same_conversation = _same(inquiry.conversation_id if inquiry else None, conversation_id)
    same_email = _same(_folded(inquiry.email) if inquiry else None, _folded(email))
    if inquiry is None or not (same_conversation or same_email):
        raise InquiryAccessDenied
    return inquiry


def find_awaited(session: Session, conversation_id: str) -> Inquiry | None:
    """The inquiry that a message in this conversation is about: the one whose asker was answered last.

    If none was answered, it is the one that changed last among those that wait for us; what is done is never it.
    """
    query = select(Inquiry).where(Inquiry.conversation_id == conversation_id).order_by(Inquiry.updated_at.desc())
    for states in (WAITS_FOR_ASKER, WAITS_FOR_US):
        found = session.scalar(_locked(query.where(Inquiry.state.in_(states)).limit(1), lock=True))
        if found is not None:
            return found
    return None


def _locked(query: Select[Inquiry], *, lock: bool) -> Select[Inquiry]:
    # SQLite has no row locks and needs none: a writing transaction has the whole database to itself.
    return query.with_for_update() if lock else query


def _folded(email: str | None) -> str | None:
    return None if email is None else email.strip().casefold()


def _same(stored: str | None, given: str | None) -> bool:
    equal = hmac.compare_digest(_encoded(stored), _encoded(given))
    return equal and bool(stored)


def _encoded(text: str | None) -> bytes:
    return (text or "").encode("utf-8", "surrogatepass")
