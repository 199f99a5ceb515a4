"""Signing in and out."""

from starlette.responses import Response

from bot.console.addresses import CODE, HOME, SIGN_IN, own_path
from bot.console.pages import Door, Pages
from bot.console.problems import explain, status_of
from bot.console.visit import Visit
from bot.errors import RateLimited, SignInRefused

pages = Pages()


@pages.get("/sign-in", Door.ANYBODY)
def ask_for_password(visit: Visit) -> Response:
    """Name and password."""
    if visit.signed_in is not None and not visit.signed_in.is_pending:
        return visit.go(own_path(visit.query("next")))
    return visit.render("sign_in.html", wanted=visit.query("next"), name="", problem=None)


@pages.post("/sign-in", Door.ANYBODY)
def take_password(visit: Visit) -> Response:
    """Open a session, under a new key whatever the cookie was."""
    wanted = own_path(visit.sent("next"))
    try:
        opened = visit.services.sign_in.by_password(visit.sent("name"), visit.sent("password"), visit.address)
    except (SignInRefused, RateLimited) as error:
        problem = explain(error, visit.say)
        return visit.render("sign_in.html", status_of(error), wanted=wanted, name=visit.sent("name"), problem=problem)
    visit.services.sessions.end(visit.token)
    if not opened.is_pending:
        return visit.with_cookie(visit.go(wanted), opened.token)
    return visit.with_cookie(visit.go(CODE, parameters={"next": wanted} if wanted != HOME else None), opened.token)


@pages.get("/sign-in/code", Door.PENDING)
def ask_for_code(visit: Visit) -> Response:
    """The code of the second factor."""
    return visit.render("sign_in_code.html", wanted=visit.query("next"), problem=None)


@pages.post("/sign-in/code", Door.PENDING)
def take_code(visit: Visit) -> Response:
    """Open the session in earnest, under another new key."""
    wanted = own_path(visit.sent("next"))
    try:
        opened = visit.services.sign_in.by_code(visit.token, visit.sent("code"), visit.address)
    except (SignInRefused, RateLimited) as error:
        problem = explain(error, visit.say)
        return visit.render("sign_in_code.html", status_of(error), wanted=wanted, problem=problem)
    return visit.with_cookie(visit.go(wanted), opened.token)


@pages.post("/sign-out", Door.ANYBODY)
def sign_out(visit: Visit) -> Response:
    """End the session."""
    visit.services.sessions.end(visit.token)
    return visit.go(SIGN_IN, done="signed-out")
