"""`bot inquiries export`: all that match, as CSV for spreadsheets or as JSON lines, written while they are read."""

from __future__ import annotations

import csv
import json
import os
import sys

from pydantic import TypeAdapter

from bot.cli.inquiry_options import filtered, open_inquiries
from bot.cli.output import JsonOption, or_fail
from bot.inquiries import InquiryDetail, InquiryFilter

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


@filtered
def export(
    wanted: InquiryFilter,
    as_json: JsonOption = False,
) -> None:
    """Write inquiries to standard output, as CSV or as JSON lines, newest first."""
    try:
        or_fail(lambda: _write(wanted, as_json=as_json))
        sys.stdout.flush()
    except BrokenPipeError:
        # Who reads has seen enough, such as `head`; Python would complain once more when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _write(wanted: InquiryFilter, *, as_json: bool) -> None:
    with open_inquiries() as inquiries:
        if as_json:
            for inquiry in inquiries.export(wanted):
                print(json.dumps(_DETAIL.dump_python(inquiry, mode="json"), ensure_ascii=False))
        else:
            writer = csv.writer(sys.stdout)
            writer.writerow(CSV_COLUMNS)
            writer.writerows(_row(inquiry) for inquiry in inquiries.export(wanted))


def safe_cell(text: str) -> str:
    """`text` as a spreadsheet cell that is never a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _row(inquiry: InquiryDetail) -> list[str]:
    values = _DETAIL.dump_python(inquiry, mode="json")
    values |= values["summary"] | {"tags": ", ".join(inquiry.tags)}
    return [safe_cell("" if values[column] is None else str(values[column])) for column in CSV_COLUMNS]
