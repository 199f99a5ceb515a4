"""What is to be learnt: proposals that wait, the change that they make to the files, and trainings."""

from collections.abc import Callable

from starlette.responses import Response

from bot.console.addresses import BASE
from bot.console.pages import Pages
from bot.console.problems import explain, status_of
from bot.console.visit import Visit
from bot.errors import AssistantError, NotFound, ProposalRefused, TrainingRefused
from bot.store import StaffRole

PROPOSALS = f"{BASE}/proposals"

pages = Pages()


@pages.get("/proposals")
def show(visit: Visit) -> Response:
    """Proposals and trainings."""
    return _show(visit)


@pages.post("/proposals/{number:int}/drop")
def drop(visit: Visit) -> Response:
    """Take a proposal back."""
    visit.services.proposals.drop(_number(visit))
    return visit.go(PROPOSALS, done="dropped")


@pages.get("/proposals/change")
def show_change(visit: Visit) -> Response:
    """All proposals as a change to the files, with what the check says of it."""
    try:
        change = visit.services.proposals.change()
    except (NotFound, ProposalRefused) as error:
        return _show(visit, error)
    return visit.render("change.html", change=change)


@pages.get("/proposals/change.patch")
def download_change(visit: Visit) -> Response:
    """The same as a file for `git apply`."""
    headers = {"content-disposition": 'attachment; filename="knowledge.patch"'}
    content = visit.services.proposals.change().diff
    return visit.with_cookie(Response(content, media_type="text/x-diff; charset=utf-8", headers=headers))


@pages.post("/trainings", StaffRole.ADMIN)
def start(visit: Visit) -> Response:
    """Train with all proposals that wait, beside the model in use."""
    try:
        visit.services.trainings.start(visit.member.name)
    except TrainingRefused as error:
        return _show(visit, error)
    return visit.go(PROPOSALS, done="training")


@pages.post("/trainings/{number:int}/switch", StaffRole.ADMIN)
def switch(visit: Visit) -> Response:
    """Put the model of a training in use."""
    return _change_model(visit, visit.services.trainings.switch)


@pages.post("/trainings/{number:int}/take-back", StaffRole.ADMIN)
def take_back(visit: Visit) -> Response:
    """Put the model before it in use again."""
    return _change_model(visit, visit.services.trainings.take_back)


def _change_model(visit: Visit, change: Callable[[int], bool]) -> Response:
    try:
        restarts = change(_number(visit))
    except TrainingRefused as error:
        return _show(visit, error)
    # Not a redirect: the next page might be asked for while the processes start.
    return visit.render("restarting.html", restarts=restarts)


def _show(visit: Visit, error: AssistantError | None = None) -> Response:
    return visit.render(
        "proposals.html",
        200 if error is None else status_of(error),
        proposals=visit.services.proposals.open(),
        trainings=visit.services.trainings.list(),
        problem=None if error is None else explain(error, visit.say),
    )


def _number(visit: Visit) -> int:
    return int(visit.parameter("number"))
