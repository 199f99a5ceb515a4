"""Erasing a conversation, and the report of what is gone and what is kept."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from bot.conversations.message import Message
from bot.errors import NotFound
from bot.knowledge import Language, Responses
from bot.privacy.audit import record
from bot.privacy.holdings import count_holdings
from bot.proposals.erasure import forget_proposed
from bot.store import ActorKind, AuditAction, Conversation, Delivery, Inquiry, utc_now
from bot.store import Message as MessageRow


@dataclass(frozen=True)
class ErasureReport:
    """What is gone and what is kept, named in the language of the conversation."""

    erased: tuple[str, ...]
    kept: tuple[str, ...]


def record_erasure(session: Session, conversation_id: str, pseudonym: str) -> None:
    """Record that a visitor has a conversation erased, in the transaction that does it and before it does."""
    counts = count_holdings(session, (conversation_id,), ())
    record(session, AuditAction.ERASED, ActorKind.ASKER, counts, utc_now(), (pseudonym,))


def erase_within(
    session: Session,
    conversation_id: str,
    pseudonym: str,
    finish: Callable[[Session], tuple[Message, ...]],
) -> tuple[Message, ...]:
    """Erase what a conversation holds at a wish said in it; `finish` leaves the reply to that only, and returns it."""
    record_erasure(session, conversation_id, pseudonym)
    forget_proposed(session, (conversation_id,))
    session.execute(delete(Delivery).where(Delivery.conversation_id == conversation_id))
    return finish(session)


def erase_conversation(session: Session, conversation_id: str, responses: Responses, pseudonym: str) -> ErasureReport:
    """Delete a conversation and all that belongs to it but its inquiries, which consent keeps; and record it.

    Raises:
        NotFound: no such conversation.
    """
    conversation = session.get(Conversation, conversation_id)
    if conversation is None:
        raise NotFound("conversation")
    language = Language(conversation.language)
    count = session.scalar(
        select(func.count()).select_from(MessageRow).where(MessageRow.conversation_id == conversation_id)
    )
    references = session.scalars(
        select(Inquiry.reference).where(Inquiry.conversation_id == conversation_id).order_by(Inquiry.id)
    ).all()
    record_erasure(session, conversation_id, pseudonym)
    forget_proposed(session, (conversation_id,))
    # The database deletes messages, buttons and feedback with it, and takes its id out of the inquiries.
    session.execute(delete(Conversation).where(Conversation.id == conversation_id))
    erased = (
        responses.render("say_erased_messages", language, count=str(count)),
        responses.render("say_erased_memory", language),
        responses.render("say_erased_conversation", language),
    )
    kept = (responses.render("say_kept_inquiry", language, reference=reference) for reference in references)
    return ErasureReport(tuple(part.text for part in erased), tuple(part.text for part in kept))
