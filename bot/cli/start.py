"""`bot run` and `bot train`: training when due, and everything started."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.output import fail, or_fail
from bot.processes import engine
from bot.processes.supervisor import StartFailed, Supervisor, programs
from bot.settings import load_settings
from bot.store.migrations import upgrade

app = typer.Typer()


@app.command()
def run() -> None:
    """Train if due, migrate, start everything, and stay until stopped."""
    settings = or_fail(load_settings)
    model = _train(force=False)
    or_fail(lambda: upgrade(settings.database_url))
    print("Starting the engine, the actions and the gateway ...", flush=True)

    def ready() -> None:
        print(f"Ready: http://{settings.host}:{settings.port}/   (Ctrl+C stops; logs are in var/log/)", flush=True)

    try:
        asyncio.run(
            Supervisor(programs(settings, model), again=lambda: programs(settings, _model_now(model))).run(ready)
        )
    except StartFailed as error:
        fail(str(error))


@app.command()
def train(force: Annotated[bool, typer.Option(help="Train even if nothing has changed.")] = False) -> None:
    """Train the model if anything that it is trained on has changed."""
    print(_train(force=force))


def _model_now(before: Path) -> Path:
    model = engine.model_path()
    return model if model.exists() else before


def _train(*, force: bool) -> Path:
    if force or not engine.model_path().exists():
        print("Training the model (about half a minute) ...", flush=True)
    model, _ = or_fail(lambda: engine.train(force=force))
    return model
