"""`bot inquiries`: finding and reading inquiries; changing and exporting them are in modules beside this one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import typer

from bot.cli import inquiry_changes, inquiry_export
from bot.cli.inquiry_options import filtered, open_inquiries
from bot.cli.output import JsonOption, local_time, or_fail, plain, print_json
from bot.inquiries import InquiryDetail, InquiryFilter, InquirySummary, Page, Sort, parse_cursor
from bot.inquiries.filter import PAGE_SIZE, PAGE_SIZE_MAX

app = typer.Typer(no_args_is_help=True, help="Logged inquiries.")
app.command("export")(inquiry_export.export)
for change in (
    inquiry_changes.assign,
    inquiry_changes.reply,
    inquiry_changes.note,
    inquiry_changes.state,
    inquiry_changes.close,
):
    app.command()(change)


@dataclass(frozen=True)
class Listed:
    """A page as JSON: `next` is what `--after` takes for the following page, null on the last."""

    items: tuple[InquirySummary, ...]
    next: str | None


@app.command("list")
@filtered
def list_inquiries(
    wanted: InquiryFilter,
    sort: Annotated[
        Sort, typer.Option(help="The order; `waiting` and `due` show only who waits for us.")
    ] = Sort.NEWEST,
    limit: Annotated[int, typer.Option(min=1, max=PAGE_SIZE_MAX, help="How many at most.")] = PAGE_SIZE,
    after: Annotated[str | None, typer.Option(help="Go on behind this; the page before ends with it.")] = None,
    as_json: JsonOption = False,
) -> None:
    """List inquiries that match all options."""
    cursor = None if after is None else or_fail(lambda: parse_cursor(after))

    def listed() -> Page:
        with open_inquiries() as inquiries:
            return inquiries.list(wanted, sort, cursor, limit)

    page = or_fail(listed)
    if as_json:
        print_json(Listed(page.items, None if page.next is None else str(page.next)))
        return
    for inquiry in page.items:
        print(_line(inquiry))
    if not page.items:
        print("No inquiries.")
    if page.next is not None:
        print(f"More: --after {page.next}")


@app.command()
def show(reference: str, as_json: JsonOption = False) -> None:
    """Show one inquiry with its transcript and history."""

    def found() -> InquiryDetail:
        with open_inquiries() as inquiries:
            return inquiries.get(reference)

    inquiry = or_fail(found)
    if as_json:
        print_json(inquiry)
        return
    _print_head(inquiry)
    print(f"\n{inquiry.message}")
    print("\nTranscript:")
    for line in inquiry.transcript:
        print(f"  {local_time(line.at)} {line.sender}: {line.text}")
    for title, written in (("Replies", inquiry.replies), ("Notes", inquiry.notes)):
        print(f"{title}:")
        for item in written:
            print(f"  {local_time(item.created_at)} {plain(item.author)}: {item.text}")
    print("History:")
    for event in inquiry.history:
        values = (
            ""
            if event.old_value is event.new_value is None
            else f" {plain(event.old_value)} -> {plain(event.new_value)}"
        )
        print(f"  {local_time(event.at)} {event.actor.name or event.actor.kind.value}: {event.event}{values}")


def _line(inquiry: InquirySummary) -> str:
    cells = (
        inquiry.reference,
        local_time(inquiry.created_at),
        inquiry.state.value,
        inquiry.language,
        inquiry.topic,
        inquiry.country,
        plain(inquiry.assignee),
        f"due {_time(inquiry.due_at)}",
    )
    return "  ".join(cells)


def _print_head(inquiry: InquiryDetail) -> None:
    summary = inquiry.summary
    logged = local_time(summary.created_at)
    print(f"{summary.reference}  {summary.state.value}  logged {logged}  version {summary.version}")
    print(f"Priority: {summary.priority.value}   Assignee: {plain(summary.assignee)}")
    print(f"Waiting since: {_time(summary.waiting_since)}   Due: {_time(summary.due_at)}")
    print(f"Topic: {summary.topic}   Language: {summary.language}   Channel: {summary.channel}")
    print(f"From: {inquiry.name}, {plain(inquiry.company)}, {summary.country}   E-mail: {inquiry.email}")
    print(f"Consent {inquiry.consent_version}, given {local_time(inquiry.consented_at)}")
    print("Named: " + (", ".join(f"{entity.entity} {entity.value}" for entity in inquiry.entities) or "-"))
    print("Tags: " + (", ".join(inquiry.tags) or "-"))
    if inquiry.duplicate_of is not None:
        print(f"Duplicate of {inquiry.duplicate_of}")
    if inquiry.duplicates:
        print(f"Duplicates: {', '.join(inquiry.duplicates)}")


def _time(moment: datetime | None) -> str:
    return "-" if moment is None else local_time(moment)
