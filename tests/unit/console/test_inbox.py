"""The list: what each view and filter shows, in which order, what is new to whom, and changing several at once."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.inquiries import staff
from bot.store import Inquiry, InquiryState, StaffRole, utc_now
from tests.support.office import KIM, Colleague, Office, draft

pytestmark = pytest.mark.asyncio

PATTERN = 'data-reference="'


async def listed(colleague: Colleague, query: str) -> list[str]:
    page = await colleague.see(f"/staff/inquiries{query}")
    return [part.split('"')[0] for part in page.split(PATTERN)[1:]]


def log(office: Office, key: str, **fields: str | None) -> str:
    return office.inquiries.log(draft(key, **fields)).reference


def change(office: Office, reference: str, **values: object) -> None:
    with office.store.session() as session:
        session.execute(update(Inquiry).where(Inquiry.reference == reference).values(**values))


async def test_each_view_shows_its_own(office: Office, anna: Colleague) -> None:
    new, mine, late, done = (log(office, key) for key in ("new", "mine", "late", "done"))
    with office.inquiries.change(mine, staff("boris")) as case:
        case.assign("anna")
        case.change_state(InquiryState.OPEN)
    with office.inquiries.change(done, staff("boris")) as case:
        case.change_state(InquiryState.CLOSED)
    change(office, late, due_at=utc_now() - timedelta(hours=1))
    views = {view: set(await listed(anna, f"?view={view}")) for view in ("new", "mine", "unassigned", "overdue", "all")}
    assert views == {
        "new": {new, late},
        "mine": {mine},
        "unassigned": {new, late},
        "overdue": {late},
        "all": {new, mine, late, done},
    }
    assert set(await listed(anna, "?view=waiting")) == {new, mine, late}
    assert await listed(anna, "?view=nonsense") == await listed(anna, "?view=all")


async def test_who_has_waited_longest_comes_first(office: Office, anna: Colleague) -> None:
    first, second = log(office, "first"), log(office, "second")
    change(office, second, waiting_since=utc_now() - timedelta(days=3))
    assert await listed(anna, "?view=waiting") == [second, first]
    assert await listed(anna, "?view=all") == [second, first]
    assert await listed(anna, "?view=all&sort=waiting") == [second, first]
    assert "wartet 3 Tage" in await anna.see("/staff/inquiries?view=waiting")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=new", {"kim", "lee"}),
        ("state=closed", set()),
        ("topic=visa", {"lee"}),
        ("language=de", {"lee"}),
        ("channel=web", {"kim"}),
        ("technology=hydrogen", {"kim"}),
        ("assignee=-", {"kim", "lee"}),
        ("assignee=anna", set()),
        ("since=2020-01-01&until=2090-01-01", {"kim", "lee"}),
        ("since=2090-01-01", set()),
        ("q=지원", {"kim"}),
        ("q=wasserstoff", {"lee"}),
        ("q=mueller", {"lee"}),
        ("tag=messe", set()),
        ("state=nonsense&since=nonsense&after=nonsense", {"kim", "lee"}),
    ],
)
async def test_filters_are_applied(office: Office, anna: Colleague, query: str, found: set[str]) -> None:
    by_key = {
        "kim": log(office, "kim", conversation_id=office.converse()),
        "lee": log(office, "lee", topic="visa", language="de", name="Jörg Müller", message="Grünwasserstoffstrategie"),
    }
    assert set(await listed(anna, f"?view=all&{query}")) == {by_key[key] for key in found}


async def test_a_search_that_is_too_short_says_so(anna: Colleague) -> None:
    assert "Dieser Text ist zu kurz." in await anna.see("/staff/inquiries?view=all&q=!")


async def test_pages_follow_each_other_without_gaps_or_doubles(office: Office, anna: Colleague) -> None:
    logged = {log(office, str(number)) for number in range(60)}
    page = await anna.see("/staff/inquiries?view=all")
    following = page.split('rel="next" href="')[1].split('"')[0]
    first, second = await listed(anna, "?view=all"), await listed(anna, following)
    assert (len(first), len(second)) == (50, 10)
    assert set(first) | set(second) == logged


async def test_what_has_changed_since_one_looked_is_unread_again(office: Office, anna: Colleague) -> None:
    reference = log(office, "kim")
    unread = 'class="row unread"'
    assert unread in await anna.see("/staff/inquiries")
    await anna.see(f"/staff/inquiries/{reference}")
    assert unread not in await anna.see("/staff/inquiries")
    with office.inquiries.change(reference, staff("boris")) as case:
        case.note("Neues")
    assert unread in await anna.see("/staff/inquiries")
    assert unread in await office.colleague("boris", StaffRole.AGENT).see("/staff/inquiries")


async def test_several_are_changed_and_what_cannot_be_is_said(office: Office, anna: Colleague) -> None:
    references = [log(office, key) for key in ("one", "two")]
    with office.inquiries.change(references[0], staff("boris")) as case:
        case.change_state(InquiryState.WITHDRAWN)
    for action, fields in (("tag", {"tag": "Messe"}), ("assign", {"assignee": "anna"})):
        response = await anna.post("/staff/inquiries/bulk", reference=references, action=action, **fields)
        assert response.headers["location"].endswith("done=bulk")
    response = await anna.post(
        "/staff/inquiries/bulk", reference=references, action="close", back="/staff/inquiries?view=all"
    )
    assert response.headers["location"] == "/staff/inquiries?view=all&done=bulk-some"
    details = [office.inquiries.get(reference) for reference in references]
    assert [detail.summary.state for detail in details] == [InquiryState.WITHDRAWN, InquiryState.CLOSED]
    assert {detail.tags for detail in details} == {("messe",)}
    assert {detail.summary.assignee for detail in details} == {"anna"}


@pytest.mark.parametrize(
    "fields",
    [{"action": "assign", "assignee": "nobody"}, {"action": "assign", "assignee": "rita"}, {"action": "erase"}],
)
async def test_what_is_no_choice_cannot_be_chosen(
    office: Office, anna: Colleague, rita: Colleague, fields: dict[str, str]
) -> None:
    reference = log(office, "kim")
    response = await anna.post("/staff/inquiries/bulk", reference=[reference], **fields)
    assert response.status_code == 422
    assert office.inquiries.get(reference).summary.version == 1


async def test_a_view_is_saved_without_the_words_looked_for(office: Office, anna: Colleague) -> None:
    assert anna.member is not None
    await anna.post("/staff/views", name="Korea", query=f"view=all&language=ko&q={KIM.name}")
    (view,) = office.saved_views.of(anna.member.id)
    assert (view.name, view.query) == ("Korea", "view=all&language=ko")
    assert "Korea" in await anna.see("/staff/inquiries")
    await anna.post(f"/staff/views/{view.id}/delete")
    assert office.saved_views.of(anna.member.id) == ()


async def test_readers_are_offered_no_changes(office: Office, rita: Colleague) -> None:
    reference = log(office, "kim")
    for path in ("/staff/inquiries", f"/staff/inquiries/{reference}"):
        page = await rita.see(path)
        assert "formaction" not in page
        assert "export" not in page
        assert page.count('method="post"') == 1, "only signing out"
