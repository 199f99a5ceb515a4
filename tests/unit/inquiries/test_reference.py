"""References are understood however they are typed, and no typo leads to another inquiry."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import InvalidReference
from bot.inquiries.reference import ALPHABET, new_reference, parse_reference

references = st.builds(
    lambda year, code: checked(year, "".join(code)),
    st.integers(1000, 9999),
    st.lists(st.sampled_from(ALPHABET), min_size=6, max_size=6),
)


def checked(year: int, code: str) -> str:
    """The one reference with these random characters, found by trying every check character."""
    (found,) = [text for last in ALPHABET if is_valid(text := f"HE-{year}-{code}{last}")]
    return found


def is_valid(text: str) -> bool:
    try:
        return parse_reference(text) == text
    except InvalidReference:
        return False


def reason(text: str) -> str:
    with pytest.raises(InvalidReference) as caught:
        parse_reference(text)
    return caught.value.reason


def test_a_new_reference_is_valid_and_names_the_year() -> None:
    reference = new_reference(2026)
    assert reference.startswith("HE-2026-")
    assert len(reference) == len("HE-2026-") + 7
    assert parse_reference(reference) == reference


def test_new_references_differ() -> None:
    assert len({new_reference(2026) for _ in range(1000)}) == 1000


def test_the_alphabet_has_a_prime_number_of_characters_and_no_look_alikes() -> None:
    assert len(ALPHABET) == len(set(ALPHABET)) == 29
    assert not set(ALPHABET) & set("0O1ILSU")
    assert set(ALPHABET) < set(string.ascii_uppercase + string.digits)


def test_a_digit_has_its_own_value_wherever_it_stands() -> None:
    assert all(ALPHABET.index(digit) == int(digit) for digit in ALPHABET if digit.isdigit())


@given(references)
def test_every_single_wrong_character_is_found(reference: str) -> None:
    for position, right in enumerate(reference):
        if position < 3 or right == "-":
            continue
        characters = string.digits if position < 7 else ALPHABET
        for wrong in set(characters) - {right}:
            assert reason(reference[:position] + wrong + reference[position + 1 :]) == "check"


@given(references)
def test_every_swap_of_neighbours_is_found(reference: str) -> None:
    plain = reference.replace("-", "")
    for position in range(2, len(plain) - 1):
        first, second = plain[position], plain[position + 1]
        if first == second:
            continue
        swapped = plain[:position] + second + first + plain[position + 2 :]
        assert reason(swapped) in {"check", "format"}


@given(
    references,
    st.sampled_from(["-", "", " ", " - ", "–", "—", "‑", "−", "_", "/", "－"]),
    st.sampled_from([str.upper, str.lower, str.title]),
    st.sampled_from(["", " ", "\n", "\u200b", "\ufeff"]),
    st.booleans(),
)
def test_the_ways_people_type_a_reference_are_understood(
    reference: str, dash: str, case: type[str], around: str, prefixed: bool
) -> None:
    typed = case(reference.replace("-", dash) if prefixed else reference.removeprefix("HE-").replace("-", dash))
    assert parse_reference(f"{around}{typed}{around}") == reference


@given(references)
def test_a_reference_is_found_in_a_sentence(reference: str) -> None:
    for sentence in (
        f"My reference is {reference}, thanks.",
        f"Meine Nummer: {reference.lower()}.",
        f"제 번호는 {reference}입니다",
        f"({reference})",
    ):
        assert parse_reference(sentence) == reference


@given(references)
def test_spaces_may_stand_inside_the_code(reference: str) -> None:
    assert parse_reference(f"{reference[:11]} {reference[11:]}") == reference


def test_full_width_characters_are_understood() -> None:
    reference = checked(2026, "7K3F9Q")
    wide = "".join(chr(ord(character) + 0xFEE0) for character in reference)
    assert parse_reference(wide) == reference


def test_characters_that_look_alike_are_taken_for_those_that_occur() -> None:
    reference = checked(2021, "5V5V5V")
    typed = reference.replace("2021", "2O2l").replace("5", "s").replace("V", "u")
    assert parse_reference(typed) == reference


@pytest.mark.parametrize(
    "text",
    ["", " ", "-", "HE", "hello", "HE-2026", "HE-2026-7K3F9", "HE-2026-7K3F9QXX", "HE-2026-0000000", "XX-2026-7K3F9QX"]
    + ["20267K3F9", "THE-2026-7K3F9QX is it", "안녕하세요", "HE-2026-7K3F9Q é"],
)
def test_what_is_no_reference_is_a_format_error(text: str) -> None:
    assert reason(text) == "format"


@given(st.text(max_size=60))
def test_any_text_is_either_a_reference_or_refused(text: str) -> None:
    try:
        parsed = parse_reference(text)
    except InvalidReference as error:
        assert error.reason in {"format", "check"}
    else:
        assert is_valid(parsed)
