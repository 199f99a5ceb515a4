"""The conversation service that every face talks to: the record of messages, their order, the engine, delivery."""

from bot.conversations.broker import Broker, Event, MessageEvent, Subscription, TypingEvent
from bot.conversations.engine import EngineClient, TurnRequest, TurnResult, open_engine_connections
from bot.conversations.erasure import ErasureReport
from bot.conversations.message import Message, MessageButton, MessageSource, StartedConversation
from bot.conversations.service import Conversations
from bot.conversations.staff import HeldConversation, StaffConversations, StaffView

__all__ = [
    "Broker",
    "Conversations",
    "EngineClient",
    "ErasureReport",
    "Event",
    "HeldConversation",
    "Message",
    "MessageButton",
    "MessageEvent",
    "MessageSource",
    "StaffConversations",
    "StaffView",
    "StartedConversation",
    "Subscription",
    "TurnRequest",
    "TurnResult",
    "TypingEvent",
    "open_engine_connections",
]
