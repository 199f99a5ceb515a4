"""What is said when something cannot be done."""

from collections.abc import Callable

from bot.console.catalogue import N_
from bot.console.words import WORDS
from bot.errors import (
    AssistantError,
    Conflict,
    ConversationHeld,
    ConversationNotHeld,
    IllegalTransition,
    InvalidField,
    InvalidReference,
    NotFound,
    PermissionDenied,
    ProposalRefused,
    RateLimited,
    SignInRefused,
    TrainingRefused,
    Unauthorized,
)

Say = Callable[..., str]
"""`Visit.say`."""

_FIELD_PROBLEMS = {
    "empty": N_("Please fill in this field."),
    "too_long": N_("This text is too long."),
    "too_short": N_("This text is too short."),
    "too_simple": N_("This password is too easy to guess."),
    "past": N_("This date has already passed."),
    "nothing_due": N_("Nobody is waiting for us in this state, so there is no due date."),
    "itself": N_("An inquiry cannot be a duplicate of itself."),
    "needs_original": N_("Please give the reference number of the inquiry to continue with."),
}
_FIELD_WITH_LIMIT = {
    ("confirm", "empty"): N_("Please first confirm that you have made sure of it."),
    ("password", "too_short"): N_("The password needs at least %(limit)s characters."),
}
_TRAINING_PROBLEMS = {
    "running": N_("A training is under way already."),
    "nothing": N_("There is nothing to learn: there are no waiting proposals."),
    "not_ready": N_("This training has no model that could be used."),
    "worse": N_("The new model is worse than the one in use. It cannot be put in use."),
    "changed": N_("The files of the knowledge base have changed in the meantime. Please train again."),
    "not_last": N_("A newer model is in use by now. Only the latest one can be taken back."),
    "gone": N_("The previous model is no longer stored."),
}


def status_of(error: AssistantError) -> int:
    """The HTTP status of an error's page."""
    match error:
        case NotFound() | InvalidReference():
            return 404
        case Unauthorized():
            return 401
        case PermissionDenied():
            return 403
        case RateLimited():
            return 429
        case Conflict() | IllegalTransition() | TrainingRefused():
            return 409
        case InvalidField() | SignInRefused() | ProposalRefused():
            return 422
        case _:
            return 503


def explain(error: AssistantError, say: Say) -> str:
    """What went wrong and what to do, for people; nothing that an asker wrote is in it."""
    match error:
        case InvalidField():
            limited = _FIELD_WITH_LIMIT.get((error.field, error.code))
            if limited is not None:
                return say(limited, limit=error.limit)
            return say(_FIELD_PROBLEMS.get(error.code, N_("This cannot be accepted as it is.")))
        case InvalidReference() | NotFound():
            return say(N_("Nothing was found here. It may have been deleted."))
        case IllegalTransition():
            states = WORDS["state"]
            possible = ", ".join(say(states[state]) for state in error.possible) or "–"
            return say(N_("This is not possible in this state. Possible: %(states)s"), states=possible)
        case ConversationHeld():
            return say(N_("%(name)s has taken this conversation over."), name=error.staff)
        case ConversationNotHeld():
            return say(N_("Nobody has taken this conversation over, or the time is up."))
        case Conflict():
            return say(N_("Somebody else has changed this in the meantime. Please look at it again."))
        case SignInRefused():
            return say(N_("That is not right. Please check what you have entered."))
        case ProposalRefused():
            return say(N_("This would put mistakes into the knowledge base. Please correct what is listed here."))
        case TrainingRefused():
            return say(_TRAINING_PROBLEMS.get(error.reason, N_("This cannot be accepted as it is.")))
        case RateLimited():
            minutes = max(1, round(error.retry_after_seconds / 60))
            return say(N_("Too many attempts. Please wait %(minutes)s min."), minutes=minutes)
        case PermissionDenied():
            return say(N_("You are not allowed to do this, or the form has expired. Please go back and try again."))
        case Unauthorized():
            return say(N_("Please sign in."))
        case _:
            return say(N_("A part of the service is not available. Please try again in a moment."))
