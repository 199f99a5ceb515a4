"""A new entry of the knowledge base, drafted in three languages with source and date."""

from pydantic import ValidationError
from starlette.responses import Response

from bot.console.gaps import GAPS, chosen
from bot.console.pages import Pages
from bot.console.problems import explain, status_of
from bot.console.visit import Visit
from bot.errors import AssistantError, InvalidField, ProposalRefused
from bot.knowledge import LANGUAGES, Language
from bot.knowledge.entry import ANSWER_MAX_CHARACTERS, QUESTIONS_MIN
from bot.proposals import EntryDraft, Questions, SourceDraft
from bot.store import StaffRole

FIELDS = ("id", "topic", "facts", "new_fact", "as_of", "review_by", "source_title", "source_url", "follow_ups")
TEXTS = ("questions", "answer")
REVIEW_AFTER_MONTHS = 6

pages = Pages()


@pages.post("/gaps/draft", StaffRole.AGENT)
def begin(visit: Visit) -> Response:
    """The form, begun with the chosen questions; a form itself, as addresses are no place for what visitors wrote."""
    typed = dict.fromkeys(FIELDS, "")
    typed |= {f"{name}-{language}": "" for name in TEXTS for language in LANGUAGES}
    for identifier in visit.sent_list("question"):
        field = f"questions-{visit.sent(f'language-{identifier}')}"
        if field in typed:
            typed[field] += visit.sent(f"text-{identifier}") + "\n"
    months = visit.now.year * 12 + visit.now.month - 1 + REVIEW_AFTER_MONTHS
    typed |= {"as_of": f"{visit.now:%Y-%m}", "review_by": f"{months // 12}-{months % 12 + 1:02}"}
    return _show(visit, typed)


@pages.post("/gaps/entry")
def propose(visit: Visit) -> Response:
    """Propose the entry; with a mistake everything typed is still there."""
    typed = {name: visit.sent(name).strip() for name in FIELDS}
    typed |= {f"{name}-{language}": visit.sent(f"{name}-{language}") for name in TEXTS for language in LANGUAGES}
    try:
        visit.services.proposals.draft(_draft(typed), chosen(visit), visit.member.name)
    except (ProposalRefused, InvalidField) as error:
        return _show(visit, typed, error)
    return visit.go(GAPS, done="proposed")


def _draft(typed: dict[str, str]) -> EntryDraft:
    try:
        return EntryDraft(
            id=typed["id"],
            topic=typed["topic"],
            facts=tuple(typed["facts"].split()),
            new_fact=typed["new_fact"] or None,
            as_of=typed["as_of"],
            review_by=typed["review_by"],
            sources=(SourceDraft(title=typed["source_title"], url=typed["source_url"] or None),),
            follow_ups=tuple(typed["follow_ups"].split()),
            questions=Questions(
                by_language={language: tuple(typed[f"questions-{language}"].splitlines()) for language in LANGUAGES}
            ),
            answer={language: typed[f"answer-{language}"].replace("\r\n", "\n").strip() for language in LANGUAGES},
        )
    except ValidationError as error:
        # Only where, never what: the values are what somebody typed.
        places = (".".join(str(part) for part in detail["loc"]) for detail in error.errors(include_input=False))
        raise ProposalRefused(tuple(dict.fromkeys(places))) from None


def _show(visit: Visit, typed: dict[str, str], error: AssistantError | None = None) -> Response:
    return visit.render(
        "new_entry.html",
        200 if error is None else status_of(error),
        typed=typed,
        rest=",".join(str(identifier) for identifier in chosen(visit)),
        topics=visit.services.knowledge.topics,
        content_languages=[Language(language) for language in LANGUAGES],
        questions_min=QUESTIONS_MIN,
        answer_max=ANSWER_MAX_CHARACTERS,
        problem=None if error is None else explain(error, visit.say),
        mistakes=error.mistakes if isinstance(error, ProposalRefused) else (),
    )
