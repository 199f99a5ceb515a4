"""`bot inquiries`: logged inquiries for operators."""

from __future__ import annotations

import csv
import json
import sys
from functools import partial
from typing import Annotated

import typer
from pydantic import TypeAdapter

from bot.cli.output import JsonOption, local_time, or_fail, plain, print_json
from bot.inquiries import Inquiries, InquiryDetail
from bot.settings import load_settings
from bot.store import InquiryState, Store

app = typer.Typer(no_args_is_help=True, help="Logged inquiries.")

PAGE = 50
CSV_COLUMNS = (
    "reference",
    "state",
    "created_at",
    "language",
    "channel",
    "topic",
    "name",
    "company",
    "email",
    "country",
    "message",
)
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet runs a cell that begins so as a formula (OWASP, CSV injection); an apostrophe makes it text."""

StateOption = Annotated[InquiryState | None, typer.Option("--state", help="Only inquiries in this state.")]


@app.command("list")
def list_inquiries(
    state: StateOption = None,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = PAGE,
    before: Annotated[int | None, typer.Option(help="Only inquiries logged before the one with this id.")] = None,
    as_json: JsonOption = False,
) -> None:
    """List inquiries, newest first."""
    found = or_fail(lambda: _service().list_all(state, limit, before))
    if as_json:
        print_json(found)
        return
    for inquiry in found:
        cells = (local_time(inquiry.created_at), plain(inquiry.state), inquiry.language, inquiry.topic, inquiry.country)
        print("  ".join((inquiry.reference, *cells)))
    if not found:
        print("No inquiries.")


@app.command()
def show(reference: str, as_json: JsonOption = False) -> None:
    """Show one inquiry with its transcript and history."""
    inquiry = or_fail(lambda: _service().get(reference))
    if as_json:
        print_json(inquiry)
        return
    summary = inquiry.summary
    print(f"{summary.reference}  {plain(summary.state)}  logged {local_time(summary.created_at)}")
    print(f"Topic: {summary.topic}   Language: {summary.language}   Channel: {summary.channel}")
    print(f"From: {inquiry.name}, {plain(inquiry.company)}, {summary.country}   E-mail: {inquiry.email}")
    print(f"Consent {inquiry.consent_version}, given {local_time(inquiry.consented_at)}")
    print("Named: " + (", ".join(f"{entity.entity} {entity.value}" for entity in inquiry.entities) or "-"))
    print(f"\n{inquiry.message}\n\nTranscript:")
    for line in inquiry.transcript:
        print(f"  {local_time(line.at)} {line.sender}: {line.text}")
    print("History:")
    for event in inquiry.history:
        print(f"  {local_time(event.at)} {event.actor.name or plain(event.actor.kind)}: {event.event}")


@app.command()
def export(
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write all inquiries to standard output, as CSV or as JSON lines, newest first."""
    service = or_fail(_service)
    writer = csv.writer(sys.stdout)
    if not as_json:
        writer.writerow(CSV_COLUMNS)
    before: int | None = None
    while page := or_fail(partial(service.list_all, state, PAGE, before)):
        for summary in page:
            inquiry = or_fail(partial(service.get, summary.reference))
            if as_json:
                print(json.dumps(TypeAdapter(InquiryDetail).dump_python(inquiry, mode="json"), ensure_ascii=False))
            else:
                writer.writerow(_row(inquiry))
        before = page[-1].id


def safe_cell(text: str) -> str:
    """`text` as a spreadsheet cell that is never a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _row(inquiry: InquiryDetail) -> list[str]:
    values = {
        "reference": inquiry.summary.reference,
        "state": plain(inquiry.summary.state),
        "created_at": inquiry.summary.created_at.isoformat(),
        "language": inquiry.summary.language,
        "channel": inquiry.summary.channel,
        "topic": inquiry.summary.topic,
        "name": inquiry.name,
        "company": inquiry.company or "",
        "email": inquiry.email,
        "country": inquiry.summary.country,
        "message": inquiry.message,
    }
    return [safe_cell(values[column]) for column in CSV_COLUMNS]


def _service() -> Inquiries:
    return Inquiries(Store(load_settings().database_url))
