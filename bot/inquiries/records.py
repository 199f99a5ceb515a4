"""What goes into the inquiry service and what comes out of it."""

from dataclasses import dataclass
from datetime import datetime

from bot.store import Actor, InquiryState

# The channel of an inquiry whose conversation is not on record, such as one held in the engine's own shell.
UNKNOWN_CHANNEL = "unknown"


@dataclass(frozen=True, slots=True)
class InquiryDraft:
    """A complete inquiry, its fields checked with `bot.inquiries.fields`, ready to be logged.

    `idempotency_key` is the same whenever the same inquiry is handed in again.
    """

    conversation_id: str | None
    language: str
    topic: str
    message: str
    name: str
    company: str | None
    email: str
    country: str
    consent_version: str
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class LoggedInquiry:
    """The reference that the asker is told; `already_logged` if the same inquiry had been handed in before."""

    reference: str
    already_logged: bool


@dataclass(frozen=True, slots=True)
class InquirySummary:
    """What an asker is shown of an inquiry, and staff in a list."""

    id: int
    reference: str
    state: InquiryState
    channel: str
    language: str
    topic: str
    country: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class TranscriptLine:
    """One message of the conversation that led to an inquiry."""

    sender: str
    text: str
    language: str
    entry: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class EntityValue:
    """Something named in the conversation, such as a technology, by its canonical id."""

    entity: str
    value: str


@dataclass(frozen=True, slots=True)
class HistoryEvent:
    """One thing that happened to an inquiry."""

    at: datetime
    actor: Actor
    event: str


@dataclass(frozen=True, slots=True)
class InquiryDetail:
    """Everything about one inquiry, for staff."""

    summary: InquirySummary
    message: str
    name: str
    company: str | None
    email: str
    consent_version: str
    consented_at: datetime
    transcript: tuple[TranscriptLine, ...]
    entities: tuple[EntityValue, ...]
    history: tuple[HistoryEvent, ...]
