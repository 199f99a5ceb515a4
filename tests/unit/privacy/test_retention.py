"""Each clock deletes what is its own, when its time is up and not before, and says beforehand what it would delete."""

from datetime import timedelta

from sqlalchemy import select, text, update

from bot.inquiries import Inquiries, staff
from bot.privacy.retention import ExpiredConversation
from bot.privacy.service import Privacy
from bot.settings import Settings
from bot.store import (
    ActorKind,
    AuditAction,
    AuditRecord,
    Conversation,
    Delivery,
    DeliveryState,
    Hold,
    Inquiry,
    InquiryState,
    Store,
)
from tests.support.person import ANNA, BORIS, STAFF, everything, found_in, found_in_files
from tests.unit.privacy.conftest import Clock

# As set for these tests.
TRANSCRIPT_DAYS, INQUIRY_DAYS, AUDIT_DAYS = 30, 90, 365


def settle(store: Store) -> None:
    """Nothing is on its way any more, and nobody holds a conversation."""
    with store.session() as session:
        session.execute(update(Delivery).values(state=DeliveryState.DELIVERED, text=None))
        session.query(Hold).delete()


def close(store: Store, clock: Clock, reference: str) -> None:
    with Inquiries(store, clock).change(reference, staff(STAFF)) as case:
        case.change_state(InquiryState.CLOSED)


def inquiries(store: Store) -> list[str]:
    with store.reading() as session:
        return list(session.scalars(select(Inquiry.reference).order_by(Inquiry.id)))


def conversations(store: Store) -> list[str]:
    with store.reading() as session:
        return list(session.scalars(select(Conversation.id).order_by(Conversation.id)))


def test_a_conversation_goes_by_its_clock_and_leaves_its_inquiry(
    settings: Settings, store: Store, privacy: Privacy, clock: Clock
) -> None:
    reference = ANNA.live(settings, store, clock.now)
    settle(store)
    clock.pass_days(TRANSCRIPT_DAYS)
    assert privacy.expire().conversations == ()
    clock.pass_days(0.001)
    gone = privacy.expire()
    assert [conversation.id for conversation in gone.conversations] == [ANNA.conversation_id]
    assert gone.inquiries == ()
    assert conversations(store) == []
    assert inquiries(store) == [reference]
    assert found_in(settings.tracker_url, ANNA.traces) == []


def test_of_telegram_no_id_of_a_chat_outlives_its_conversation(
    settings: Settings, store: Store, privacy: Privacy, clock: Clock
) -> None:
    ANNA.live(settings, store, clock.now)
    settle(store)
    clock.pass_days(TRANSCRIPT_DAYS + 1)
    privacy.expire()
    assert found_in(settings.database_url, (str(ANNA.chat_id),)) == []


def test_a_chat_whose_conversation_was_erased_goes_when_its_time_is_up(
    settings: Settings, store: Store, privacy: Privacy, clock: Clock
) -> None:
    ANNA.live(settings, store, clock.now)
    with store.session() as session:
        session.execute(text("DELETE FROM conversations"))
        session.execute(text("UPDATE telegram_updates SET state = 'done', content = NULL"))
    privacy.expire()
    assert found_in(settings.database_url, (str(ANNA.chat_id),))
    clock.pass_days(TRANSCRIPT_DAYS + 1)
    assert privacy.expire().counts == {"telegram_chats": 1, "telegram_updates": 2}
    assert found_in(settings.database_url, (str(ANNA.chat_id),)) == []


def test_an_inquiry_goes_so_long_after_it_was_closed_with_nothing_left_of_it(
    settings: Settings, store: Store, privacy: Privacy, clock: Clock
) -> None:
    reference = ANNA.live(settings, store, clock.now)
    settle(store)
    clock.pass_days(50)
    close(store, clock, reference)
    clock.pass_days(INQUIRY_DAYS)
    privacy.expire()
    assert inquiries(store) == [reference]
    clock.pass_days(0.001)
    assert [inquiry.reference for inquiry in privacy.expire().inquiries] == [reference]
    for url in (settings.database_url, settings.tracker_url):
        assert found_in(url, (*ANNA.traces, reference)) == []
        if url.startswith("sqlite"):
            assert found_in_files(url, (*ANNA.traces, reference)) == []


