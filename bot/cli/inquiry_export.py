"""`bot inquiries export`: all that match, as CSV for spreadsheets or as JSON lines, written while they are read."""

from __future__ import annotations

import os
import sys

from bot.cli.inquiry_options import filtered, open_inquiries
from bot.cli.output import JsonOption, or_fail
from bot.inquiries import InquiryFilter
from bot.inquiries.export import csv_lines, json_lines


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
        lines = json_lines if as_json else csv_lines
        sys.stdout.writelines(lines(inquiries.export(wanted)))
