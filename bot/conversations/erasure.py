"""Erasing a conversation, and the report of what is gone and what is kept."""

from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from bot.errors import NotFound
from bot.knowledge import Language
from bot.store import Conversation, Inquiry
from bot.store import Message as MessageRow

_MESSAGES = {
    Language.KOREAN: "이 대화의 메시지 {count}개와 버튼, 평가",
    Language.GERMAN: "{count} Nachrichten dieses Gesprächs mit Auswahlknöpfen und Bewertungen",
    Language.ENGLISH: "{count} messages of this conversation with their buttons and ratings",
}
_MEMORY = {
    Language.KOREAN: "자동 안내 시스템이 이 대화에 대해 기억하던 내용",
    Language.GERMAN: "was sich das automatische System zu diesem Gespräch gemerkt hatte",
    Language.ENGLISH: "what the automated system remembered of this conversation",
}
_ACCESS = {
    Language.KOREAN: "대화 자체와 접근 권한",
    Language.GERMAN: "das Gespräch selbst und der Zugang dazu",
    Language.ENGLISH: "the conversation itself and the access to it",
}
_INQUIRY = {
    Language.KOREAN: "문의 {reference}: 동의하신 대로 연락처와 대화 기록을 함께 보관해요",
    Language.GERMAN: "Anfrage {reference} mit Kontaktdaten und Gesprächsverlauf, wie Sie eingewilligt haben",
    Language.ENGLISH: "inquiry {reference} with contact details and transcript, as you agreed",
}


@dataclass(frozen=True)
class ErasureReport:
    """What is gone and what is kept, named in the language of the conversation."""

    erased: tuple[str, ...]
    kept: tuple[str, ...]


def erase_conversation(session: Session, conversation_id: str) -> ErasureReport:
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
    return ErasureReport(
        erased=(_MESSAGES[language].format(count=count), _MEMORY[language], _ACCESS[language]),
        kept=tuple(_INQUIRY[language].format(reference=reference) for reference in references),
    )
