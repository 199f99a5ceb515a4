"""The dashboard's figures, added up by both databases."""

from datetime import timedelta

import pytest

from bot.inquiries import Inquiries, staff
from bot.insight import Figures, Period
from bot.insight.figures import Answers, Count, Ratings, Summary
from bot.store import InquiryState, Outcome, Store
from tests.support.talk import Talk
from tests.unit.inquiries.cases import MONDAY, Clock, draft

PERIOD = Period.until(MONDAY, 7)


def summary(store: Store, period: Period = PERIOD, **later: float) -> Summary:
    with store.reading() as session:
        return Figures(session, period, MONDAY + timedelta(**later)).summary()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def inquiries(store: Store, clock: Clock) -> Inquiries:
    return Inquiries(store, clock)


def test_without_anything_all_is_zero(store: Store) -> None:
    empty = summary(store)

    assert [day.day for day in empty.days] == PERIOD.days
    assert sum(day.conversations + day.inquiries + day.questions for day in empty.days) == 0
    assert (empty.answers.asked, empty.replies.logged, empty.replies.mean_hours) == (0, 0, None)
    assert empty.top_entries == ()


def test_questions_are_counted_by_what_became_of_them(store: Store) -> None:
    korean, german = Talk(store, "ko"), Talk(store, "de", "telegram")
    for outcome in (Outcome.ANSWERED, Outcome.ANSWERED, Outcome.CLARIFIED, None):
        korean.ask("질문", outcome, at=MONDAY)
    german.ask("Frage", Outcome.REFUSED, at=MONDAY - timedelta(days=1))
    german.ask("Frage", Outcome.FAILED, at=MONDAY - timedelta(days=30))

    found = summary(store)
    assert found.answers == Answers(answered=2, clarified=1, refused=1, failed=0)
    assert dict(found.answers_by_language)["ko"] == Answers(2, 1, 0, 0)
    assert [day.questions for day in found.days] == [0, 0, 0, 0, 0, 1, 3]
    assert found.conversations_by_channel == (Count("web", 4), Count("telegram", 1))
    assert found.conversations_by_language == (Count("ko", 4), Count("de", 1))


def test_entries_are_ranked_by_how_often_they_were_given_with_their_ratings(store: Store) -> None:
    talk = Talk(store)
    talk.ask("a", Outcome.ANSWERED, entry="cost", helpful=True, at=MONDAY)
    talk.ask("b", Outcome.ANSWERED, entry="cost", helpful=False, at=MONDAY)
    talk.ask("c", Outcome.ANSWERED, entry="who", at=MONDAY)

    found = summary(store)
    ranked = [(top.entry, top.given, top.helpful, top.not_helpful) for top in found.top_entries]
    assert ranked == [("cost", 2, 1, 1), ("who", 1, 0, 0)]
    assert found.ratings == Ratings(helpful=1, not_helpful=1)


def test_replies_are_counted_by_how_long_they_took_and_whether_in_time(
    store: Store, inquiries: Inquiries, clock: Clock
) -> None:
    quick, slow, unanswered, spam = (
        inquiries.log(draft(key, topic="visa", language="de")).reference for key in ("1", "2", "3", "4")
    )
    with inquiries.change(spam, staff("anna")) as case:
        case.change_state(InquiryState.SPAM)
    clock.pass_by(minutes=30)
    with inquiries.change(quick, staff("anna")) as case:
        case.reply("Antwort", "de")
    clock.pass_by(days=10)
    with inquiries.change(slow, staff("anna")) as case:
        case.reply("Antwort", "de")

    replies = summary(store, days=11).replies
    assert (replies.logged, replies.replied, replies.in_time, replies.late) == (3, 2, 1, 1)
    assert dict(replies.within) == {1: 1, 4: 0, 24: 0, 48: 0, 120: 0, None: 1}
    assert replies.mean_hours == pytest.approx((0.5 + 240.5) / 2)
    assert inquiries.get(unanswered).first_reply_at is None


def test_a_second_reply_changes_nothing_of_the_first(store: Store, inquiries: Inquiries, clock: Clock) -> None:
    reference = inquiries.log(draft("1")).reference
    with inquiries.change(reference, staff("anna")) as case:
        case.reply("Antwort", "de")
    clock.pass_by(days=30)
    with inquiries.change(reference, staff("anna")) as case:
        case.reply("Noch etwas", "de")

    replies = summary(store, days=31).replies
    assert (replies.replied, replies.in_time, replies.mean_hours) == (1, 1, 0)


def test_inquiries_are_counted_by_topic_channel_and_language_without_spam(store: Store, inquiries: Inquiries) -> None:
    for key, topic, language in (("1", "visa", "ko"), ("2", "visa", "de"), ("3", "funding", "ko")):
        inquiries.log(draft(key, topic=topic, language=language))
    with inquiries.change(inquiries.log(draft("4", topic="visa")).reference, staff("anna")) as case:
        case.change_state(InquiryState.SPAM)

    found = summary(store)
    assert found.inquiries_by_topic == (Count("visa", 2), Count("funding", 1))
    assert found.inquiries_by_language == (Count("ko", 2), Count("de", 1))
    assert found.inquiries_by_channel == (Count("unknown", 3),)
    assert found.days[-1].inquiries == 3
