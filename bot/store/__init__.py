"""The database: tables, transactions and migrations."""

from bot.store.audit import AuditAction, AuditRecord
from bot.store.base import Base, UtcDateTime, utc_now
from bot.store.conversation import WEB_CHANNEL, Conversation, hash_token, new_conversation_id, new_token
from bot.store.inquiry import (
    ActorKind,
    Inquiry,
    InquiryEntity,
    InquiryEvent,
    InquiryNote,
    InquiryReply,
    InquiryState,
    InquiryTag,
    Priority,
    TranscriptRecord,
)
from bot.store.inquiry_search import InquirySearch
from bot.store.message import (
    Button,
    EntityRecord,
    Feedback,
    Message,
    MessageState,
    Outcome,
    Sender,
    SourceRecord,
    new_button_id,
)
from bot.store.outbox import (
    EMAIL_CHANNEL,
    TELEGRAM_CHANNEL,
    WEBHOOK_CHANNEL,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Hold,
)
from bot.store.proposal import Proposal, ProposalKind, ProposalState, SettledQuestion
from bot.store.session import Store
from bot.store.staff import (
    SavedView,
    StaffAccount,
    StaffAttempt,
    StaffReading,
    StaffRecoveryCode,
    StaffRole,
    StaffSession,
)
from bot.store.telegram import TelegramChat, TelegramUpdate
from bot.store.training import Training, TrainingState
from bot.store.transactions import Transactions
from bot.store.vectors import InquiryVector, QuestionVector

__all__ = [
    "EMAIL_CHANNEL",
    "TELEGRAM_CHANNEL",
    "WEBHOOK_CHANNEL",
    "WEB_CHANNEL",
    "ActorKind",
    "AuditAction",
    "AuditRecord",
    "Base",
    "Button",
    "Conversation",
    "Delivery",
    "DeliveryKind",
    "DeliveryState",
    "EntityRecord",
    "Feedback",
    "Hold",
    "Inquiry",
    "InquiryEntity",
    "InquiryEvent",
    "InquiryNote",
    "InquiryReply",
    "InquirySearch",
    "InquiryState",
    "InquiryTag",
    "InquiryVector",
    "Message",
    "MessageState",
    "Outcome",
    "Priority",
    "Proposal",
    "ProposalKind",
    "ProposalState",
    "QuestionVector",
    "SavedView",
    "Sender",
    "SettledQuestion",
    "SourceRecord",
    "StaffAccount",
    "StaffAttempt",
    "StaffReading",
    "StaffRecoveryCode",
    "StaffRole",
    "StaffSession",
    "Store",
    "TelegramChat",
    "TelegramUpdate",
    "Training",
    "TrainingState",
    "Transactions",
    "TranscriptRecord",
    "UtcDateTime",
    "hash_token",
    "new_button_id",
    "new_conversation_id",
    "new_token",
    "utc_now",
]
