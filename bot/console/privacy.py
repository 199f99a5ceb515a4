"""The privacy desk: a person's data found, handed out and erased; what expires next; and the audit."""

from starlette.responses import Response

from bot.console.addresses import BASE
from bot.console.pages import Pages
from bot.console.problems import explain, status_of
from bot.console.visit import Visit
from bot.errors import AssistantError, InvalidField, InvalidReference, NotFound
from bot.privacy.audit_log import audit_page
from bot.privacy.pseudonyms import Pseudonyms
from bot.privacy.service import FindSubject
from bot.privacy.subject import subject_of_conversation, subject_of_email, subject_of_reference
from bot.store import AuditAction, StaffRole

PRIVACY = f"{BASE}/privacy"
CONFIRMATION = "erase"
EXPIRING_SHOWN = 200
AUDIT_OF_PERSON = 20

_FINDERS = {
    "email": subject_of_email,
    "reference": subject_of_reference,
    "conversation": subject_of_conversation,
}

pages = Pages()


@pages.get("/privacy", StaffRole.ADMIN)
def show(visit: Visit) -> Response:
    """The desk."""
    return _show(visit)


@pages.post("/privacy/person", StaffRole.ADMIN)
def find(visit: Visit) -> Response:
    """What is stored of a person; a form, because an address bar is no place for an e-mail address."""
    return _person(visit)


@pages.post("/privacy/archive", StaffRole.ADMIN)
def hand_out(visit: Visit) -> Response:
    """Everything about a person as a file."""
    try:
        packed = visit.services.archivist.pack(_finder(visit), visit.member.name)
    except (NotFound, InvalidField, InvalidReference) as error:
        return _show(visit, error)
    headers = {"content-disposition": 'attachment; filename="personal-data.zip"'}
    return visit.with_cookie(Response(packed.content, media_type="application/zip", headers=headers))


@pages.post("/privacy/erase", StaffRole.ADMIN)
def erase(visit: Visit) -> Response:
    """Erase a person, if whoever asks has said so on purpose."""
    if visit.sent("confirm") != CONFIRMATION:
        return _person(visit, InvalidField("confirm", "empty"))
    try:
        erasure = visit.services.privacy.erase(_finder(visit), actor_name=visit.member.name)
    except (NotFound, InvalidField, InvalidReference) as error:
        return _show(visit, error)
    return visit.render("erased.html", erasure=erasure)


@pages.get("/privacy/expiry", StaffRole.ADMIN)
def show_expiry(visit: Visit) -> Response:
    """What would be deleted now because its time is up; nothing is."""
    expiry = visit.services.privacy.expiring()
    visit.services.trail.note(visit.member, AuditAction.VIEWED, {"inquiries": len(expiry.inquiries)})
    return visit.render("expiry.html", expiry=expiry, shown=EXPIRING_SHOWN)


@pages.get("/privacy/audit", StaffRole.ADMIN)
def show_audit(visit: Visit) -> Response:
    """Who did what with personal data when."""
    action = visit.query("action")
    before = visit.query("before")
    with visit.services.store.reading() as session:
        page = audit_page(
            session,
            before=int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None,
            action=AuditAction(action) if action in list(AuditAction) else None,
            actor_name=visit.query("who") or None,
        )
    return visit.render(
        "audit.html", page=page, actions=list(AuditAction), action=action, who=visit.query("who"), before=before
    )


def _show(visit: Visit, error: AssistantError | None = None) -> Response:
    return visit.render(
        "privacy.html",
        200 if error is None else status_of(error),
        kinds=list(_FINDERS),
        kind=visit.sent("kind") or "email",
        problem=None if error is None else explain(error, visit.say),
    )


def _person(visit: Visit, error: AssistantError | None = None) -> Response:
    try:
        preview = visit.services.privacy.preview(_finder(visit))
    except (NotFound, InvalidField, InvalidReference) as problem:
        return _show(visit, problem)
    subject = preview.subject
    counts = {"inquiries": len(subject.inquiries), "conversations": len(subject.conversations)}
    visit.services.trail.note(visit.member, AuditAction.VIEWED, counts, subject.emails)
    pseudonyms = Pseudonyms(visit.services.settings).of_person(subject.emails, subject.conversations)
    with visit.services.store.reading() as session:
        audit = audit_page(session, subjects=pseudonyms, limit=AUDIT_OF_PERSON)
    return visit.render(
        "person.html",
        200 if error is None else status_of(error),
        preview=preview,
        subject=subject,
        kind=visit.sent("kind"),
        sought=visit.sent("sought"),
        audit=audit,
        confirmation=CONFIRMATION,
        problem=None if error is None else explain(error, visit.say),
    )


def _finder(visit: Visit) -> FindSubject:
    find_subject = _FINDERS.get(visit.sent("kind"))
    sought = visit.sent("sought").strip()
    if find_subject is None or not sought:
        raise InvalidField("sought", "empty")
    return lambda session: find_subject(session, sought)
