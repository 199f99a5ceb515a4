"""The states of an inquiry: what may follow what, by whom, and that the docs say the same."""

import itertools
from pathlib import Path

import pytest

from bot.errors import IllegalTransition
from bot.inquiries.states import DONE, TRANSITIONS, WAITS_FOR_ASKER, WAITS_FOR_US, check_transition, next_states
from bot.store import ActorKind, InquiryState

DOCUMENT = Path(__file__).parents[3] / "docs" / "inquiries.md"


def test_every_state_is_in_the_table_and_in_one_group() -> None:
    assert set(TRANSITIONS) == set(InquiryState)
    groups = [*WAITS_FOR_US, *WAITS_FOR_ASKER, *DONE]
    assert sorted(groups) == sorted(InquiryState)


def test_every_state_but_the_first_can_be_reached() -> None:
    reached, edge = {InquiryState.NEW}, {InquiryState.NEW}
    while edge:
        edge = {target for state in edge for target in TRANSITIONS[state]} - reached
        reached |= edge
    assert reached == set(InquiryState)


@pytest.mark.parametrize(("state", "target", "kind"), [*itertools.product(InquiryState, InquiryState, ActorKind)])
def test_a_change_is_made_exactly_if_the_table_allows_it(
    state: InquiryState, target: InquiryState, kind: ActorKind
) -> None:
    if kind in TRANSITIONS[state].get(target, ()):
        check_transition(state, target, kind)
        return
    with pytest.raises(IllegalTransition) as refused:
        check_transition(state, target, kind)
    assert refused.value.possible == tuple(possible.value for possible in next_states(state, kind))
    assert f"an inquiry that is {state.value} cannot become {target.value} by {kind.value}" in str(refused.value)


def test_an_asker_may_withdraw_from_everywhere_and_nobody_leaves_it() -> None:
    for state in InquiryState:
        allowed = next_states(state, ActorKind.ASKER)
        assert (InquiryState.WITHDRAWN in allowed) is (state is not InquiryState.WITHDRAWN)
    assert TRANSITIONS[InquiryState.WITHDRAWN] == {}


def test_an_asker_may_otherwise_only_come_back_to_what_waits_for_them() -> None:
    for state in InquiryState:
        others = set(next_states(state, ActorKind.ASKER)) - {InquiryState.WITHDRAWN}
        assert others == ({InquiryState.OPEN} if state in WAITS_FOR_ASKER else set())


def test_the_document_shows_the_same_table() -> None:
    """Rows are states, columns what follows; a cell names who may: s staff, a asker, m the assistant by itself."""
    letters = {"s": ActorKind.STAFF, "a": ActorKind.ASKER, "m": ActorKind.SYSTEM}
    lines = [line for line in DOCUMENT.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    table = [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in lines]
    start = next(number for number, cells in enumerate(table) if cells[0] == "from \\ to")
    columns = [InquiryState(name) for name in table[start][1:]]
    shown = {
        InquiryState(state): {
            target: frozenset(letters[letter] for letter in cell.split())
            for target, cell in zip(columns, cells, strict=True)
            if cell
        }
        for state, *cells in table[start + 1 : start + 1 + len(InquiryState)]
    }
    assert shown == TRANSITIONS