def test_an_answered_inquiry_that_nobody_closed_goes_after_its_last_change(
    settings: Settings, store: Store, privacy: Privacy, clock: Clock
) -> None:
    ANNA.live(settings, store, clock.now)
    clock.pass_days(INQUIRY_DAYS + 1)
    privacy.expire()
    assert inquiries(store) == []


def test_an_inquiry_that_waits_for_us_never_goes(
    settings: Settings, store: Store, privacy: Privacy, clock: Clock
) -> None:
    reference = ANNA.live(settings, store, clock.now)
    with Inquiries(store, clock).change(reference, staff(STAFF)) as case:
        case.change_state(InquiryState.OPEN)
    clock.pass_days(10 * INQUIRY_DAYS)
    privacy.expire()
    assert inquiries(store) == [reference]


def test_nobody_is_kept_longer_than_they_were_told(
    settings: Settings, store: Store, privacy: Privacy, clock: Clock
) -> None:
    first, second = (person.live(settings, store, clock.now) for person in (ANNA, BORIS))
    with store.session() as session:
        session.execute(update(Inquiry).where(Inquiry.reference == first).values(consent_days=60))
        session.execute(update(Inquiry).where(Inquiry.reference == second).values(consent_days=INQUIRY_DAYS + 60))
    clock.pass_days(61)
    privacy.expire()
    assert inquiries(store) == [second]
    clock.pass_days(INQUIRY_DAYS - 60)
    privacy.expire()
    assert inquiries(store) == []


def test_a_conversation_is_kept_while_something_is_on_its_way_to_it_or_staff_hold_it(
    settings: Settings, store: Store, privacy: Privacy, clock: Clock
) -> None:
    ANNA.live(settings, store, clock.now)
    BORIS.live(settings, store, clock.now)
    with store.session() as session:
        session.query(Hold).filter_by(conversation_id=ANNA.conversation_id).delete()
        session.execute(
            update(Delivery)
            .where(Delivery.conversation_id == BORIS.conversation_id)
            .values(state=DeliveryState.DELIVERED)
        )
        session.execute(update(Hold).values(until=clock.now + timedelta(days=TRANSCRIPT_DAYS + 2)))
    clock.pass_days(TRANSCRIPT_DAYS + 1)
    privacy.expire()
    assert conversations(store) == [ANNA.conversation_id, BORIS.conversation_id]
    settle(store)
    privacy.expire()
    assert conversations(store) == []


def test_a_dry_run_lists_what_goes_and_deletes_nothing(
    settings: Settings, store: Store, privacy: Privacy, clock: Clock
) -> None:
    started = clock.now
    reference = ANNA.live(settings, store, started)
    settle(store)
    clock.pass_days(INQUIRY_DAYS + 1)
    before = sorted(everything(settings.database_url))
    dry = privacy.expiring()
    assert sorted(everything(settings.database_url)) == before
    assert dry.conversations == (ExpiredConversation(ANNA.conversation_id, "telegram", started),)
    assert [(inquiry.reference, inquiry.state) for inquiry in dry.inquiries] == [(reference, InquiryState.ANSWERED)]
    assert dry.counts["messages"] == 2
    assert privacy.expire() == dry
    assert privacy.expiring().counts == {}


def test_an_expiry_is_recorded_and_the_record_goes_by_its_own_clock(
    settings: Settings, store: Store, privacy: Privacy, clock: Clock
) -> None:
    ANNA.live(settings, store, clock.now)
    settle(store)
    clock.pass_days(INQUIRY_DAYS + 1)
    counts = privacy.expire().counts
    with store.reading() as session:
        (record,) = session.scalars(select(AuditRecord))
    assert (record.action, record.actor, record.subject) == (AuditAction.EXPIRED, ActorKind.SYSTEM, None)
    assert record.counts == counts
    clock.pass_days(AUDIT_DAYS)
    privacy.expire()
    clock.pass_days(0.001)
    assert privacy.expire().counts == {"audit_records": 1}
    with store.reading() as session:
        assert session.scalars(select(AuditRecord)).all() == []


def test_more_than_a_batch_goes_at_once(settings: Settings, store: Store, privacy: Privacy, clock: Clock) -> None:
    with store.session() as session:
        session.add_all(
            Conversation(id=f"{number:032x}", token_hash="-", language="de", updated_at=clock.now, created_at=clock.now)
            for number in range(1001)
        )
    clock.pass_days(TRANSCRIPT_DAYS + 1)
    assert len(privacy.expire().conversations) == 1001
    assert conversations(store) == []
