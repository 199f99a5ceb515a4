"""What goes into the inquiry service and what comes out of it."""

from dataclasses import dataclass
from datetime import datetime

from bot.inquiries.actor import Actor
from bot.store import InquiryState, Priority

# The channel of an inquiry whose conversation is not on record, such as one held in the engine's own shell.
UNKNOWN_CHANNEL = "unknown"


@dataclass(frozen=True, slots=True)
class InquiryDraft:
    """A complete inquiry, its fields checked with `bot.inquiries.fields`, ready to be logged.

    `idempotency_key` is the same whenever the same inquiry is handed in again. `consent_days` is how long after its
    end the asker was told that the inquiry is kept.
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
    consent_days: int | None = None


@dataclass(frozen=True, slots=True)
class LoggedInquiry:
    """The reference that the asker is told; `already_logged` if the same inquiry had been handed in before."""

    reference: str
    already_logged: bool


@dataclass(frozen=True, slots=True)
class InquirySummary:
    """What an asker is shown of an inquiry, and staff in a list.

    `version` is what a change that rests on this summary hands in. `waiting_since` and `due_at` are set while the
    asker waits for us.
    """

    id: int
    reference: str
    version: int
    state: InquiryState
    priority: Priority
    channel: str
    language: str
    topic: str
    country: str
    assignee: str | None
    due_at: datetime | None
    waiting_since: datetime | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class TranscriptSource:
    """Where an answer's facts are from, and the date they were true for."""

    title: str
    url: str | None
    as_of: str | None


@dataclass(frozen=True, slots=True)
class TranscriptLine:
    """One message of the conversation that led to an inquiry.

    `confidence` is how sure the assistant was of what an asker's message meant, `sources` what an answer rests on;
    both are missing where they were not kept.
    """

    sender: str
    text: str
    language: str
    entry: str | None
    at: datetime
    confidence: float | None = None
    sources: tuple[TranscriptSource, ...] = ()


@dataclass(frozen=True, slots=True)
class EntityValue:
    """Something named in the conversation, such as a technology, by its canonical id."""

    entity: str
    value: str


@dataclass(frozen=True, slots=True)
class HistoryEvent:
    """One thing that happened to an inquiry, with the value before and after, where it has values."""

    at: datetime
    actor: Actor
    event: str
    old_value: str | None
    new_value: str | None


@dataclass(frozen=True, slots=True)
class Note:
    """What staff wrote for each other."""

    id: int
    author: str | None
    text: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Reply:
    """What staff answered the asker."""

    id: int
    author: str
    language: str
    text: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class InquiryDetail:
    """Everything about one inquiry, for staff.

    `duplicate_of` is the reference of the inquiry that goes on instead of this one, `duplicates` are those of which
    this is the one that goes on.
    """

    summary: InquirySummary
    message: str
    name: str
    company: str | None
    email: str
    consent_version: str
    consented_at: datetime
    first_reply_at: datetime | None
    closed_at: datetime | None
    duplicate_of: str | None
    duplicates: tuple[str, ...]
    tags: tuple[str, ...]
    transcript: tuple[TranscriptLine, ...]
    entities: tuple[EntityValue, ...]
    notes: tuple[Note, ...]
    replies: tuple[Reply, ...]
    history: tuple[HistoryEvent, ...]
