"""What the tables promise: ids never come twice, and deletion takes along what it should and no more."""

import pytest
from sqlalchemy import delete, func, select

from bot.errors import Conflict
from bot.store import (
    ActorKind,
    Base,
    Button,
    Conversation,
    Feedback,
    Inquiry,
    InquiryEvent,
    Message,
    MessageState,
    Sender,
    Store,
    hash_token,
    utc_now,
)

CONVERSATION = "c" * 32


@pytest.fixture(autouse=True)
def conversation(store: Store) -> None:
    with store.session() as session:
        session.add(Conversation(id=CONVERSATION, token_hash=hash_token("t"), language="ko"))


def user_message(text: str = "안녕하세요", client_id: str | None = None) -> Message:
    return Message(
        conversation_id=CONVERSATION,
        sender=Sender.USER,
        text=text,
        language="ko",
        client_id=client_id,
        state=MessageState.PENDING,
        entities=[{"entity": "technology", "value": "hydrogen"}],
    )


def add(store: Store, row: Base) -> None:
    with store.session() as session:
        session.add(row)


def rows(store: Store, table: type[Base]) -> int:
    with store.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def inquiry() -> Inquiry:
    return Inquiry(
        reference="HE-2026-2222222",
        idempotency_key="key",
        conversation_id=CONVERSATION,
        channel="web",
        language="ko",
        topic="starthub",
        message="text",
        name="name",
        email="a@example.com",
        country="KR",
        consent_version="1",
        consented_at=utc_now(),
    )


def test_a_message_comes_back_as_it_went_in(store: Store) -> None:
    add(store, user_message("두 줄\n🙂"))
    with store.reading() as session:
        message = session.scalars(select(Message)).one()
    assert message.text == "두 줄\n🙂"
    assert message.sender is Sender.USER
    assert message.state is MessageState.PENDING
    assert message.entities == [{"entity": "technology", "value": "hydrogen"}]
    assert message.sources == []


def test_korean_is_stored_readably_in_json(store: Store) -> None:
    message = user_message()
    message.sources = [{"title": "헤센", "url": None, "as_of": None}]
    add(store, message)
    with store.reading() as session:
        assert "헤센" in session.connection().exec_driver_sql("SELECT CAST(sources AS TEXT) FROM messages").scalar_one()


def test_an_absent_json_value_is_null_in_the_database(store: Store) -> None:
    message = user_message()
    message.entities = None
    add(store, message)
    with store.reading() as session:
        assert session.scalar(select(func.count()).where(Message.entities.is_(None))) == 1


def test_a_message_id_is_never_given_twice(store: Store) -> None:
    first = user_message()
    add(store, first)
    with store.session() as session:
        session.execute(delete(Message))
    second = user_message()
    add(store, second)
    assert second.id > first.id


def test_a_client_id_is_taken_once_in_a_conversation(store: Store) -> None:
    add(store, user_message(client_id="one"))
    with pytest.raises(Conflict):
        add(store, user_message(client_id="one"))
    add(store, user_message(client_id=None))
    add(store, user_message(client_id=None))
    assert rows(store, Message) == 3


def test_buttons_come_in_their_order(store: Store) -> None:
    message = user_message()
    message.buttons = [
        Button(conversation_id=CONVERSATION, position=position, title=title, payload="/inquire")
        for position, title in [(2, "c"), (0, "a"), (1, "b")]
    ]
    add(store, message)
    with store.reading() as session:
        stored = session.scalars(select(Message)).one()
    assert [button.title for button in stored.buttons] == ["a", "b", "c"]
    assert len({button.id for button in stored.buttons}) == 3


def test_a_row_that_refers_to_nothing_is_refused(store: Store) -> None:
    message = user_message()
    message.conversation_id = "d" * 32
    with pytest.raises(Conflict):
        add(store, message)


def test_deleting_a_conversation_takes_all_but_its_inquiry(store: Store) -> None:
    message = user_message()
    message.buttons = [Button(conversation_id=CONVERSATION, position=0, title="a", payload="b")]
    add(store, message)
    add(store, Feedback(message_id=message.id, conversation_id=CONVERSATION, helpful=True))
    add(store, inquiry())
    with store.session() as session:
        session.execute(delete(Conversation))
    assert [rows(store, table) for table in (Message, Button, Feedback)] == [0, 0, 0]
    with store.reading() as session:
        assert session.scalars(select(Inquiry.conversation_id)).one() is None


def test_a_reply_outlives_the_message_it_answers(store: Store) -> None:
    asked = user_message()
    add(store, asked)
    reply = Message(conversation_id=CONVERSATION, sender=Sender.BOT, text="x", language="ko", reply_to=asked.id)
    add(store, reply)
    with store.session() as session:
        session.execute(delete(Message).where(Message.id == asked.id))
    with store.reading() as session:
        assert session.get_one(Message, reply.id).reply_to is None


def test_deleting_an_inquiry_takes_its_history(store: Store) -> None:
    row = inquiry()
    add(store, row)
    add(store, InquiryEvent(inquiry_id=row.id, actor=ActorKind.ASKER, event="logged"))
    with store.session() as session:
        session.execute(delete(Inquiry))
    assert rows(store, InquiryEvent) == 0
