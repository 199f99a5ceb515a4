"""What questions and inquiries mean, as numbers: derived from what people wrote, and deleted with it."""

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base

ENCODER_LENGTH = 16


class QuestionVector(Base):
    """The meaning of a question that the assistant could not answer well; `encoder` names what made it."""

    __tablename__ = "question_vectors"

    message_id: Mapped[int] = mapped_column(
        ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    encoder: Mapped[str] = mapped_column(String(ENCODER_LENGTH))
    vector: Mapped[bytes] = mapped_column(LargeBinary)


class InquiryVector(Base):
    """The meaning of an inquiry; `encoder` as above."""

    __tablename__ = "inquiry_vectors"

    inquiry_id: Mapped[int] = mapped_column(
        ForeignKey("inquiries.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    encoder: Mapped[str] = mapped_column(String(ENCODER_LENGTH))
    vector: Mapped[bytes] = mapped_column(LargeBinary)
