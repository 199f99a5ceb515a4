"""Every error that the assistant's services raise on purpose.

    AssistantError
    ├── ConfigurationError            a setting is missing or wrong
    ├── StoreError                    the database refused or failed
    │   ├── NotFound                  no such row
    │   └── Conflict                  the row is already there, or was changed meanwhile
    │       ├── ConversationHeld      a colleague has taken the conversation over
    │       ├── ConversationNotHeld   nobody has, or the time is up
    │       └── LeaseLost             somebody else has the delivery by now
    ├── InvalidField                  an answer that cannot be taken as it is
    ├── EngineError                   the dialogue engine gave no usable answer
    │   ├── EngineUnavailable         down, loading, or its action failed
    │   └── EngineTimeout             no answer in time
    ├── DeliveryError                 something did not reach who it is for
    │   ├── DeliveryPostponed         worth trying again later
    │   └── DeliveryRefused           for good
    ├── ProposalRefused               the knowledge base would have mistakes
    ├── TrainingRefused               that cannot be done with this training, or not now
    ├── RateLimited                   too many calls
    ├── Unauthorized                  no token, or a wrong one
    ├── SignInRefused                 wrong name, password or code; which of them is not said
    ├── PermissionDenied              signed in, but not allowed to
    └── InquiryError
        ├── InvalidReference          not the shape of a reference
        ├── InquiryAccessDenied       not this asker's inquiry, or no such inquiry
        └── IllegalTransition         a state that may not follow the one before

`code` is stable: faces and clients may rely on it. The text of an error is for staff and logs; it never holds
what a visitor wrote. The knowledge base has a tree of its own (`bot.knowledge.errors`), as it also runs inside
the engine.
"""


class AssistantError(Exception):
    """Root of the tree; `code` names the kind of error for machines."""

    code: str = "assistant_error"


class ConfigurationError(AssistantError):
    """A setting is missing or wrong; the text names the variable and says what to do."""

    code = "configuration"


class StoreError(AssistantError):
    """The database refused or failed."""

    code = "store"


class NotFound(StoreError):
    """No such row. `what` is the kind of thing that was looked for, such as "conversation"."""

    code = "not_found"

    def __init__(self, what: str) -> None:
        super().__init__(f"no such {what}")
        self.what = what


class Conflict(StoreError):
    """The row is already there, or somebody else changed it meanwhile."""

    code = "conflict"


class ConversationHeld(Conflict):
    """A colleague has taken the conversation over; `staff` is who."""

    code = "conversation_held"

    def __init__(self, staff: str) -> None:
        super().__init__(f"{staff} holds this conversation")
        self.staff = staff


class ConversationNotHeld(Conflict):
    """The conversation is the assistant's: nobody has taken it over, or the time is up."""

    code = "conversation_not_held"

    def __init__(self) -> None:
        super().__init__("nobody holds this conversation; take it over first")


class LeaseLost(Conflict):
    """A delivery was claimed too long ago: it is due again, or somebody else has it."""

    code = "lease_lost"

    def __init__(self) -> None:
        super().__init__("the delivery was claimed by somebody else meanwhile")


class InvalidField(AssistantError):
    """An answer that cannot be taken as it is.

    `field` is the field's name; `code` is what is wrong with it, such as "too_long" or "unknown_button"; `limit` is
    the bound that was missed, where there is one. The value is left out on purpose: it may be personal data.
    """

    def __init__(self, field: str, code: str, limit: int | None = None) -> None:
        super().__init__(f"{field}: {code}" if limit is None else f"{field}: {code} ({limit})")
        self.field = field
        self.code = code
        self.limit = limit


class EngineError(AssistantError):
    """The dialogue engine gave no usable answer."""

    code = "engine"


class EngineUnavailable(EngineError):
    """The engine is down, still loading, refuses the password, or one of its actions failed."""

    code = "engine_unavailable"


class EngineTimeout(EngineError):
    """The engine did not answer within `Settings.engine_timeout_seconds`."""

    code = "engine_timeout"


class DeliveryError(AssistantError):
    """Something did not reach who it is for. The text is kept with the delivery: it holds no personal data."""

    code = "delivery"


class DeliveryPostponed(DeliveryError):
    """Worth trying again; after `retry_after_seconds` where the other side has said so."""

    code = "delivery_postponed"

    def __init__(self, reason: str, retry_after_seconds: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after_seconds = retry_after_seconds


class DeliveryRefused(DeliveryError):
    """Trying again as it is would bring the same: the address does not exist, the chat is blocked."""

    code = "delivery_refused"


class ProposalRefused(AssistantError):
    """With this proposal the knowledge base would have mistakes; `mistakes` says which, for who made it to mend."""

    code = "proposal_refused"

    def __init__(self, mistakes: tuple[str, ...]) -> None:
        super().__init__("; ".join(mistakes))
        self.mistakes = mistakes


class TrainingRefused(AssistantError):
    """That cannot be done with this training, or not now.

    `reason` is "running" (one is under way), "nothing" (no proposal waits), "not_ready", "worse" (the figures have
    fallen), "changed" (the files have changed since), "not_last" (another one has followed) or "gone" (the model before
    is not kept any more).
    """

    code = "training_refused"

    def __init__(self, reason: str) -> None:
        super().__init__(f"refused: {reason}")
        self.reason = reason


class RateLimited(AssistantError):
    """Too many calls; worth trying again after `retry_after_seconds`."""

    code = "rate_limited"

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__(f"too many calls; try again in {retry_after_seconds} s")
        self.retry_after_seconds = retry_after_seconds


class Unauthorized(AssistantError):
    """No token, or a wrong one. Which of the two is not said."""

    code = "unauthorized"

    def __init__(self) -> None:
        super().__init__("a valid token is required")


class SignInRefused(AssistantError):
    """A member of staff cannot sign in like this: name, password or code is wrong, or the account is disabled."""

    code = "sign_in_refused"

    def __init__(self) -> None:
        super().__init__("name, password or code is wrong")


class PermissionDenied(AssistantError):
    """Somebody is signed in who may not do this; or who asks has not shown that they mean to (a forged form)."""

    code = "permission_denied"

    def __init__(self, reason: str = "the role does not allow it") -> None:
        super().__init__(reason)


class InquiryError(AssistantError):
    """Something about one logged inquiry."""

    code = "inquiry"


class InvalidReference(InquiryError):
    """The text cannot be a reference.

    `reason` is "format" (not the shape of one) or "check" (the shape, but a character is wrong or two are swapped).
    """

    code = "invalid_reference"

    def __init__(self, reason: str) -> None:
        super().__init__(f"not a reference: {reason}")
        self.reason = reason


class InquiryAccessDenied(InquiryError):
    """The asker may not see this inquiry, or there is none; which of the two is not said."""

    code = "inquiry_access_denied"

    def __init__(self) -> None:
        super().__init__("no inquiry with this reference for this asker")


class IllegalTransition(InquiryError):
    """An inquiry in `state` cannot be put into `target` by this kind of `actor`; `possible` are the states that can."""

    code = "illegal_transition"

    def __init__(self, state: str, target: str, actor: str, possible: tuple[str, ...]) -> None:
        choice = ", ".join(possible) if possible else "none"
        super().__init__(f"an inquiry that is {state} cannot become {target} by {actor}; possible: {choice}")
        self.state = state
        self.target = target
        self.actor = actor
        self.possible = possible
