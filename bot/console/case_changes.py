"""One inquiry: everything that changes it."""

from collections.abc import Callable

from starlette.responses import Response

from bot.console.addresses import case_address
from bot.console.answers import text_of
from bot.console.case import Draft, show_case
from bot.console.formats import parse_field
from bot.console.inbox_changes import known_assignee
from bot.console.pages import Pages
from bot.console.visit import Visit
from bot.errors import Conflict, InquiryError, InvalidField
from bot.inquiries import Case, staff
from bot.knowledge import Language
from bot.staff.trail import INQUIRIES
from bot.store import AuditAction, InquiryState, Priority

_SAID_ON_THE_PAGE = (InvalidField, InquiryError, Conflict)
"""What the person can mend, so it is said beside what they have typed."""

pages = Pages()


@pages.post("/inquiries/{reference}/reply")
def reply(visit: Visit) -> Response:
    """Answer the asker, in the conversation it came from and by e-mail."""
    draft = _draft(visit)

    def answer(case: Case) -> None:
        # Sent twice by a double click, it has made the version a new one itself.
        if case.has_reply(draft.key):
            return
        if _version(visit) not in (None, case.inquiry.version):
            raise Conflict("the inquiry was changed while the reply was written")
        case.reply(draft.text, case.inquiry.language, then=_state(draft.then), idempotency_key=draft.key)

    return _change(visit, answer, "replied", "reply", draft, any_version=True)


@pages.post("/inquiries/{reference}/draft")
def insert(visit: Visit) -> Response:
    """Put an answer or a template into the reply, or look for answers; nothing is stored."""
    reference, draft = visit.parameter("reference"), _draft(visit)
    summary = visit.services.inquiries.get(reference)
    asker = Language(summary.summary.language)
    inserted = ""
    if visit.sent("answer"):
        inserted = text_of(visit.services.knowledge, visit.sent("answer"), asker)
    elif visit.sent("insert") == "template":
        wanted = visit.sent("template")
        chosen = next((template for template in visit.services.templates if template.id == wanted), None)
        if chosen is not None:
            inserted = chosen.filled(asker, name=summary.name, reference=summary.summary.reference)
    text = "\n\n".join(part for part in (draft.text.strip(), inserted) if part) if inserted else draft.text
    return show_case(visit, reference, Draft(text, draft.then, draft.query, draft.key))


@pages.post("/inquiries/{reference}/note")
def note(visit: Visit) -> Response:
    """Write a note for colleagues."""
    return _change(visit, lambda case: case.note(visit.sent("text")), "noted", "note")


@pages.post("/inquiries/{reference}/change")
def change(visit: Visit) -> Response:
    """Assignee, state, priority, topic and due date: what differs from what is there."""

    def apply(case: Case) -> None:
        if "assignee" in visit.form and visit.sent("assignee") != (case.inquiry.assignee or "-"):
            case.assign(known_assignee(visit, visit.sent("assignee")))
        if "priority" in visit.form:
            case.set_priority(_priority(visit.sent("priority")))
        if visit.sent("topic"):
            case.set_topic(visit.sent("topic"))
        if visit.sent("state"):
            case.change_state(_state(visit.sent("state")))

    return _change(visit, apply, "changed", "change")


@pages.post("/inquiries/{reference}/due")
def due(visit: Visit) -> Response:
    """Another due date, or none."""
    moment = parse_field(visit.sent("due"))
    if visit.sent("due") and moment is None:
        return show_case(visit, visit.parameter("reference"), None, InvalidField("due_at", "format"), "due")
    return _change(visit, lambda case: case.set_due(moment), "changed", "due")


@pages.post("/inquiries/{reference}/tag")
def tag(visit: Visit) -> Response:
    """Put a tag on, or take one off."""
    if visit.sent("remove"):
        return _change(visit, lambda case: case.untag(visit.sent("remove")), "changed", "tag")
    return _change(visit, lambda case: case.tag(visit.sent("tag")), "changed", "tag")


@pages.post("/inquiries/{reference}/duplicate")
def duplicate(visit: Visit) -> Response:
    """Let another inquiry go on instead of this one."""
    return _change(visit, lambda case: case.mark_duplicate_of(visit.sent("original")), "changed", "duplicate")


@pages.post("/inquiries/{reference}/take")
def take_over(visit: Visit) -> Response:
    """Take the conversation over."""
    return _converse(visit, "taken", lambda identity: visit.services.conversations.take_over(identity, _me(visit)))


@pages.post("/inquiries/{reference}/say")
def say(visit: Visit) -> Response:
    """Say something in the conversation."""
    words, key = visit.sent("text"), visit.sent("key") or None
    return _converse(
        visit, "said", lambda identity: visit.services.conversations.say(identity, _me(visit), words, key=key)
    )


@pages.post("/inquiries/{reference}/release")
def release(visit: Visit) -> Response:
    """Give the conversation back to the assistant."""
    return _converse(visit, "released", visit.services.conversations.release)


def _change(
    visit: Visit,
    work: Callable[[Case], object],
    done: str,
    part: str,
    draft: Draft | None = None,
    *,
    any_version: bool = False,
) -> Response:
    """Change the inquiry as it was shown, and show it again; what cannot be done is said beside what was typed."""
    reference = visit.parameter("reference")
    try:
        version = None if any_version else _version(visit)
        with visit.services.inquiries.change(reference, staff(_me(visit)), version) as case:
            work(case)
            visit.services.trail.add(
                case.session, visit.member, AuditAction.CHANGED, {INQUIRIES: 1}, (case.inquiry.email,)
            )
    except _SAID_ON_THE_PAGE as error:
        return show_case(visit, reference, draft, error, part)
    return visit.go(case_address(reference), done=done)


def _converse(visit: Visit, done: str, work: Callable[[str], object]) -> Response:
    reference = visit.parameter("reference")
    conversations = visit.services.conversations
    try:
        # By the reference of an inquiry only: a conversation that led to none is nobody's business here.
        case = visit.services.inquiries.get(reference)
        reference = case.summary.reference
        # Before it is done: what cannot be written down is not done.
        visit.services.trail.note(visit.member, AuditAction.CHANGED, {"conversations": 1}, (case.email,))
        work(conversations.find(reference))
    except _SAID_ON_THE_PAGE as error:
        return show_case(visit, reference, None, error, "conversation")
    return visit.go(case_address(reference), done=done)


def _draft(visit: Visit) -> Draft:
    key = visit.sent("key")
    fields = {"text": visit.sent("text"), "then": visit.sent("then") or InquiryState.ANSWERED, "query": visit.sent("q")}
    return Draft(**fields, key=key) if key else Draft(**fields)


def _version(visit: Visit) -> int | None:
    version = visit.sent("version")
    return int(version) if version.isascii() and version.isdigit() and len(version) < 10 else None


def _state(text: str) -> InquiryState:
    try:
        return InquiryState(text)
    except ValueError:
        raise InvalidField("state", "unknown") from None


def _priority(text: str) -> Priority:
    try:
        return Priority(text)
    except ValueError:
        raise InvalidField("priority", "unknown") from None


def _me(visit: Visit) -> str:
    return visit.member.name
