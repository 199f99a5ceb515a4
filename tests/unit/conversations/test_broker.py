import pytest

from bot.conversations import Broker, TypingEvent
from bot.conversations.broker import MAX_FOLLOWERS, MAX_UNREAD_EVENTS
from bot.errors import RateLimited
from bot.store import Sender

pytestmark = pytest.mark.asyncio

EVENT = TypingEvent(Sender.BOT)


async def test_events_go_to_the_followers_of_their_conversation_only() -> None:
    broker = Broker()
    one, other = broker.subscribe("one"), broker.subscribe("other")
    broker.publish("one", EVENT)
    broker.close_all()
    assert [event async for event in one] == [EVENT]
    assert [event async for event in other] == []


async def test_a_follower_that_reads_nothing_is_cut_off_with_what_it_has() -> None:
    broker = Broker()
    slow = broker.subscribe("one")
    for _ in range(MAX_UNREAD_EVENTS + 5):
        broker.publish("one", EVENT)
    assert len([event async for event in slow]) == MAX_UNREAD_EVENTS


async def test_there_are_only_so_many_followers_and_those_that_left_do_not_count() -> None:
    broker = Broker()
    followers = [broker.subscribe("one") for _ in range(MAX_FOLLOWERS)]
    with pytest.raises(RateLimited):
        broker.subscribe("one")
    broker.unsubscribe("one", followers.pop())
    followers.append(broker.subscribe("one"))
    # A stream whose client was gone before it began is dropped without a word.
    followers.pop()
    followers.append(broker.subscribe("one"))


async def test_after_closing_a_conversation_nothing_more_comes() -> None:
    broker = Broker()
    follower = broker.subscribe("one")
    broker.close("one")
    broker.publish("one", EVENT)
    assert [event async for event in follower] == []
    broker.unsubscribe("one", follower)
