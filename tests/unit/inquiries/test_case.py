"""What staff and askers do to an inquiry: its rules, its clocks, and who did what when."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.errors import Conflict, IllegalTransition, InvalidField, NotFound
from bot.inquiries import ASKER, SYSTEM, Actor, Desk, HistoryEvent, Inquiries, InquiryDetail, new_reference
from bot.store import (
    ActorKind,
    Conversation,
    Inquiry,
    InquiryReply,
    InquirySearch,
    InquiryState,
    Priority,
    Store,
    hash_token,
)
from tests.unit.inquiries.cases import ANNA, BEN, DRAFT, MONDAY, Clock, draft

CONVERSATION = "c" * 32
TWO_DAYS_ON = MONDAY + timedelta(days=2)


@dataclass
class Notebook:
    """An outbox that writes down what it was told, and checks that it was told within the transaction."""

    told: list[tuple[str, object]] = field(default_factory=list)
    fails: bool = False

    def logged(self, session: Session, inquiry: Inquiry) -> None:
        self._note(session, "logged", inquiry.state)

    def reply_added(self, session: Session, inquiry: Inquiry, reply: InquiryReply) -> None:
        assert session.scalar(select(InquiryReply.text).where(InquiryReply.id == reply.id)) == reply.text
        self._note(session, "reply_added", reply.text)

    def state_changed(self, session: Session, inquiry: Inquiry, old: InquiryState) -> None:
        self._note(session, "state_changed", (old, inquiry.state))

    def assigned(self, session: Session, inquiry: Inquiry, old: str | None) -> None:
        self._note(session, "assigned", (old, inquiry.assignee))

    def _note(self, session: Session, event: str, value: object) -> None:
        assert session.in_transaction()
        if self.fails:
            raise RuntimeError("the outbox cannot take it")
        self.told.append((event, value))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def outbox() -> Notebook:
    return Notebook()


@pytest.fixture
def inquiries(store: Store, clock: Clock, outbox: Notebook) -> Inquiries:
    return Inquiries(store, clock, desk=Desk(outbox))


@pytest.fixture
def reference(inquiries: Inquiries, outbox: Notebook) -> str:
    reference = inquiries.log(DRAFT).reference
    outbox.told.clear()
    return reference


def happened(detail: InquiryDetail) -> list[tuple[Actor, str, str | None, str | None]]:
    """The history after the logging."""
    return [(event.actor, event.event, event.old_value, event.new_value) for event in detail.history[1:]]


def move(inquiries: Inquiries, reference: str, state: InquiryState, actor: Actor = ANNA) -> None:
    with inquiries.change(reference, actor) as case:
        case.change_state(state)


# Clocks


def test_a_new_inquiry_waits_and_is_due_after_two_working_days(
    inquiries: Inquiries, reference: str, outbox: Notebook
) -> None:
    summary = inquiries.get(reference).summary
    assert (summary.state, summary.priority, summary.assignee) == (InquiryState.NEW, Priority.NORMAL, None)
    assert (summary.waiting_since, summary.due_at) == (MONDAY, TWO_DAYS_ON)
    inquiries.log(draft("other"))
    assert outbox.told == [("logged", InquiryState.NEW)]


def test_taking_an_inquiry_up_keeps_its_clocks(inquiries: Inquiries, reference: str, clock: Clock) -> None:
    clock.pass_by(hours=1)
    move(inquiries, reference, InquiryState.OPEN)
    summary = inquiries.get(reference).summary
    assert (summary.waiting_since, summary.due_at) == (MONDAY, TWO_DAYS_ON)


@pytest.mark.parametrize("state", [InquiryState.WAITING, InquiryState.ANSWERED, InquiryState.CLOSED, InquiryState.SPAM])
def test_who_does_not_wait_for_us_has_no_clocks(inquiries: Inquiries, reference: str, state: InquiryState) -> None:
    move(inquiries, reference, state)
    summary = inquiries.get(reference).summary
    assert (summary.waiting_since, summary.due_at) == (None, None)


def test_what_is_opened_again_waits_anew(inquiries: Inquiries, reference: str, clock: Clock) -> None:
    move(inquiries, reference, InquiryState.CLOSED)
    assert inquiries.get(reference).closed_at == MONDAY
    later = clock.pass_by(days=1)
    move(inquiries, reference, InquiryState.OPEN)
    detail = inquiries.get(reference)
    assert detail.closed_at is None
    assert (detail.summary.waiting_since, detail.summary.due_at) == (later, later + timedelta(days=2))


def test_a_due_date_is_set_and_taken_away(inquiries: Inquiries, reference: str) -> None:
    friday = MONDAY + timedelta(days=4)
    for due in (friday, None):
        with inquiries.change(reference, ANNA) as case:
            case.set_due(due)
        assert inquiries.get(reference).summary.due_at == due
    assert happened(inquiries.get(reference)) == [
        (ANNA, "due", TWO_DAYS_ON.isoformat(), friday.isoformat()),
        (ANNA, "due", friday.isoformat(), None),
    ]


@pytest.mark.parametrize(("due", "wrong"), [(MONDAY, "past"), (MONDAY - timedelta(days=1), "past")])
def test_a_due_date_lies_ahead(inquiries: Inquiries, reference: str, due: datetime, wrong: str) -> None:
    with pytest.raises(InvalidField, match=wrong), inquiries.change(reference, ANNA) as case:
        case.set_due(due)


def test_nothing_is_due_that_is_done(inquiries: Inquiries, reference: str) -> None:
    move(inquiries, reference, InquiryState.CLOSED)
    with pytest.raises(InvalidField, match="nothing_due"), inquiries.change(reference, ANNA) as case:
        case.set_due(MONDAY + timedelta(days=9))


# Changes and their history


def test_the_history_says_who_changed_what_and_when(inquiries: Inquiries, reference: str, clock: Clock) -> None:
    clock.pass_by(minutes=5)
    with inquiries.change(reference, ANNA) as case:
        case.assign("ben")
        case.set_priority(Priority.URGENT)
        case.set_topic("visa")
        case.tag(" Messe  2026 ")
        case.change_state(InquiryState.OPEN)
    at = clock.pass_by(minutes=5)
    with inquiries.change(reference, BEN) as case:
        case.untag("messe 2026")
        case.assign(None)
    detail = inquiries.get(reference)
    assert happened(detail) == [
        (ANNA, "assignee", None, "ben"),
        (ANNA, "priority", "normal", "urgent"),
        (ANNA, "topic", "starthub", "visa"),
        (ANNA, "tag_added", None, "messe 2026"),
        (ANNA, "state", "new", "open"),
        (BEN, "tag_removed", "messe 2026", None),
        (BEN, "assignee", "ben", None),
    ]
    assert detail.history[0] == HistoryEvent(MONDAY, ASKER, "logged", None, None)
    assert detail.history[-1].at == detail.summary.updated_at == at
    assert (detail.summary.topic, detail.summary.priority, detail.tags) == ("visa", Priority.URGENT, ())


def test_what_changes_nothing_leaves_no_trace(inquiries: Inquiries, reference: str, outbox: Notebook) -> None:
    before = inquiries.get(reference)
    with inquiries.change(reference, ANNA) as case:
        case.assign(None)
        case.set_priority(Priority.NORMAL)
        case.set_topic("starthub")
        case.set_due(TWO_DAYS_ON)
        case.untag("never")
        case.change_state(InquiryState.NEW)
    assert inquiries.get(reference) == before
    assert outbox.told == []


def test_a_tag_is_put_on_once(inquiries: Inquiries, reference: str) -> None:
    with inquiries.change(reference, ANNA) as case:
        case.tag("messe")
        case.tag("MESSE")
        case.tag("ausstellung")
    assert inquiries.get(reference).tags == ("ausstellung", "messe")


def test_notes_are_kept_with_their_author(inquiries: Inquiries, reference: str) -> None:
    with inquiries.change(reference, ANNA) as case:
        note = case.note("Rückruf\nam Montag")
    detail = inquiries.get(reference)
    assert [(item.author, item.text, item.created_at) for item in detail.notes] == [
        ("anna", "Rückruf\nam Montag", MONDAY)
    ]
    assert happened(detail) == [(ANNA, "note_added", None, str(note.id))]


@pytest.mark.parametrize("text", ["", " \n ", "\u200b"])
def test_an_empty_note_or_reply_is_refused(inquiries: Inquiries, reference: str, text: str) -> None:
    with pytest.raises(InvalidField, match="note: empty"), inquiries.change(reference, ANNA) as case:
        case.note(text)
    with pytest.raises(InvalidField, match="reply: empty"), inquiries.change(reference, ANNA) as case:
        case.reply(text, "ko")
    with pytest.raises(InvalidField, match="tag: empty"), inquiries.change(reference, ANNA) as case:
        case.tag(text)


def test_a_block_that_fails_changes_nothing(inquiries: Inquiries, reference: str) -> None:
    before = inquiries.get(reference)
    with pytest.raises(IllegalTransition), inquiries.change(reference, ANNA) as case:
        case.assign("ben")
        case.note("x")
        case.reply("x", "ko")
        case.change_state(InquiryState.NEW)
    assert inquiries.get(reference) == before


# Replies


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


# Duplicates


def test_a_duplicate_knows_its_original_and_the_other_way_round(inquiries: Inquiries, reference: str) -> None:
    second, third = (inquiries.log(draft(key)).reference for key in ("2", "3"))
    for duplicate, original in ((third, second), (second, reference)):
        with inquiries.change(duplicate, ANNA) as case:
            case.mark_duplicate_of(original)
    assert inquiries.get(reference).duplicates == (second, third)
    for duplicate in (second, third):
        detail = inquiries.get(duplicate)
        assert (detail.duplicate_of, detail.summary.state) == (reference, InquiryState.DUPLICATE)
    assert (ANNA, "duplicate_of", second, reference) in happened(inquiries.get(third))


def test_a_duplicate_of_a_duplicate_is_one_of_the_original(inquiries: Inquiries, reference: str) -> None:
    second, third = (inquiries.log(draft(key)).reference for key in ("2", "3"))
    for duplicate, original in ((second, reference), (third, second)):
        with inquiries.change(duplicate, ANNA) as case:
            case.mark_duplicate_of(original)
    assert inquiries.get(third).duplicate_of == reference


def test_a_duplicate_that_is_none_is_opened_again(inquiries: Inquiries, reference: str) -> None:
    second = inquiries.log(draft("2")).reference
    with inquiries.change(second, ANNA) as case:
        case.mark_duplicate_of(reference)
    move(inquiries, second, InquiryState.OPEN)
    assert inquiries.get(second).duplicate_of is None
    assert inquiries.get(reference).duplicates == ()


def test_only_another_inquiry_can_be_the_original(inquiries: Inquiries, reference: str) -> None:
    with pytest.raises(InvalidField, match="itself"), inquiries.change(reference, ANNA) as case:
        case.mark_duplicate_of(reference)
    with pytest.raises(NotFound), inquiries.change(reference, ANNA) as case:
        case.mark_duplicate_of(new_reference(2026))
    with pytest.raises(InvalidField, match="needs_original"):
        move(inquiries, reference, InquiryState.DUPLICATE)
    second = inquiries.log(draft("2")).reference
    with inquiries.change(second, ANNA) as case:
        case.mark_duplicate_of(reference)
    with pytest.raises(InvalidField, match="itself"), inquiries.change(reference, ANNA) as case:
        case.mark_duplicate_of(second)


# The asker


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
