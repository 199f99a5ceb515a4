"""Trainings that staff have started, and what came of them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, NullableJson, UtcDateTime, text_enum, utc_now


class TrainingState(StrEnum):
    """How far a training is. `ready` waits for staff to switch; `in_use` may be taken back."""

    WAITING = "waiting"
    CHECKING = "checking"
    TRAINING = "training"
    MEASURING = "measuring"
    READY = "ready"
    FAILED = "failed"
    IN_USE = "in_use"
    TAKEN_BACK = "taken_back"


class Training(Base):
    """One training: the proposals it learns, and its figures beside those of the model that was in use then.

    `problem` is why it failed, or may not be switched to: mistakes in files and figures, never what visitors wrote
    elsewhere than in the proposals.
    """

    __tablename__ = "trainings"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[TrainingState] = mapped_column(text_enum(TrainingState), default=TrainingState.WAITING, index=True)
    proposals: Mapped[list[int]] = mapped_column(JSON)
    started_by: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    beat_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    model: Mapped[str | None] = mapped_column(String(100))
    model_before: Mapped[str | None] = mapped_column(String(100))
    figures: Mapped[dict[str, float] | None] = mapped_column(NullableJson)
    figures_before: Mapped[dict[str, float] | None] = mapped_column(NullableJson)
    problem: Mapped[str | None] = mapped_column(Text)
