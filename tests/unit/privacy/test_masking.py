"""E-mail addresses and telephone numbers are masked; what only looks like one is not."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.inquiries.reference import new_reference
from bot.privacy.masking import EMAIL_MASK, PHONE_MASK, mask

UNTIMED = settings(deadline=None)
"""A slow machine is no mistake of the mask."""

EMAILS = [
    "kim@example.org",
    "Kim.Minjun+hessen@mail.example.co.kr",
    "jürgen.müller@büro-köln.de",
    "info@xn--bro-hoa.example",
    "kim (at) example.org",
    "kim[at]example.org",
    "kim＠example.org",
    "kim%40example.org",
    "김민준@example.kr",
    "o'neill@example.ie",
]
PHONES = [
    "0611 95017-8672",
    "(0611) 9501786",
    "0049 611 95017",
    "+49 611 950178672",
    "+49 (0)69 1234567",
    "0171/1234567",
    "01711234567",
    "069/12345678",
    "010-1234-5678",
    "01012345678",
    "010.1234.5678",
    "02-123-4567",
    "031-123-4567",
    "+82 10-1234-5678",
    "+82 2 123 4567",
    "+1 (415) 555-2671",
    "+44 20 7946 0958",
    "+33 1 70 18 99 00",
]
FRAMES = ["{}", "Rufen Sie {} an.", "제 연락처는 {}입니다.", "me: {}, thanks", '{{"text": "{}"}}', "a\n{}\nb"]
KEPT = [
    "HE-2026-7K3F9QX",
    "HE-2026-0171234",
    "500.000 EUR",
    "1.500.000,00 €",
    "2.000.000.000원",
    "20억 원",
    "up to 40,000 euros",
    "1 500 000",
    "2021",
    "2021-2027",
    "1600-1800",
    "24.11.2026",
    "2026-11-24",
    "2026.11.24.",
    "2026년 11월 24일",
    "2026-11-24 09:00:00,123 INFO",
    "2026-11-24T09:00:00.123456+00:00",
    "09:00-17:00",
    "65183 Wiesbaden",
    "127.0.0.1:8080",
    "0.6912345678",
    "message 1234567 stays without an answer",
    "delivery 12345678 (email) failed",
    "1764000000.123456",
    "§ 25 TDDDG, Art. 6(1)(e)",
    "@assistant, are you there?",
    "3 (at least) of 5",
    "Conversation {id}",
]


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("email", EMAILS)
def test_an_email_address_is_masked(email: str, frame: str) -> None:
    masked = mask(frame.format(email))
    assert EMAIL_MASK in masked
    assert "example" not in masked
    assert "köln" not in masked


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("phone", PHONES)
def test_a_telephone_number_is_masked_and_nothing_else(phone: str, frame: str) -> None:
    assert mask(frame.format(phone)) == frame.format(PHONE_MASK)


@pytest.mark.parametrize("text", KEPT)
def test_what_only_looks_like_one_stays(text: str) -> None:
    assert mask(text) == text


def test_several_are_masked_each() -> None:
    assert mask("a@example.org, 0171 1234567 b@example.org 010-1234-5678") == (
        f"{EMAIL_MASK}, {PHONE_MASK} {EMAIL_MASK} {PHONE_MASK}"
    )


def test_a_masked_text_stays_as_it_is() -> None:
    once = mask("kim@example.org 0171 1234567")
    assert mask(once) == once


@UNTIMED
@given(st.integers(2020, 2099))
def test_no_reference_is_ever_masked(year: int) -> None:
    reference = new_reference(year)
    assert mask(f"inquiry {reference} was logged") == f"inquiry {reference} was logged"


@UNTIMED
@given(st.uuids(version=4))
def test_no_id_is_ever_masked(identifier: UUID) -> None:
    text = f"message {identifier} of conversation {identifier.hex}"
    assert mask(text) == text


@UNTIMED
@given(
    st.dates(date(1990, 1, 1), date(2099, 12, 31)), st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%Y.%m.%d.", "%m/%d/%Y"])
)
def test_no_date_is_ever_masked(day: date, shape: str) -> None:
    assert mask(f"since {day.strftime(shape)}.") == f"since {day.strftime(shape)}."


@UNTIMED
@given(st.datetimes(datetime(2020, 1, 1), datetime(2060, 1, 1)), st.integers(-14, 14))
def test_no_moment_is_ever_masked(moment: datetime, hours: int) -> None:
    shifted = (moment + timedelta(hours=hours)).isoformat()
    assert mask(f"at {shifted}Z") == f"at {shifted}Z"


@UNTIMED
@given(st.integers(0, 10**11), st.sampled_from([",", "_", ""]), st.sampled_from([" EUR", " Euro", "원", " ms", ""]))
def test_no_amount_is_ever_masked(amount: int, separator: str, unit: str) -> None:
    text = (f"{amount:{separator}}" if separator else str(amount)) + unit
    assert mask(f"it is {text}") == f"it is {text}"


@UNTIMED
@given(st.text(max_size=300))
def test_any_text_can_be_masked(text: str) -> None:
    assert isinstance(mask(text), str)
