"""An inquiry goes on instead of its duplicates, and both know it."""

import pytest

from bot.errors import InvalidField, NotFound
from bot.inquiries import Inquiries, new_reference
from bot.store import InquiryState
from tests.unit.inquiries.cases import ANNA, draft, happened, move


def test_a_duplicate_knows_its_original_and_the_other_way_round(inquiries: Inquiries, reference: str) -> None:
    second, third = (inquiries.log(draft(key)).reference for key in ("2", "3"))
    for duplicate, original in ((third, second), (second, reference)):
        with inquiries.change(duplicate, ANNA) as case:
            case.mark_duplicate_of(original)
    assert inquiries.get(reference).duplicates == (second, third)
    for duplicate in (second, third):
        detail = inquiries.get(duplicate)
        assert (detail.duplicate_of, detail.summary.state) == (reference, InquiryState.DUPLICATE)
    assert (ANNA, "duplicate_of", second, reference) in happened(inquiries.get(third))


def test_a_duplicate_of_a_duplicate_is_one_of_the_original(inquiries: Inquiries, reference: str) -> None:
    second, third = (inquiries.log(draft(key)).reference for key in ("2", "3"))
    for duplicate, original in ((second, reference), (third, second)):
        with inquiries.change(duplicate, ANNA) as case:
            case.mark_duplicate_of(original)
    assert inquiries.get(third).duplicate_of == reference


def test_a_duplicate_that_is_none_is_opened_again(inquiries: Inquiries, reference: str) -> None:
    second = inquiries.log(draft("2")).reference
    with inquiries.change(second, ANNA) as case:
        case.mark_duplicate_of(reference)
    move(inquiries, second, InquiryState.OPEN)
    assert inquiries.get(second).duplicate_of is None
    assert inquiries.get(reference).duplicates == ()


def test_only_another_inquiry_can_be_the_original(inquiries: Inquiries, reference: str) -> None:
    with pytest.raises(InvalidField, match="itself"), inquiries.change(reference, ANNA) as case:
        case.mark_duplicate_of(reference)
    with pytest.raises(NotFound), inquiries.change(reference, ANNA) as case:
        case.mark_duplicate_of(new_reference(2026))
    with pytest.raises(InvalidField, match="needs_original"):
        move(inquiries, reference, InquiryState.DUPLICATE)
    second = inquiries.log(draft("2")).reference
    with inquiries.change(second, ANNA) as case:
        case.mark_duplicate_of(reference)
    with pytest.raises(InvalidField, match="itself"), inquiries.change(reference, ANNA) as case:
        case.mark_duplicate_of(second)
