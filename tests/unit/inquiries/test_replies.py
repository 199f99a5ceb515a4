"""Replies reach the outbox with the change that made them, once; and two people never overwrite each other."""

import pytest
from sqlalchemy import func, select

from bot.errors import Conflict, IllegalTransition
from bot.inquiries import Inquiries
from bot.store import Inquiry, InquiryReply, InquiryState, Store
from tests.unit.inquiries.cases import ANNA, BEN, MONDAY, Clock, draft, happened, move
from tests.unit.inquiries.notebook import Notebook


def test_a_reply_answers_the_asker(inquiries: Inquiries, reference: str, outbox: Notebook, clock: Clock) -> None:
    at = clock.pass_by(hours=1)
    with inquiries.change(reference, ANNA) as case:
        reply = case.reply("안녕하세요", "ko")
    detail = inquiries.get(reference)
    assert [(item.author, item.language, item.text, item.created_at) for item in detail.replies] == [
        ("anna", "ko", "안녕하세요", at)
    ]
    assert (detail.summary.state, detail.first_reply_at) == (InquiryState.ANSWERED, at)
    assert happened(detail) == [
        (ANNA, "reply_added", None, str(reply.id)),
        (ANNA, "assignee", None, "anna"),
        (ANNA, "state", "new", "answered"),
    ]
    assert outbox.told == [
        ("reply_added", "안녕하세요"),
        ("assigned", (None, "anna")),
        ("state_changed", (InquiryState.NEW, InquiryState.ANSWERED)),
    ]


def test_a_second_reply_keeps_the_time_of_the_first_and_who_has_it(
    inquiries: Inquiries, reference: str, clock: Clock
) -> None:
    for actor, then in ((ANNA, InquiryState.WAITING), (BEN, InquiryState.ANSWERED), (BEN, InquiryState.ANSWERED)):
        with inquiries.change(reference, actor) as case:
            case.reply("x", "ko", then=then)
        clock.pass_by(days=1)
    detail = inquiries.get(reference)
    assert (detail.first_reply_at, detail.summary.assignee, len(detail.replies)) == (MONDAY, "anna", 3)


def test_a_reply_handed_in_again_is_stored_and_sent_once(
    inquiries: Inquiries, reference: str, outbox: Notebook
) -> None:
    for _ in range(2):
        with inquiries.change(reference, ANNA) as case:
            case.reply("x", "ko", idempotency_key="browser-tab-1")
    assert len(inquiries.get(reference).replies) == 1
    assert [event for event, _ in outbox.told].count("reply_added") == 1
    other = inquiries.log(draft("other")).reference
    with pytest.raises(Conflict), inquiries.change(other, ANNA) as case:
        case.reply("x", "ko", idempotency_key="browser-tab-1")


@pytest.mark.parametrize("state", [InquiryState.CLOSED, InquiryState.WITHDRAWN, InquiryState.SPAM])
def test_what_is_done_gets_no_reply(inquiries: Inquiries, reference: str, state: InquiryState) -> None:
    move(inquiries, reference, state)
    with pytest.raises(IllegalTransition), inquiries.change(reference, ANNA) as case:
        case.reply("x", "ko")
    assert inquiries.get(reference).replies == ()


def test_what_the_outbox_cannot_take_is_not_stored(
    inquiries: Inquiries, reference: str, outbox: Notebook, store: Store
) -> None:
    outbox.fails = True
    with pytest.raises(RuntimeError), inquiries.change(reference, ANNA) as case:
        case.reply("x", "ko")
    with pytest.raises(RuntimeError):
        inquiries.log(draft("other"))
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(InquiryReply)) == 0
        assert session.scalar(select(func.count()).select_from(Inquiry)) == 1


# Two people at once


def test_a_change_of_what_somebody_else_has_changed_is_refused(inquiries: Inquiries, reference: str) -> None:
    seen = inquiries.get(reference).summary.version
    with inquiries.change(reference, ANNA, version=seen) as case:
        case.note("x")
    with pytest.raises(Conflict, match=reference), inquiries.change(reference, BEN, version=seen) as case:
        case.assign("ben")
    detail = inquiries.get(reference)
    assert (detail.summary.assignee, detail.summary.version > seen) == (None, True)
    with inquiries.change(reference, BEN, version=detail.summary.version) as case:
        case.assign("ben")
    assert case.summary == inquiries.get(reference).summary


def test_a_row_that_another_writer_changed_is_not_overwritten(
    inquiries: Inquiries, reference: str, store: Store
) -> None:
    """Also where somebody reads without a lock and writes later, as no code of ours does."""
    with store.reading() as session:
        stale = session.scalars(select(Inquiry)).one()
    move(inquiries, reference, InquiryState.OPEN)
    with pytest.raises(Conflict), store.session() as session:
        stale.assignee = "ben"
        session.add(stale)
