"""The event stream of a conversation: messages and typing, resumed after the last message that the client saw."""

from collections.abc import AsyncIterator

from sse_starlette import EventSourceResponse, ServerSentEvent

from bot.conversations import Conversations, Message, MessageEvent, Subscription
from bot.errors import InvalidField
from bot.gateway.schemas import MAX_ID, MessageOut

PING_SECONDS = 20
"""A comment now and then keeps proxies from closing a silent stream."""

SEND_TIMEOUT_SECONDS = 30
"""A client that takes nothing for so long is gone."""

RECONNECT_MILLISECONDS = 2000


def parse_last_event_id(value: str | None) -> int | None:
    """The message after which a stream resumes; None where nothing was seen yet.

    Raises:
        InvalidField: it is not an id that this server gave.
    """
    text = (value or "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(MAX_ID)) and int(text) <= MAX_ID):
        raise InvalidField("Last-Event-ID", "invalid")
    return int(text)


async def open_stream(conversations: Conversations, conversation_id: str, after: int | None) -> EventSourceResponse:
    """Stream what happens from now on, and first what was missed after the message `after`.

    Raises:
        NotFound: no such conversation.
        RateLimited: too many streams of it are open.
    """
    # Subscribed before the record is read and before the client hears a word: nothing falls in between.
    subscription = conversations.broker.subscribe(conversation_id)
    missed = await conversations.messages(conversation_id, after) if after is not None else []
    return EventSourceResponse(
        _events(conversations, conversation_id, subscription, missed),
        ping=PING_SECONDS,
        send_timeout=SEND_TIMEOUT_SECONDS,
    )


async def _events(
    conversations: Conversations, conversation_id: str, subscription: Subscription, missed: list[Message]
) -> AsyncIterator[ServerSentEvent]:
    try:
        yield ServerSentEvent(comment="open", retry=RECONNECT_MILLISECONDS)
        for message in missed:
            yield _message_event(message)
        last = missed[-1].id if missed else 0
        async for event in subscription:
            if not isinstance(event, MessageEvent):
                # Without an id, so that the client still resumes after the last message.
                yield ServerSentEvent(event="typing", data=f'{{"sender": "{event.sender}", "active": true}}')
            elif event.message.id > last:
                yield _message_event(event.message)
    finally:
        conversations.broker.unsubscribe(conversation_id, subscription)


def _message_event(message: Message) -> ServerSentEvent:
    return ServerSentEvent(event="message", id=str(message.id), data=MessageOut.of(message).model_dump_json())
