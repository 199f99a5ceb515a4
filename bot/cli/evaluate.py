"""`bot evaluate`: measure understanding on the frozen questions, inside the engine's environment."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.output import JsonOption, fail, or_fail
from bot.processes import engine

SETS = Path("tests/evaluation/test")
REPORT = Path("docs/evaluation")

app = typer.Typer()


@app.command()
def evaluate(
    as_json: JsonOption = False,
    sets: Annotated[Path, typer.Option(help="Folder of questions.")] = SETS,
    report: Annotated[Path | None, typer.Option(help="Where to write the report; none with --json.")] = None,
    floors: Annotated[Path | None, typer.Option(help="Figures that must be reached; status 1 if one is not.")] = None,
    clinc: Annotated[Path | None, typer.Option(help="CLINC150 file to be measured on, too.")] = None,
) -> None:
    """Train if due, put every frozen question to the model, and write the report."""
    model, _ = or_fail(engine.train)
    arguments = ["--model", str(model), "--sets", str(sets)]
    if as_json:
        arguments.append("--json")
    else:
        arguments += ["--report", str(report or REPORT)]
    for name, path in (("--floors", floors), ("--clinc", clinc)):
        if path is not None:
            arguments += [name, str(path)]
    process = subprocess.run(
        [str(engine.PYTHON), "-W", "ignore", "-m", "bot.evaluation", *arguments],
        env=engine.engine_environment(),
        check=False,
    )
    if process.returncode != 0:
        fail("the evaluation failed; what is wrong stands above")
