"""What became of a question: the record that figures and gaps rest on."""

from bot.conversations.engine import TurnRequest, TurnResult
from bot.store import Outcome

_UNANSWERED = {"nlu_fallback": Outcome.CLARIFIED, "out_of_scope": Outcome.REFUSED}


def is_typed_question(request: TurnRequest) -> bool:
    """Whether a message may be a question: typed, not pressed, and not what a form asked for.

    What is typed into a form is a name or an address as likely as a question, so that none of it becomes a gap.
    """
    return request.payload is None and request.asks is None


def outcome_of(request: TurnRequest, result: TurnResult) -> Outcome | None:
    """What became of a message; None unless it was a question that somebody typed outside a form."""
    if not is_typed_question(request):
        return None
    if any(reply.custom.entry is not None for reply in result.replies):
        return Outcome.ANSWERED
    if result.in_form or result.intent is None:
        return None
    return _UNANSWERED.get(result.intent)
