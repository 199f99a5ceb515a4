"""`python -m tests.bench [--only NAME]`: measure, print a table, and write it to var/bench.md."""

import argparse
import os
import platform
import shutil
import sys
from pathlib import Path

from tests.bench import starter
from tests.bench.assistant import make_workspace, running_assistant, train
from tests.bench.cases import COUNT, case_rows
from tests.bench.growth import growth_rows
from tests.bench.measurements import Row, form_rows, long_rows, turn_rows
from tests.bench.process import resident_megabytes
from tests.bench.telegram import UPDATES, telegram_rows

NAMES = ("training", "start", "memory", "turn", "form", "long", "cases", "growth", "telegram")
OUTPUT = Path("var/bench.md")
WORKSPACE = Path("var/bench/run")
"""Left behind with its logs, in case something goes wrong; the next run starts anew."""

START_TARGET_SECONDS = 15


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--only", choices=NAMES, help="one measurement instead of all")
    parser.add_argument("--cases", type=int, default=COUNT, help="how many inquiries to list and search among")
    parser.add_argument(
        "--updates", type=int, default=UPDATES, help="how many updates the Telegram bot has under faults"
    )
    arguments = parser.parse_args()
    only = arguments.only
    wanted = {only} if only else set(NAMES)
    shutil.rmtree(WORKSPACE, ignore_errors=True)
    apart = {"cases", "growth", "telegram"}
    rows = _measure(wanted - apart, WORKSPACE) if wanted - apart else []
    if "cases" in wanted:
        rows += case_rows(WORKSPACE / "cases", arguments.cases, _say)
    if "growth" in wanted:
        rows += growth_rows(WORKSPACE / "growth", _say)
    if "telegram" in wanted:
        rows += telegram_rows(WORKSPACE.with_name("telegram"), arguments.updates, _say)
    table = _table(rows)
    print(table, end="")
    if not only:
        OUTPUT.parent.mkdir(exist_ok=True)
        OUTPUT.write_text(table, encoding="utf-8")


def _measure(wanted: set[str], workspace: Path) -> list[Row]:
    rows: list[Row] = []
    make_workspace(workspace)
    _say("training")
    seconds = train(workspace, force="training" in wanted)
    if "training" in wanted:
        rows.append(Row("training, from nothing", f"{seconds:.1f} s"))
    if wanted == {"training"}:
        return rows
    if "turn" in wanted:
        _say("preparing `rasa init`'s assistant")
        starter.prepare()
    _say("starting the assistant")
    with running_assistant(workspace) as ours:
        if "start" in wanted:
            target, met = f"under {START_TARGET_SECONDS} s", ours.ready_seconds < START_TARGET_SECONDS
            rows.append(Row("`bot run` to ready, nothing changed", f"{ours.ready_seconds:.1f} s", target, met))
        if "memory" in wanted:
            rows.append(Row("engine's memory after warm-up", f"{resident_megabytes(ours.engine_pid):.0f} MB"))
        if "turn" in wanted:
            _say("turns")
            with starter.running_starter(workspace / "starter.log") as starter_url:
                rows += turn_rows(ours.url, starter_url)
        if "form" in wanted:
            _say("inquiries")
            rows += form_rows(ours.url)
        if "long" in wanted:
            _say("a long conversation")
            rows += long_rows(ours.url)
        if "memory" in wanted and len(wanted) > 1:
            rows.append(Row("engine's memory at the end", f"{resident_megabytes(ours.engine_pid):.0f} MB"))
    return rows


def _table(rows: list[Row]) -> str:
    load = os.getloadavg()[0]
    machine = f"{os.cpu_count()} cores ({platform.machine()}), load {load:.1f} at the end"
    verdict = {True: "met", False: "**missed**", None: ""}
    lines = [f"Measured in one run on {machine}.", "", "| what | figure | target | |", "|---|---:|---|---|"]
    lines += [f"| {row.name} | {row.figure} | {row.target} | {verdict[row.met]} |" for row in rows]
    return "\n".join(lines) + "\n"


def _say(what: str) -> None:
    print(f"bench: {what} ...", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
