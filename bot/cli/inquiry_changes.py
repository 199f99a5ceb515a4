"""`bot inquiries assign|reply|note|state|close`: changing one inquiry."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable
from typing import Annotated

import typer

from bot.cli.inquiry_options import open_inquiries
from bot.cli.output import JsonOption, or_fail, plain, print_json
from bot.inquiries import Case, InquirySummary, staff
from bot.knowledge import Language
from bot.store import InquiryState

ByOption = Annotated[
    str | None, typer.Option("--by", help="The member of staff who acts; by default who is logged in on this machine.")
]
VersionOption = Annotated[
    int | None,
    typer.Option("--version", help="Only if nobody has changed the inquiry since this version, as `show` prints it."),
]
TextOption = Annotated[str | None, typer.Option(help="The text; read from standard input if left out.")]


def assign(
    reference: str,
    name: Annotated[str | None, typer.Argument(help="Who takes it on; nobody if left out.")] = None,
    by: ByOption = None,
    version: VersionOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give an inquiry to a member of staff, or to nobody."""
    _change(reference, by, version, as_json, lambda case: case.assign(name))


def reply(
    reference: str,
    text: TextOption = None,
    language: Annotated[
        Language | None, typer.Option(help="What the reply is written in; by default the inquiry's language.")
    ] = None,
    then: Annotated[InquiryState, typer.Option(help="The state that the reply leads to.")] = InquiryState.ANSWERED,
    key: Annotated[
        str | None, typer.Option(help="With the same key a reply is stored once, however often it is handed in.")
    ] = None,
    by: ByOption = None,
    version: VersionOption = None,
    as_json: JsonOption = False,
) -> None:
    """Answer the asker."""
    written = _text(text)

    def answer(case: Case) -> None:
        spoken = case.inquiry.language if language is None else language.value
        case.reply(written, spoken, then=then, idempotency_key=key)

    _change(reference, by, version, as_json, answer)


def note(
    reference: str,
    text: TextOption = None,
    by: ByOption = None,
    version: VersionOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a note that only staff see."""
    written = _text(text)
    _change(reference, by, version, as_json, lambda case: case.note(written))


def state(
    reference: str,
    target: Annotated[InquiryState, typer.Argument(help="The state to go to.")],
    of: Annotated[str | None, typer.Option(help="For duplicate: the reference of the inquiry that goes on.")] = None,
    by: ByOption = None,
    version: VersionOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take an inquiry to another state."""

    def move(case: Case) -> None:
        if of is not None and target is InquiryState.DUPLICATE:
            case.mark_duplicate_of(of)
        else:
            case.change_state(target)

    _change(reference, by, version, as_json, move)


def close(reference: str, by: ByOption = None, version: VersionOption = None, as_json: JsonOption = False) -> None:
    """Close an inquiry."""
    _change(reference, by, version, as_json, lambda case: case.change_state(InquiryState.CLOSED))


def _change(
    reference: str,
    by: str | None,
    version: int | None,
    as_json: bool,
    work: Callable[[Case], object],
) -> None:
    def changed() -> InquirySummary:
        actor = staff(by or getpass.getuser())
        with open_inquiries() as inquiries, inquiries.change(reference, actor, version) as case:
            work(case)
        return case.summary

    summary = or_fail(changed)
    if as_json:
        print_json(summary)
    else:
        print(f"{summary.reference}  {summary.state.value}  {plain(summary.assignee)}  version {summary.version}")


def _text(given: str | None) -> str:
    return sys.stdin.read() if given is None else given
