"""What the asker does after logging: writing again, withdrawing, having it erased."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.errors import IllegalTransition
from bot.inquiries import ASKER, SYSTEM, Actor, Inquiries
from bot.store import ActorKind, Conversation, Inquiry, InquirySearch, InquiryState, Store, hash_token
from tests.unit.inquiries.cases import ANNA, DRAFT, Clock, draft, happened, move

CONVERSATION = "c" * 32


@pytest.fixture
def conversation(store: Store) -> str:
    with store.session() as session:
        session.add(Conversation(id=CONVERSATION, token_hash=hash_token("t"), language="ko"))
    return CONVERSATION


@pytest.mark.parametrize("state", [InquiryState.WAITING, InquiryState.ANSWERED])
def test_a_message_of_the_asker_opens_what_was_answered(
    inquiries: Inquiries, store: Store, conversation: str, clock: Clock, state: InquiryState
) -> None:
    reference = inquiries.log(draft("mine", conversation_id=conversation)).reference
    move(inquiries, reference, state)
    at = clock.pass_by(days=1)
    with store.session() as session:
        summary = inquiries.asker_wrote(session, conversation)
    assert summary == inquiries.get(reference).summary
    assert (summary.state, summary.waiting_since, summary.due_at) == (InquiryState.OPEN, at, at + timedelta(days=2))
    assert happened(inquiries.get(reference))[1:] == [
        (ASKER, "asker_wrote", None, None),
        (ASKER, "state", state.value, "open"),
    ]


def test_a_message_is_about_the_inquiry_that_was_answered_last(
    inquiries: Inquiries, store: Store, conversation: str, clock: Clock
) -> None:
    first, second, third = (
        inquiries.log(draft(key, conversation_id=conversation)).reference for key in ("1", "2", "3")
    )
    for reference, state in (
        (second, InquiryState.ANSWERED),
        (first, InquiryState.WAITING),
        (third, InquiryState.CLOSED),
    ):
        clock.pass_by(hours=1)
        move(inquiries, reference, state)
    opened = []
    for _ in range(3):
        clock.pass_by(hours=1)
        with store.session() as session:
            summary = inquiries.asker_wrote(session, conversation)
        opened.append(summary.reference)
    assert opened == [first, second, second]


def test_a_message_without_an_inquiry_to_be_about_changes_nothing(
    inquiries: Inquiries, store: Store, conversation: str
) -> None:
    reference = inquiries.log(draft("mine", conversation_id=conversation)).reference
    move(inquiries, reference, InquiryState.CLOSED)
    before = inquiries.get(reference)
    for other in (conversation, "d" * 32):
        with store.session() as session:
            assert inquiries.asker_wrote(session, other) is None
    assert inquiries.get(reference) == before


@pytest.mark.parametrize("state", [state for state in InquiryState if state is not InquiryState.DUPLICATE])
def test_the_asker_may_withdraw_whatever_became_of_it(
    inquiries: Inquiries, reference: str, state: InquiryState
) -> None:
    move(inquiries, reference, state)
    assert inquiries.withdraw(reference, None, DRAFT.email).state is InquiryState.WITHDRAWN


def test_the_assistant_may_close_what_was_answered_but_nothing_new(inquiries: Inquiries, reference: str) -> None:
    with pytest.raises(IllegalTransition):
        move(inquiries, reference, InquiryState.CLOSED, SYSTEM)
    move(inquiries, reference, InquiryState.ANSWERED)
    move(inquiries, reference, InquiryState.CLOSED, SYSTEM)
    assert inquiries.get(reference).history[-1].actor == Actor(ActorKind.SYSTEM)


def test_erasing_takes_everything_along(inquiries: Inquiries, reference: str, store: Store) -> None:
    second = inquiries.log(draft("2")).reference
    with inquiries.change(second, ANNA) as case:
        case.mark_duplicate_of(reference)
    with inquiries.change(reference, ANNA) as case:
        case.note("x")
        case.tag("x")
        case.reply("x", "ko")
    inquiries.erase(reference, None, DRAFT.email)
    assert inquiries.get(second).duplicate_of is None
    inquiries.erase(second, None, DRAFT.email)
    with store.reading() as session:
        for table in Inquiry.metadata.sorted_tables:
            if table.name.startswith("inquir"):
                assert session.scalar(select(func.count()).select_from(table)) == 0, table.name
        if session.get_bind().dialect.name == "sqlite":
            left = "SELECT count(*) FROM inquiry_search_index WHERE inquiry_search_index MATCH '수소'"
            assert session.connection().exec_driver_sql(left).scalar() == 0
        assert session.scalar(select(func.count()).select_from(InquirySearch)) == 0
