"""Buttons under messages: pressed ones leave a trace, thumbs say whether an answer helped, short ones share a row."""

import pytest
from sqlalchemy import select

from bot.store import Feedback
from tests.support.bot_api import Person
from tests.support.scripted_engine import reply

pytestmark = pytest.mark.asyncio


def rows(message):
    return [[button["text"] for button in row] for row in message["reply_markup"]["inline_keyboard"]]


def ratings(world):
    with world.store.reading() as session:
        return [row.helpful for row in session.scalars(select(Feedback))]


async def edited(world, times):
    """Wait until the bot has changed buttons so often."""
    await world.api.wait_for(
        lambda: sum(method.casefold() == "editmessagereplymarkup" for method, _ in world.api.calls) >= times
    )


async def test_short_titles_stand_two_in_a_row_and_long_ones_alone(world, minji):
    titles = [
        "비자",
        "자금 지원",
        "헤센 소액융자(Hessen-Mikrodarlehen)는 어떻게 받나요?",
        "투자",
        "Investing in Hessen",
        "무역",
    ]
    world.engine.answer(reply("골라 주세요.", buttons=dict.fromkeys(titles, "/menu")))
    async with world.running():
        await minji.writes("주제")
        [_, menu] = await minji.hears(2)

    assert rows(menu) == [titles[:2], titles[2:3], titles[3:5], titles[5:]]


async def test_a_pressed_button_bears_a_mark_and_can_be_pressed_again(world, minji):
    world.engine.answer(reply("무료예요.", entry="cost"))
    async with world.running():
        await minji.writes("무료인가요?")
        answer = (await minji.hears(2))[1]
        await minji.presses("who in ko?")
        await minji.hears(3)
        await minji.presses("✓ who in ko?")
        await minji.hears(4)

    assert rows(answer)[0] == ["✓ who in ko?", "where in ko?"]
    assert len(world.engine.turns) == 3


async def test_thumbs_stand_under_what_states_facts_and_the_last_word_counts(world, minji):
    world.engine.answer(reply("무료예요.", entry="cost"))
    async with world.running():
        await minji.writes("무료인가요?")
        answer = (await minji.hears(2))[1]
        await minji.presses("👎")
        await edited(world, 1)
        assert rows(answer)[-1] == ["👍", "✓ 👎"]
        assert ratings(world) == [False]
        await minji.presses("👍")
        await edited(world, 2)

    assert rows(answer)[-1] == ["✓ 👍", "👎"]
    assert ratings(world) == [True]
    assert [bool(notice.get("show_alert")) for notice in world.api.notices] == [False, False]
    assert all(notice["text"] for notice in world.api.notices)
    assert len(world.engine.turns) == 1


async def test_what_states_no_facts_has_no_thumbs(world, minji):
    async with world.running():
        await minji.writes("안녕하세요")
        await minji.hears(2)

    assert not [row for message in minji.heard if "reply_markup" in message for row in rows(message) if "👍" in row]


@pytest.mark.parametrize("data", ["f:1:1", "f:999999:0", "f:x:1", "f::", "f:1:2", f"f:{'9' * 18}:1"])
async def test_a_thumb_for_a_message_of_somebody_else_is_explained_and_counts_nothing(world, minji, data):
    world.engine.answer(reply("무료예요.", entry="cost"))
    jens = Person(world.api, "Jens Weber", "de")
    async with world.running():
        await minji.writes("무료인가요?")
        await minji.hears(2)
        await jens.presses_data(data)
        await world.api.wait_for(lambda: bool(world.api.notices))

    assert "gilt nicht mehr" in world.api.notices[0]["text"]
    assert ratings(world) == []


async def test_a_press_whose_mark_telegram_refuses_is_answered_all_the_same(world, minji):
    world.engine.answer(reply("무료예요.", entry="cost"))
    async with world.running():
        await minji.writes("무료인가요?")
        answer = (await minji.hears(2))[1]
        world.api.messages[minji.id].remove(answer)
        button = answer["reply_markup"]["inline_keyboard"][0][0]
        await minji.presses_data(button["callback_data"], answer)
        await minji.hears_text("echo: who in ko?")


async def test_typing_is_shown_while_the_engine_thinks(world, minji):
    gate = world.engine.hang()
    async with world.running():
        await minji.writes("하나")
        await world.api.wait_for(lambda: minji.id in world.api.typing)
        gate.set()
        await minji.hears(2)
