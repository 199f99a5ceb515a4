"""The trained model on the frozen questions: no figure is worse than its floor."""

import subprocess
from pathlib import Path

from bot.processes import engine

ROOT = Path(__file__).parents[2]
FLOORS = ROOT / "tests" / "evaluation" / "floors.yml"


def test_no_figure_of_the_evaluation_is_worse_than_its_floor() -> None:
    model, _ = engine.train()
    arguments = ["-m", "bot.evaluation", "--model", str(model), "--sets", str(FLOORS.parent / "test")]
    process = subprocess.run(
        [str(engine.PYTHON), "-W", "ignore", *arguments, "--floors", str(FLOORS)],
        cwd=ROOT,
        env=engine.engine_environment(),
        capture_output=True,
        text=True,
        check=False,
    )

    assert process.returncode == 0, process.stderr[-2000:] + process.stdout
