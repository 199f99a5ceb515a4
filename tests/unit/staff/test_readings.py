"""Unread marks, colleagues, saved views, and that erasing an inquiry takes along who has read it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.errors import Conflict, InvalidField, NotFound
from bot.inquiries import Inquiries, InquiryFilter, Sort, staff
from bot.knowledge import Language
from bot.privacy.service import Privacy
from bot.privacy.subject import subject_of_email
from bot.staff import Accounts, Inbox, Readings, SavedViews, StaffMember, Trail
from bot.staff.readings import PRESENT_SECONDS
from bot.staff.saved_views import VIEWS_MAX
from bot.store import StaffReading, StaffRole, Store
from tests.support.assistant import make_settings
from tests.support.office import KIM, PASSWORD
from tests.unit.inquiries.cases import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 11, 27, 9, tzinfo=UTC))


@pytest.fixture
def people(store: Store) -> tuple[StaffMember, StaffMember]:
    accounts = Accounts(store)
    anna, boris = (accounts.add(name, StaffRole.AGENT, Language.GERMAN, PASSWORD) for name in ("anna", "boris"))
    return anna, boris


def test_a_row_says_what_is_new_and_who_is_at_it(
    store: Store, clock: Clock, people: tuple[StaffMember, StaffMember], tmp_path: Path
) -> None:
    anna, boris = people
    readings = Readings(store, clock)
    inquiries = Inquiries(store, clock)
    reference = inquiries.log(KIM).reference
    inbox = Inbox(store, inquiries, readings, Trail(store, make_settings(tmp_path), clock))

    def row(member: StaffMember) -> tuple[bool, tuple[str, ...]]:
        (found,) = inbox.page(member, InquiryFilter(), Sort.NEWEST, None).rows
        return found.is_unread, found.colleagues

    assert row(anna) == (True, ())
    with store.session() as session:
        place = readings.find(session, reference)
        readings.mark(session, boris.id, place.id, place.version)
        readings.mark(session, boris.id, place.id, place.version)
    assert (row(anna), row(boris)) == ((True, ("boris",)), (False, ()))
    with inquiries.change(reference, staff("anna")) as case:
        case.note("Neu")
    assert row(boris) == (True, ())
    clock.pass_by(seconds=PRESENT_SECONDS)
    assert row(anna) == (True, ())
    readings.stay(boris.id, reference, present=True)
    assert row(anna) == (True, ("boris",))
    readings.stay(boris.id, reference, present=False)
    readings.stay(anna.id, reference, present=True)
    assert row(anna) == (True, ())


def test_erasing_a_person_takes_along_who_has_read_their_inquiry(
    store: Store, clock: Clock, people: tuple[StaffMember, StaffMember], tmp_path: Path
) -> None:
    reference = Inquiries(store, clock).log(KIM).reference
    with store.session() as session:
        place = Readings(store, clock).find(session, reference)
        Readings(store, clock).mark(session, people[0].id, place.id, place.version)
    privacy = Privacy(store, make_settings(tmp_path, tracker_url=f"sqlite:///{tmp_path / 'tracker.sqlite3'}"))
    privacy.erase(lambda session: subject_of_email(session, email=KIM.email))
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(StaffReading)) == 0


def test_views_are_saved_replaced_and_deleted_by_their_owner_only(
    store: Store, people: tuple[StaffMember, StaffMember]
) -> None:
    anna, boris = people
    views = SavedViews(store)
    first = views.save(anna.id, "  Aus  Korea ", "language=ko")
    second = views.save(anna.id, "Aus Korea", "language=ko&topic=visa")
    assert (first.id, second.name) == (second.id, "Aus Korea")
    assert (views.of(anna.id), views.of(boris.id)) == ((second,), ())
    with pytest.raises(NotFound):
        views.delete(boris.id, second.id)
    views.delete(anna.id, second.id)
    assert views.of(anna.id) == ()


def test_views_have_bounds(store: Store, people: tuple[StaffMember, StaffMember]) -> None:
    views = SavedViews(store)
    for name, query in (("", "a=b"), ("x" * 61, "a=b"), ("x", "q" * 501)):
        with pytest.raises(InvalidField):
            views.save(people[0].id, name, query)
    for number in range(VIEWS_MAX):
        views.save(people[0].id, f"view {number}", "view=all")
    with pytest.raises(Conflict):
        views.save(people[0].id, "one more", "view=all")
