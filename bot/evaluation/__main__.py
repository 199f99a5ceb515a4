"""`python -m bot.evaluation`: run inside the engine's environment by `bot evaluate`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from bot.evaluation.clinc import measure_clinc
from bot.evaluation.evaluate import evaluate
from bot.evaluation.floors import load_floors, missed
from bot.evaluation.report import summary, write_report
from bot.knowledge import KnowledgeError, load_knowledge

DATA = Path("data")


def main() -> int:
    """Evaluate, and say or write the result."""
    parser = argparse.ArgumentParser(prog="python -m bot.evaluation", description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--sets", type=Path, required=True)
    parser.add_argument("--report", type=Path)
    parser.add_argument("--clinc", type=Path)
    parser.add_argument("--floors", type=Path)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    try:
        knowledge = load_knowledge(DATA / "knowledge")
        floors = load_floors(arguments.floors) if arguments.floors else {}
        clinc = measure_clinc(arguments.clinc) if arguments.clinc else None
        results = evaluate(arguments.model, arguments.sets, knowledge, clinc)
    except (KnowledgeError, OSError, ValueError) as error:
        print(f"bot: {error}", file=sys.stderr)
        return 1
    figures = results.figures()
    print(json.dumps(figures, indent=2) if arguments.json else summary(figures))
    if arguments.report:
        print(write_report(results, knowledge, arguments.report))
    problems = missed(figures, floors)
    for problem in problems:
        print(f"worse than its floor: {problem}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
