"""Nothing lost, repeated or out of order: limits, failing servers, stops in the middle, updates that come twice."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.errors import StoreError
from bot.store.telegram import TelegramUpdate, UpdateState
from bot.telegram import service
from bot.telegram.inbox import Inbox, StoredUpdate
from tests.support.bot_api import Person
from tests.support.bot_api.faults import Failure
from tests.support.scripted_engine import reply

pytestmark = pytest.mark.asyncio

AT_ONCE = tuple(failure for failure in Failure if failure is not Failure.TIMEOUT)
"""Failures that the bot need not wait for."""


def echoes(person):
    return [text.removeprefix("echo: ") for text in person.texts if text.startswith("echo: ")]


@pytest.mark.parametrize("failure", list(Failure))
async def test_a_message_that_telegram_does_not_take_is_sent_until_it_does(world, minji, failure, monkeypatch):
    monkeypatch.setattr(service, "READ_SECONDS", 0.5)
    world.faults.plan("sendMessage", failure, times=3)
    async with world.running():
        await minji.writes("하나")
        await minji.hears(2)

    assert echoes(minji) == ["하나"]
    assert world.faults.happened == 3


@pytest.mark.parametrize("failure", AT_ONCE)
async def test_polling_goes_on_after_failures(world, minji, failure):
    world.faults.plan("getUpdates", failure, times=3)
    async with world.running():
        await minji.writes("하나")
        await minji.hears(2)

    assert echoes(minji) == ["하나"]


async def test_messages_of_one_chat_are_answered_in_order_and_a_slow_chat_holds_up_no_other(world, minji):
    jens = Person(world.api, "Jens", "de")
    gate = world.engine.hang()
    async with world.running():
        await minji.writes("1")
        await world.engine.wait_for_turns(1)
        await minji.writes("2")
        await jens.writes("Hallo")
        await jens.hears(2)
        assert echoes(minji) == []
        gate.set()
        await minji.hears(3)

    assert echoes(minji) == ["1", "2"]


async def test_an_update_that_comes_twice_is_handled_once(world, minji):
    async with world.running():
        update = await minji.writes("하나")
        await minji.hears(2)
        world.api.updates.append(update)
        await minji.writes("둘")
        await minji.hears(3)

    assert echoes(minji) == ["하나", "둘"]


async def test_what_was_not_answered_before_a_stop_is_answered_after_it(world, minji):
    gate = world.engine.hang()
    async with world.running():
        await minji.writes("하나")
        await world.engine.wait_for_turns(1)
        await minji.writes("둘")
        # Fetched and stored, which the next look of the bot acknowledges; not answered, as the first one hangs.
        await world.api.wait_for(lambda: not world.api.updates)
        gate.set()
    async with world.running():
        await minji.hears(3)

    assert echoes(minji) == ["하나", "둘"]


async def test_of_an_answer_in_parts_only_the_missing_ones_follow_after_a_crash(world, minji):
    world.engine.answer(reply("첫째"), reply("둘째"), reply("셋째"))
    async with world.running():
        update = await minji.writes("하나")
        await minji.hears(4)
    # As a crash after the second of four messages (the greeting is the first) leaves the record.
    with world.store.session() as session:
        row = session.get_one(TelegramUpdate, update["update_id"])
        row.state, row.sent, row.content = UpdateState.PENDING, 2, json.dumps(update)
    async with world.running():
        await minji.hears(6)

    assert minji.texts[1:] == ["첫째", "둘째", "셋째", "둘째", "셋째"]
    assert len(world.engine.turns) == 1


async def test_a_contact_card_that_was_taken_before_a_crash_is_taken_after_it(world, minji):
    world.engine.answer(reply("성함을 알려 주세요.", asks="name"))
    world.engine.answer(reply("회사 이름은요?", asks="company", buttons={"회사 없음": "/skip"}))
    async with world.running():
        await minji.writes("문의")
        await minji.hears(2)
        update = await minji.shares_contact()
        await minji.hears(4)
    with world.store.session() as session:
        row = session.get_one(TelegramUpdate, update["update_id"])
        row.state, row.sent, row.content = UpdateState.PENDING, 0, json.dumps(update)
    async with world.running():
        await minji.hears(6)

    assert minji.texts[2:4] == minji.texts[4:6]
    assert len(world.engine.turns) == 2


async def test_an_answer_that_telegram_refuses_for_good_holds_up_nothing(world, minji, caplog):
    async with world.running():
        await minji.writes("하나")
        await minji.hears(2)
        world.engine.answer(reply("x" * 100, buttons=dict.fromkeys(["t"], "/menu")))
        broken = world.api.chats.pop(minji.id)
        await write_from_nowhere(world, minji, broken)
        world.api.chats[minji.id] = broken
        await minji.writes("둘")
        await minji.hears_text("echo: 둘")

    assert echoes(minji) == ["하나", "둘"]


async def write_from_nowhere(world, person, chat):
    """A message from a chat that Telegram knows no more when the bot answers."""
    message = {"message_id": 9999, "date": 1, "chat": chat, "from": person.user, "text": "verloren"}
    turns = len(world.engine.turns)
    await world.api.add_update(message=message)
    await world.engine.wait_for_turns(turns + 1)
    await world.api.wait_for(lambda: any(str(call[1].get("chat_id")) == str(person.id) for call in world.api.calls))


async def test_handled_updates_keep_their_id_and_nothing_else_and_go_after_two_days(world, minji):
    async with world.running() as face:
        await minji.writes("하나")
        await minji.hears(2)
        await minji.writes("둘")
        await minji.hears(3)
    with world.store.reading() as session:
        rows = session.scalars(select(TelegramUpdate)).all()
        assert {(row.state, row.content) for row in rows} == {(UpdateState.DONE, None)}
        newest = max(row.update_id for row in rows)
        later = max(row.received_at for row in rows) + timedelta(seconds=1)
    inbox: Inbox = face.inbox
    await inbox.forget(later)
    with world.store.reading() as session:
        assert session.scalars(select(TelegramUpdate.update_id)).all() == [newest]


async def test_two_hundred_messages_of_twenty_people_under_faults_arrive_once_each_and_in_order(world):
    world.faults.often(0.15, *AT_ONCE)
    people = [Person(world.api, f"Person {number}", ("ko", "de", "en")[number % 3]) for number in range(20)]
    async with world.running():
        for turn in range(10):
            for person in people:
                await person.writes(f"{turn}")
        for person in people:
            await person.hears(11)

    assert [echoes(person) for person in people] == [[str(turn) for turn in range(10)]] * 20
    assert world.faults.happened > 20


async def test_the_inbox_stores_an_update_before_it_hands_it_on_and_knows_it_again(world):
    async with world.running() as face:
        update = StoredUpdate(77, 1, "{}")
        assert await face.inbox.store([update]) == [update]
        assert await face.inbox.store([update]) == []
        assert await face.inbox.pending() == [update]
        assert await face.inbox.next_offset() == 78


async def test_an_answer_that_cannot_be_noted_as_sent_is_not_sent_again(world, minji, monkeypatch):
    async with world.running() as face:
        write, failures = face.inbox._change, 2

        async def failing(*arguments, **values):
            nonlocal failures
            if failures:
                failures -= 1
                raise StoreError("the database is locked")
            await write(*arguments, **values)

        monkeypatch.setattr(face.inbox, "_change", failing)
        await minji.writes("하나")
        await minji.writes("둘")
        await minji.hears_text("echo: 둘")

    assert failures == 0
    assert echoes(minji) == ["하나", "둘"]
