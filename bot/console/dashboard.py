"""Figures and charts: how much there is, what becomes of it, and what to look at again."""

from starlette.responses import Response

from bot.console.catalogue import N_
from bot.console.pages import Pages
from bot.console.visit import Visit
from bot.errors import NotFound
from bot.insight import bar_chart, line_chart
from bot.insight.charts import Series
from bot.insight.figures import Answers, Summary

PERIODS = (7, 30, 90, 365)
DEFAULT_DAYS = 30

CHART_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""A chart brings its own style and nothing else; as a picture it can do nothing to the page."""

CHARTS = {
    "days": N_("Conversations, questions and inquiries by day"),
    "answers": N_("What became of questions"),
    "topics": N_("Inquiries by topic"),
    "replies": N_("Time to the first reply"),
}

OUTCOMES = (
    ("answered", N_("Answered")),
    ("clarified", N_("Offered a choice")),
    ("refused", N_("Not answered")),
    ("failed", N_("Failed")),
)

pages = Pages()


@pages.get("/dashboard")
def show(visit: Visit) -> Response:
    """All figures of a period."""
    days = _days(visit)
    summary = visit.services.insight.summary(days)
    month = f"{visit.now:%Y-%m}"
    entries = visit.services.knowledge.entries.values()
    return visit.render(
        "dashboard.html",
        summary=summary,
        days=days,
        periods=PERIODS,
        charts=CHARTS,
        outcomes=OUTCOMES,
        share_of=_share,
        bands=_bands(visit, summary),
        stale=sorted((entry for entry in entries if entry.review_by < month), key=lambda entry: entry.review_by),
    )


@pages.get("/dashboard/{chart}.svg")
def draw(visit: Visit) -> Response:
    """One chart as a picture."""
    name = visit.parameter("chart")
    if name not in CHARTS:
        raise NotFound("chart")
    picture = _drawn(visit, name, visit.services.insight.summary(_days(visit)))
    headers = {"content-security-policy": CHART_POLICY}
    return visit.with_cookie(Response(picture, media_type="image/svg+xml", headers=headers))


def _drawn(visit: Visit, name: str, summary: Summary) -> bytes:
    title = visit.say(CHARTS[name])
    if name == "days":
        series = [
            Series(visit.say(N_("Conversations")), [day.conversations for day in summary.days]),
            Series(visit.say(N_("Questions")), [day.questions for day in summary.days]),
            Series(visit.say(N_("Inquiries")), [day.inquiries for day in summary.days]),
        ]
        return line_chart(title, [f"{day.day:%d.%m.}" for day in summary.days], series)
    if name == "answers":
        return bar_chart(title, [(visit.say(said), getattr(summary.answers, key)) for key, said in OUTCOMES])
    if name == "topics":
        name_of, topics = visit.services.vocabulary.topic, summary.inquiries_by_topic
        return bar_chart(title, [(name_of(each.name, visit.language), each.count) for each in topics])
    return bar_chart(title, _bands(visit, summary))


def _bands(visit: Visit, summary: Summary) -> list[tuple[str, int]]:
    """How many inquiries had their first reply within which time."""
    later = visit.say(N_("later"))
    return [
        (later if hours is None else visit.say(N_("within %(hours)s h"), hours=hours), count)
        for hours, count in summary.replies.within
    ]


def _share(answers: Answers, outcome: str) -> float:
    return getattr(answers, outcome) / answers.asked if answers.asked else 0.0


def _days(visit: Visit) -> int:
    wanted = visit.query("days")
    return int(wanted) if wanted in map(str, PERIODS) else DEFAULT_DAYS
