"""What staff change in an inquiry: its rules, its clocks, and who did what when."""

from datetime import datetime, timedelta

import pytest

from bot.errors import IllegalTransition, InvalidField
from bot.inquiries import ASKER, HistoryEvent, Inquiries
from bot.store import InquiryState, Priority
from tests.unit.inquiries.cases import ANNA, BEN, MONDAY, TWO_DAYS_ON, Clock, draft, happened, move
from tests.unit.inquiries.notebook import Notebook


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
