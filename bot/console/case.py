"""One inquiry: everything about it, read."""

import secrets
from dataclasses import dataclass, field

from starlette.responses import Response

from bot.console.answers import FoundAnswer, find_answers, given_answers
from bot.console.inbox import assignees
from bot.console.pages import Pages
from bot.console.problems import explain, status_of
from bot.console.visit import Visit
from bot.conversations import StaffView
from bot.delivery.outbox import list_deliveries
from bot.errors import AssistantError, NotFound
from bot.inquiries import InquiryDetail
from bot.inquiries.similar import SimilarInquiry, similar_to
from bot.inquiries.states import DONE, WAITS_FOR_US, next_states
from bot.knowledge import Language
from bot.staff.trail import INQUIRIES
from bot.store import ActorKind, AuditAction, DeliveryKind, Inquiry, InquiryState, Priority

SUGGESTED_MAX = 4
DELIVERIES_MAX = 50

pages = Pages()


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the form for a reply before it is sent; `key` makes it be sent once however often it is."""

    text: str = ""
    then: str = InquiryState.ANSWERED
    query: str = ""
    key: str = field(default_factory=lambda: secrets.token_hex(16))


@pages.get("/inquiries/{reference}")
def show(visit: Visit) -> Response:
    """The page of one inquiry; that it was looked at is in the audit."""
    return show_case(visit, visit.parameter("reference"))


def show_case(
    visit: Visit, reference: str, draft: Draft | None = None, error: AssistantError | None = None, part: str = ""
) -> Response:
    """The page of one inquiry.

    Args:
        visit: the call.
        reference: which.
        draft: what has been typed into the reply already.
        error: why what was asked for could not be done; said in the `part` of the page where it was asked for.
        part: such as "reply".

    Raises:
        InvalidReference, NotFound: no such inquiry.
    """
    services, member = visit.services, visit.member
    case = services.inquiries.get(reference)
    with services.store.session() as session:
        # Erased since: then there is nothing to mark, and nothing to show.
        if session.get(Inquiry, case.summary.id) is None:
            raise NotFound("inquiry")
        services.readings.mark(session, member.id, case.summary.id, case.summary.version)
        services.trail.add(session, member, AuditAction.VIEWED, {INQUIRIES: 1}, (case.email,))
        colleagues = services.readings.colleagues(session, [case.summary.id], member.id).get(case.summary.id, [])
        deliveries = list_deliveries(session, limit=DELIVERIES_MAX, inquiry_id=case.summary.id)
    similar = _similar(visit, case)
    draft = draft or Draft()
    asker = Language(case.summary.language)
    return visit.render(
        "case.html",
        200 if error is None else status_of(error),
        case=case,
        summary=case.summary,
        named=services.vocabulary.named(case.entities, visit.language),
        conversation=_conversation(visit, case),
        deliveries=[delivery for delivery in deliveries if delivery.kind is DeliveryKind.REPLY],
        colleagues=colleagues,
        assignees=assignees(visit),
        next_states=[state for state in next_states(case.summary.state, ActorKind.STAFF) if state.value != "duplicate"],
        may_be_duplicate=InquiryState.DUPLICATE in next_states(case.summary.state, ActorKind.STAFF),
        may_be_due=case.summary.state in WAITS_FOR_US,
        is_done=case.summary.state in DONE,
        priorities=list(Priority),
        similar=similar,
        draft=draft,
        answers=_answers(visit, case, draft.query, asker),
        asker_language=asker,
        reply_states=_reply_states(case),
        templates=services.templates,
        problem=None if error is None else explain(error, visit.say),
        part=part,
        live_key=secrets.token_hex(16),
    )


def _similar(visit: Visit, case: InquiryDetail) -> list[SimilarInquiry]:
    """Past inquiries of like meaning; that something of them was looked at is in the audit, too."""
    with visit.services.store.reading() as session:
        found = similar_to(session, case.summary.reference)
    if found:
        visit.services.trail.note(visit.member, AuditAction.VIEWED, {"similar": len(found)})
    return found


def _conversation(visit: Visit, case: InquiryDetail) -> StaffView | None:
    """The conversation that the inquiry came from, while it is kept."""
    try:
        return visit.services.conversations.view(visit.services.conversations.find(case.summary.reference))
    except NotFound:
        return None


def _answers(visit: Visit, case: InquiryDetail, query: str, asker: Language) -> tuple[FoundAnswer, ...]:
    """What was looked for; before that, what the assistant has told this asker."""
    knowledge = visit.services.knowledge
    if query:
        return find_answers(knowledge, query, asker, visit.language)
    told = [line.entry for line in reversed(case.transcript) if line.entry is not None]
    return given_answers(knowledge, told, asker, visit.language)[:SUGGESTED_MAX]


def _reply_states(case: InquiryDetail) -> list[InquiryState]:
    """What a reply may lead to."""
    state = case.summary.state
    possible = (*next_states(state, ActorKind.STAFF), state)
    return [target for target in (InquiryState.ANSWERED, InquiryState.WAITING) if target in possible]
