"""The states of an inquiry, which may follow which, and who may make it so.

docs/inquiries.md shows the table below to people; a test holds the two together.
"""

from collections.abc import Mapping
from types import MappingProxyType

from bot.errors import IllegalTransition
from bot.store import ActorKind, InquiryState

_ASKER, _STAFF, _SYSTEM = ActorKind.ASKER, ActorKind.STAFF, ActorKind.SYSTEM
_NEW, _OPEN, _WAITING, _ANSWERED = InquiryState.NEW, InquiryState.OPEN, InquiryState.WAITING, InquiryState.ANSWERED
_CLOSED, _WITHDRAWN = InquiryState.CLOSED, InquiryState.WITHDRAWN
_SPAM, _DUPLICATE = InquiryState.SPAM, InquiryState.DUPLICATE

WAITS_FOR_US = frozenset({_NEW, _OPEN})
"""States in which the asker waits for staff: only these have a due date and a waiting clock."""

WAITS_FOR_ASKER = frozenset({_WAITING, _ANSWERED})
"""States that a message of the asker's takes back to open."""

NOT_COUNTED = (_SPAM, _DUPLICATE)
"""No inquiries of their own: left out where inquiries are counted, or shown as what colleagues answered."""

DONE = frozenset({_CLOSED, _WITHDRAWN, _SPAM, _DUPLICATE})
"""States in which nobody has anything left to do."""

_BY_STAFF = frozenset({_STAFF})
_BY_STAFF_OR_SYSTEM = frozenset({_STAFF, _SYSTEM})
_BY_STAFF_OR_ASKER = frozenset({_STAFF, _ASKER})

Transitions = Mapping[InquiryState, Mapping[InquiryState, frozenset[ActorKind]]]

TRANSITIONS: Transitions = MappingProxyType(
    {
        _NEW: {
            _OPEN: _BY_STAFF,
            _WAITING: _BY_STAFF,
            _ANSWERED: _BY_STAFF,
            _CLOSED: _BY_STAFF,
            _SPAM: _BY_STAFF,
            _DUPLICATE: _BY_STAFF,
            _WITHDRAWN: _BY_STAFF_OR_ASKER,
        },
        _OPEN: {
            _WAITING: _BY_STAFF,
            _ANSWERED: _BY_STAFF,
            _CLOSED: _BY_STAFF,
            _SPAM: _BY_STAFF,
            _DUPLICATE: _BY_STAFF,
            _WITHDRAWN: _BY_STAFF_OR_ASKER,
        },
        _WAITING: {
            _OPEN: _BY_STAFF_OR_ASKER,
            _ANSWERED: _BY_STAFF,
            _CLOSED: _BY_STAFF_OR_SYSTEM,
            _SPAM: _BY_STAFF,
            _DUPLICATE: _BY_STAFF,
            _WITHDRAWN: _BY_STAFF_OR_ASKER,
        },
        _ANSWERED: {
            _OPEN: _BY_STAFF_OR_ASKER,
            _WAITING: _BY_STAFF,
            _CLOSED: _BY_STAFF_OR_SYSTEM,
            _DUPLICATE: _BY_STAFF,
            _WITHDRAWN: _BY_STAFF_OR_ASKER,
        },
        _CLOSED: {_OPEN: _BY_STAFF, _WITHDRAWN: _BY_STAFF_OR_ASKER},
        _SPAM: {_OPEN: _BY_STAFF, _WITHDRAWN: _BY_STAFF_OR_ASKER},
        _DUPLICATE: {_OPEN: _BY_STAFF, _WITHDRAWN: _BY_STAFF_OR_ASKER},
        _WITHDRAWN: {},
    }
)
"""From each state to the ones that may follow, with who may make the change. Withdrawn is final."""


def next_states(state: InquiryState, kind: ActorKind) -> tuple[InquiryState, ...]:
    """The states that this kind of actor may put an inquiry into, in the order of `InquiryState`."""
    allowed = TRANSITIONS[state]
    return tuple(target for target in InquiryState if kind in allowed.get(target, ()))


def check_transition(state: InquiryState, target: InquiryState, kind: ActorKind) -> None:
    """Make sure that this kind of actor may take an inquiry from `state` to `target`.

    Raises:
        IllegalTransition: not from there, or not by them; it names what is possible.
    """
    possible = next_states(state, kind)
    if target not in possible:
        raise IllegalTransition(state.value, target.value, kind.value, tuple(item.value for item in possible))
