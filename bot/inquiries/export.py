"""Inquiries as CSV for spreadsheets, or as JSON for programs, written while they are read."""

import csv
import json
from collections.abc import Iterable, Iterator

from pydantic import TypeAdapter

from bot.inquiries.records import InquiryDetail

CSV_COLUMNS = (
    "reference",
    "state",
    "priority",
    "created_at",
    "due_at",
    "first_reply_at",
    "closed_at",
    "assignee",
    "language",
    "channel",
    "topic",
    "tags",
    "name",
    "company",
    "email",
    "country",
    "message",
)
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A spreadsheet runs a cell that begins so as a formula (OWASP, CSV injection); an apostrophe makes it text."""

_DETAIL = TypeAdapter(InquiryDetail)


class _Line:
    """What `csv` writes to: it gives each line back."""

    def write(self, text: str) -> str:
        return text


def csv_lines(inquiries: Iterable[InquiryDetail]) -> Iterator[str]:
    """A line of column names, then one for each inquiry."""
    writer = csv.writer(_Line())
    yield _written(writer.writerow(CSV_COLUMNS))
    for inquiry in inquiries:
        yield _written(writer.writerow(_row(inquiry)))


def json_lines(inquiries: Iterable[InquiryDetail]) -> Iterator[str]:
    """One JSON object a line."""
    for inquiry in inquiries:
        yield json_of(inquiry) + "\n"


def json_of(inquiry: InquiryDetail) -> str:
    """Everything about one inquiry, on one line."""
    return json.dumps(_DETAIL.dump_python(inquiry, mode="json"), ensure_ascii=False)


def safe_cell(text: str) -> str:
    """`text` as a spreadsheet cell that is never a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _written(line: object) -> str:
    # `writerow` gives back what `write` did, which its type does not say.
    return str(line)


def _row(inquiry: InquiryDetail) -> list[str]:
    values = _DETAIL.dump_python(inquiry, mode="json")
    values |= values["summary"] | {"tags": ", ".join(inquiry.tags)}
    return [safe_cell("" if values[column] is None else str(values[column])) for column in CSV_COLUMNS]
