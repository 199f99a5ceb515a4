"""What staff write reaches the chat that the question came from, and the answer to it reaches staff."""

import asyncio

import pytest

from bot.delivery import outbox
from bot.delivery.outbox import NewDelivery
from bot.store import TELEGRAM_CHANNEL, Delivery, DeliveryKind, DeliveryState, utc_now
from bot.store.telegram import TelegramChat

pytestmark = pytest.mark.asyncio

WAIT_SECONDS = 60


def put(world, person, text="Wir rufen an.", key="one"):
    with world.store.session() as session:
        chat = session.get_one(TelegramChat, person.id)
        new = NewDelivery(key, DeliveryKind.STAFF_MESSAGE, TELEGRAM_CHANNEL, "ko", chat.conversation_id, None, text)
        outbox.put(session, new, utc_now())


def states(world):
    with world.store.reading() as session:
        return [row.state for row in session.query(Delivery).order_by(Delivery.id)]


async def test_a_word_of_staff_arrives_in_the_chat_once_and_as_text(world, minji):
    async with world.running():
        await minji.writes("안녕하세요")
        await minji.hears(2)
        put(world, minji, "<b>내일</b> 전화드릴게요.")
        message = await minji.hears_text("전화드릴게요")
        await minji.writes("감사합니다")
        await minji.hears(4)

    assert message["text"].endswith("<b>내일</b> 전화드릴게요.")
    assert len([text for text in minji.texts if "전화드릴게요" in text]) == 1
    assert states(world) == [DeliveryState.DELIVERED]


async def test_what_is_put_in_while_the_bot_is_down_arrives_when_it_is_up(world, minji):
    async with world.running():
        await minji.writes("안녕하세요")
        await minji.hears(2)
    put(world, minji)
    async with world.running():
        await minji.hears_text("Wir rufen an.")


async def test_for_who_has_blocked_the_bot_the_delivery_visibly_fails(world, minji):
    async with world.running():
        await minji.writes("안녕하세요")
        await minji.hears(2)
        await minji.blocks()
        put(world, minji)
        async with asyncio.timeout(WAIT_SECONDS):
            # In a thread, so that the bot, which runs in this loop, gets its turn.
            while await asyncio.to_thread(states, world) != [DeliveryState.FAILED]:
                pass

    assert len(minji.heard) == 2
