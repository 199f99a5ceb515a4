"""Erasing a conversation, and the report of what is gone and what is kept."""

from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from bot.errors import NotFound
from bot.knowledge import Language, Responses
from bot.store import Conversation, Inquiry
from bot.store import Message as MessageRow


@dataclass(frozen=True)
class ErasureReport:
    """What is gone and what is kept, named in the language of the conversation."""

    erased: tuple[str, ...]
    kept: tuple[str, ...]


def erase_conversation(session: Session, conversation_id: str, responses: Responses) -> ErasureReport:
    """Delete a conversation and all that belongs to it but its inquiries, which consent keeps.

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
    # The database deletes messages, buttons and feedback with it, and takes its id out of the inquiries.
    session.execute(delete(Conversation).where(Conversation.id == conversation_id))
    erased = (
        responses.render("say_erased_messages", language, count=str(count)),
        responses.render("say_erased_memory", language),
        responses.render("say_erased_conversation", language),
    )
    kept = (responses.render("say_kept_inquiry", language, reference=reference) for reference in references)
    return ErasureReport(tuple(part.text for part in erased), tuple(part.text for part in kept))
