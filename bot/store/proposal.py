"""What staff want the assistant to learn, and which questions that settles."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, UtcDateTime, text_enum, utc_now


class ProposalKind(StrEnum):
    """What is proposed: questions for an entry that is there, or a new entry."""

    QUESTIONS = "questions"
    ENTRY = "entry"


class ProposalState(StrEnum):
    """How far a proposal is: it waits, or is part of what the assistant knows."""

    OPEN = "open"
    ADOPTED = "adopted"


class Proposal(Base):
    """A change to the knowledge base that staff propose.

    `content` is what is to be added: by language the questions (masked, and looked through by who proposed them), for
    a new entry all of its fields.
    """

    __tablename__ = "proposals"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ProposalKind] = mapped_column(text_enum(ProposalKind))
    state: Mapped[ProposalState] = mapped_column(text_enum(ProposalState), default=ProposalState.OPEN, index=True)
    topic: Mapped[str] = mapped_column(String(50))
    entry: Mapped[str] = mapped_column(String(100))
    content: Mapped[dict[str, object]] = mapped_column(JSON)
    author: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)


class SettledQuestion(Base):
    """A question that staff have dealt with: by a proposal, or by deciding that nothing is to be done."""

    __tablename__ = "settled_questions"

    message_id: Mapped[int] = mapped_column(
        ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposals.id", ondelete="CASCADE"), index=True)
    staff: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
