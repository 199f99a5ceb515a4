"""Things in a text that are recognised by their shape, not by their meaning."""

from __future__ import annotations

import re

EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
REFERENCE = re.compile(
    r"\bHE\s?[-\u2013\u2014]?\s?\d{4}\s?[-\u2013\u2014]?\s?[A-Z0-9]{5,8}\b", re.IGNORECASE | re.ASCII
)

REFERENCE_EXAMPLE = "HE-2026-7K3F9QX"
"""The reference that training examples show; to the classifier all references look like it."""


def without_particulars(text: str) -> str:
    """The text as far as it tells what somebody wants: without addresses, and with one reference for all."""
    return EMAIL.sub(" ", REFERENCE.sub(REFERENCE_EXAMPLE, text)).strip()
