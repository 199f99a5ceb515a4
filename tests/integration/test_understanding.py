"""The trained model on the frozen questions: no figure is worse than its floor."""

import subprocess
from pathlib import Path

from bot.processes import engine

ROOT = Path(__file__).parents[2]
FLOORS = ROOT / "tests" / "evaluation" / "floors.yml"


def test_no_figure_of_the_evaluation_is_worse_than_its_floor() -> None:
    model, _ = engine.train()
    command = [
        engine.PYTHON,
        "-W",
        "ignore",
        "-m",
        "bot.evaluation",
        "--model",
        model,
        "--sets",
        FLOORS.parent / "test",
    ]
    process = subprocess.run(
        [str(part) for part in (*command, "--floors", FLOORS)],
        cwd=ROOT,
        env=engine.engine_environment(),
        capture_output=True,
        text=True,
        check=False,
    )

    assert process.returncode == 0, process.stderr[-2000:] + process.stdout
