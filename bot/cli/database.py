"""`bot db`: the database's tables."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.output import or_fail
from bot.settings import load_settings
from bot.store import migrations

app = typer.Typer(no_args_is_help=True, help="The database's tables.")


@app.callback()
def group() -> None:
    """The database's tables."""


@app.command()
def upgrade(revision: Annotated[str, typer.Argument(help="The revision to go to.")] = "head") -> None:
    """Bring the database up to a revision, by default the newest."""
    settings = or_fail(load_settings)
    or_fail(lambda: migrations.upgrade(settings.database_url, revision))
    print(or_fail(lambda: migrations.current(settings.database_url)))
