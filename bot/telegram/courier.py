"""Brings into Telegram chats what the outbox holds for them: replies and words of staff, and who is in the chat."""

from __future__ import annotations

from bot.conversations import Conversations
from bot.delivery import ClaimedDelivery
from bot.errors import DeliveryRefused, LeaseLost
from bot.telegram.chats import Chats
from bot.telegram.rendering import rendered
from bot.telegram.sender import Sender, Unreachable


class TelegramCourier:
    """Records a delivery in its conversation, as the page's courier does, and sends it to the chat."""

    def __init__(self, conversations: Conversations, chats: Chats, sender: Sender) -> None:
        self._conversations = conversations
        self._chats = chats
        self._sender = sender

    async def deliver(self, delivery: ClaimedDelivery) -> None:
        """Deliver one; see `bot.delivery.worker.Courier`.

        Telegram cannot tell a repeat: after a crash between sending and marking, the chat shows a message twice.
        """
        if delivery.conversation_id is None:
            raise LeaseLost
        message = await self._conversations.record(delivery)
        chat = await self._chats.of_conversation(delivery.conversation_id)
        if chat is None or not chat.reachable:
            raise DeliveryRefused("the person has blocked the bot")
        for part in rendered(message):
            try:
                await self._sender.send(chat.chat_id, part)
            except Unreachable as error:
                await self._chats.set_reachable(chat.chat_id, reachable=False)
                raise DeliveryRefused("the person has blocked the bot") from error
