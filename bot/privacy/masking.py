"""Taking e-mail addresses and telephone numbers out of text that leaves the conversation or the case.

A telephone number is what libphonenumber calls a valid one, written with a country code or in the German or Korean
way. What only looks like one stays: references, amounts, dates, years, ids.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from phonenumbers import Leniency, PhoneNumberMatcher

EMAIL_MASK = "[e-mail]"
PHONE_MASK = "[phone]"

REGIONS = ("DE", "KR")
"""Where a number without a country code may be from."""

_AT = r"(?:@|＠|%40|\s?[(\[{]\s?(?:at|ät|골뱅이)\s?[)\]}]\s?)"
_LABEL = r"[A-Za-z0-9À-ɏ가-힣](?:[A-Za-z0-9À-ɏ가-힣-]{0,61}[A-Za-z0-9À-ɏ가-힣])?"
_LOCAL = r"[\w.!#$&'*+/=?^`{|}~-]{1,64}"
# A Korean particle may follow at once: "kim@example.kr로".
_TOP = r"(?:[A-Za-z]{2,63}|한국)"
_EMAIL = re.compile(rf"{_LOCAL}{_AT}(?:{_LABEL}\.){{1,8}}{_TOP}", re.IGNORECASE)

# References, ids of conversations and messages, dates and moments may be a valid number by chance.
_KEPT = re.compile(
    r"\bHE-\d{4}-[0-9A-Z]{7}\b"
    r"|\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b"
    r"|\b(?=[0-9a-f]*[a-f])[0-9a-f]{16,}\b"
    r"|\b\d{1,2}([./-])\d{1,2}\1(?:19|20)\d{2}\b"
    r"|\b(?:19|20)\d{2}-\d{2}-\d{2}[T ]\d{2}:\d{2}[\d:.,+-]*",
    re.IGNORECASE,
)
_DECIMAL = re.compile(r"0[.,]\d+")
_DIGITS_MIN = 6
_HAS_NUMBER = re.compile(rf"(?:\d\D{{0,4}}){{{_DIGITS_MIN},}}")


def mask(text: str) -> str:
    """`text` with every e-mail address and telephone number replaced by what it was."""
    masked = _EMAIL.sub(EMAIL_MASK, text) if _may_hold_email(text) else text
    return _mask_phones(masked) if _HAS_NUMBER.search(masked) else masked


def _may_hold_email(text: str) -> bool:
    return any(sign in text for sign in ("@", "＠", "%40", "(", "[", "{"))


def _mask_phones(text: str) -> str:
    kept = [match.span() for match in _KEPT.finditer(text)]
    spans = sorted(span for span in _phone_spans(text) if not any(_overlap(span, other) for other in kept))
    parts, end = [], 0
    for start, stop in spans:
        if start >= end:
            parts += [text[end:start], PHONE_MASK]
        end = max(end, stop)
    return "".join((*parts, text[end:]))


def _phone_spans(text: str) -> Iterator[tuple[int, int]]:
    for region in REGIONS:
        for match in PhoneNumberMatcher(text, region, leniency=Leniency.VALID):
            # Who writes a number down so that others can call begins with 0 or a country code; Korean hotlines,
            # which do not, belong to companies and look like amounts.
            if match.raw_string.lstrip("(").startswith(("0", "+", "＋")) and not _DECIMAL.fullmatch(match.raw_string):
                yield match.start, match.end


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]
