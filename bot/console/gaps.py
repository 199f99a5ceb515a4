"""What the assistant could not answer, and what to do about it: a training question, a new entry, or nothing."""

from starlette.responses import Response

from bot.console.addresses import BASE
from bot.console.pages import Pages
from bot.console.problems import explain, status_of
from bot.console.visit import Visit
from bot.errors import AssistantError, InvalidField, NotFound, ProposalRefused
from bot.gaps.questions import PERIOD_DAYS, Why
from bot.knowledge import LANGUAGES, Language
from bot.store import AuditAction

GAPS = f"{BASE}/gaps"
PERIODS = (7, 30, PERIOD_DAYS)
pages = Pages()


@pages.get("/gaps")
def show(visit: Visit) -> Response:
    """Groups of questions, the largest first; that they were looked at is in the audit."""
    return _show(visit)


@pages.post("/gaps/assign")
def assign(visit: Visit) -> Response:
    """Propose the chosen questions as training questions of an entry."""
    texts: dict[Language, list[str]] = {language: [] for language in LANGUAGES}
    for identifier in visit.sent_list("question"):
        language = visit.sent(f"language-{identifier}")
        if language in texts:
            texts[Language(language)].append(visit.sent(f"text-{identifier}"))
    try:
        visit.services.proposals.assign(visit.sent("entry").strip(), texts, chosen(visit), visit.member.name)
    except (ProposalRefused, InvalidField, NotFound) as error:
        return _show(visit, error, visit.sent("group"))
    return visit.go(GAPS, done="proposed")


@pages.post("/gaps/dismiss")
def dismiss(visit: Visit) -> Response:
    """Nothing is to be done about the chosen questions."""
    visit.services.proposals.dismiss(chosen(visit), visit.member.name)
    return visit.go(GAPS, done="dismissed")


def chosen(visit: Visit) -> list[int]:
    """The ids of the questions chosen, with those of the group that the page has no room for."""
    sent = [*visit.sent_list("question"), *visit.sent("rest").split(",")]
    return [int(text) for text in sent if text.isascii() and text.isdigit() and len(text) < 19]


def _show(visit: Visit, error: AssistantError | None = None, problem_group: str = "") -> Response:
    days = int(visit.query("days")) if visit.query("days") in map(str, PERIODS) else PERIOD_DAYS
    language = visit.query("language")
    why = visit.query("why")
    overview = visit.services.gaps.overview(
        days,
        Language(language) if language in list(Language) else None,
        Why(why) if why in list(Why) else None,
    )
    if overview.groups:
        looked_at = sum(len(group.questions) for group in overview.groups)
        visit.services.trail.note(visit.member, AuditAction.VIEWED, {"questions": looked_at})
    return visit.render(
        "gaps.html",
        200 if error is None else status_of(error),
        overview=overview,
        groups=overview.groups,
        days=days,
        periods=PERIODS,
        chosen_language=language,
        chosen_why=why,
        reasons=list(Why),
        entries=visit.services.knowledge.entries.values(),
        topics=visit.services.knowledge.topics,
        problem=None if error is None else explain(error, visit.say),
        problem_group=problem_group,
    )
