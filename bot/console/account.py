"""One's own account: language, password, second factor, and where else one is signed in."""

import segno
from markupsafe import Markup
from starlette.responses import Response

from bot.console.addresses import BASE
from bot.console.pages import Pages
from bot.console.problems import explain, status_of
from bot.console.visit import Visit
from bot.errors import AssistantError, InvalidField, RateLimited, SignInRefused
from bot.knowledge import LANGUAGES, Language
from bot.staff import Enrolment
from bot.store import StaffRole

ACCOUNT = f"{BASE}/account"
QR_SCALE = 5

pages = Pages()


@pages.get("/account")
def show(visit: Visit) -> Response:
    """Everything about one's own account."""
    return _show(visit)


@pages.post("/account/language", StaffRole.READER)
def choose_language(visit: Visit) -> Response:
    """Another language for the console."""
    if visit.sent("language") not in [language.value for language in LANGUAGES]:
        raise InvalidField("language", "unknown")
    visit.services.accounts.set_language(visit.member.id, Language(visit.sent("language")))
    return visit.go(ACCOUNT, done="language")


@pages.post("/account/password", StaffRole.READER)
def change_password(visit: Visit) -> Response:
    """Another password."""
    assert visit.signed_in is not None  # noqa: S101 (the door is behind us)
    try:
        visit.services.sign_in.change_password(visit.signed_in, visit.sent("old"), visit.sent("new"), visit.address)
    except (SignInRefused, InvalidField, RateLimited) as error:
        return _show(visit, error, "password")
    return visit.go(ACCOUNT, done="password")


@pages.post("/account/sessions/end", StaffRole.READER)
def end_other_sessions(visit: Visit) -> Response:
    """Sign out everywhere else."""
    assert visit.signed_in is not None  # noqa: S101 (as above)
    visit.services.sessions.end_others(visit.signed_in)
    return visit.go(ACCOUNT, done="others-ended")


@pages.get("/account/second-factor")
def propose_second_factor(visit: Visit) -> Response:
    """A picture for the camera of a device, and the same as text."""
    return _enrol(visit, visit.services.second_factor.propose(visit.member.name))


@pages.post("/account/second-factor", StaffRole.READER)
def enrol_second_factor(visit: Visit) -> Response:
    """Switch the second factor on, and show the recovery codes once; asks for the password as `remove` does."""
    assert visit.signed_in is not None  # noqa: S101 (the door is behind us)
    seed = visit.sent("seed")
    try:
        codes = visit.services.sign_in.enrol_second_factor(
            visit.signed_in, seed, visit.sent("code"), visit.sent("password"), visit.address
        )
    except (SignInRefused, RateLimited) as error:
        return _enrol(visit, visit.services.second_factor.propose(visit.member.name, seed), error)
    return visit.render("recovery_codes.html", codes=codes)


@pages.post("/account/second-factor/remove", StaffRole.READER)
def remove_second_factor(visit: Visit) -> Response:
    """Switch the second factor off; asks for the password again, as a screen may be left open."""
    assert visit.signed_in is not None  # noqa: S101 (as above)
    try:
        visit.services.sign_in.remove_second_factor(visit.signed_in, visit.sent("password"), visit.address)
    except (SignInRefused, RateLimited) as error:
        return _show(visit, error, "factor")
    return visit.go(ACCOUNT, done="factor-off")


def _show(visit: Visit, error: AssistantError | None = None, part: str = "") -> Response:
    problem = None if error is None else explain(error, visit.say)
    status = 200 if error is None else status_of(error)
    return visit.render("account.html", status, problem=problem, part=part)


def _enrol(visit: Visit, enrolment: Enrolment, error: AssistantError | None = None) -> Response:
    # Made here of our own text: nothing in it needs escaping, and it holds no style that the policy forbids.
    picture = Markup(segno.make(enrolment.uri, error="m").svg_inline(scale=QR_SCALE, light="#fff"))  # noqa: S704
    problem = None if error is None else explain(error, visit.say)
    status = 200 if error is None else status_of(error)
    return visit.render("second_factor.html", status, enrolment=enrolment, picture=picture, problem=problem)
