"""A folder in which a model is trained and measured beside the running one, which notices nothing."""

import json
import shutil
import subprocess
from pathlib import Path

from bot.errors import ConfigurationError
from bot.processes import engine
from bot.training.files import BEFORE

FOLDER = Path("var/training")
SETS = Path("tests/evaluation/test")

COPIED = ("config.yml", "domain.yml", "data")
LINKED = ("bot", "engine", "var")
"""What nobody changes here; the caches under `var` make the training quick."""

KEPT = (engine.MODELS.name, BEFORE)
"""What a switch and the way back from it need."""


class Workshop:
    """The folder of one training.

    Args:
        root: of the project.
        number: of the training.
    """

    def __init__(self, root: Path, number: int) -> None:
        self._root = root.absolute()
        self.folder = self._root / FOLDER / str(number)

    @property
    def data(self) -> Path:
        """The copy of `data`, to be changed."""
        return self.folder / "data"

    @property
    def has_way_back(self) -> bool:
        """Whether the files as they were before the switch are there."""
        return (self.folder / BEFORE).is_dir()

    def open(self) -> None:
        """Make the folder, anew if it is there.

        Raises:
            ConfigurationError: it cannot be made.
        """
        try:
            self.close()
            self.folder.mkdir(parents=True)
            for name in COPIED:
                source = self._root / name
                if source.is_dir():
                    shutil.copytree(source, self.folder / name)
                else:
                    shutil.copy(source, self.folder / name)
            for name in LINKED:
                (self.folder / name).symlink_to(self._root / name, target_is_directory=True)
        except OSError as error:
            raise ConfigurationError(f"{self.folder} cannot be made: {error.strerror}") from error

    def close(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def clear(self) -> None:
        """Remove the copies that were only for training; the model, and the files to go back to, stay."""
        for path in self.folder.iterdir():
            if path.is_symlink() or path.is_file():
                path.unlink()
            elif path.name not in KEPT:
                shutil.rmtree(path, ignore_errors=True)

    def train(self) -> Path:
        """Train on the files in the folder; returns the model.

        Raises:
            ConfigurationError: Rasa refused the files.
        """
        model, _ = engine.train(self.folder)
        return model

    def measure(self, model: Path) -> dict[str, float]:
        """The figures of a model trained in the folder.

        Raises:
            ConfigurationError: it cannot be measured.
        """
        return measure(model, self.folder, self._root / SETS)


def numbers(root: Path) -> set[int]:
    """Of the trainings that have a folder."""
    return {int(path.name) for path in (root / FOLDER).glob("*") if path.name.isdecimal()}


def measure(model: Path, root: Path, sets: Path) -> dict[str, float]:
    """The figures of `model`, trained on the files under `root`, on the frozen questions in `sets`.

    Raises:
        ConfigurationError: it cannot be measured.
    """
    process = subprocess.run(
        [
            *(str(engine.PYTHON.absolute()), "-W", "ignore", "-m", "bot.evaluation", "--json"),
            *("--model", str(model.absolute()), "--sets", str(sets.absolute())),
        ],
        cwd=root,
        env=engine.engine_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        figures = json.loads(process.stdout)
        return {str(name): float(value) for name, value in figures.items()}
    except (ValueError, AttributeError, TypeError):
        tail = "\n".join(process.stderr.splitlines()[-5:])
        raise ConfigurationError(f"the model cannot be measured:\n{tail}") from None
