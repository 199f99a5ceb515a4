"""`bot knowledge`: checking what people edit."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import typer

from bot.cli.output import JsonOption, print_json
from bot.knowledge.check import check as check_data

app = typer.Typer(no_args_is_help=True, help="The knowledge base.")

DATA = Path("data")


@app.callback()
def group() -> None:
    """The knowledge base."""


@app.command()
def check(as_json: JsonOption = False) -> None:
    """Say what is wrong, stale or unused in the knowledge base; status 1 if something is wrong."""
    report = check_data(DATA, f"{datetime.now(UTC):%Y-%m}")
    if as_json:
        print_json(report)
    else:
        for mistake in report.mistakes:
            print(f"wrong: {mistake}")
        for entry in report.stale:
            print(f"stale: {entry}: its review_by has passed; check its facts and set a new one")
        for first, second in report.near_duplicates:
            print(f"near duplicate: {first!r} and {second!r} belong to different entries or intents")
        for fact in report.unused_facts:
            print(f"unused: {fact}")
        counts = ", ".join(f"{count} {language}" for language, count in report.questions.items())
        unused = f"{len(report.unused_facts)} facts are in no entry, {len(report.left_out)} more on purpose"
        print(f"{report.entries} entries; questions: {counts}; {unused}")
    if report.mistakes:
        raise typer.Exit(1)
