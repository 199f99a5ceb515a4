"""The engine's own environment and model: where they are, when training is due, and how Rasa is called."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from bot.errors import ConfigurationError
from bot.settings import Settings

HERE = Path()
PYTHON = Path("engine/.venv/bin/python")
MODELS = Path("models")
MODELS_KEPT = 3
"""The current model and two to go back to."""

TRAINED_ON = (
    "config.yml",
    "domain.yml",
    "data/knowledge/*.yml",
    "data/nlu/*.yml",
    "data/responses/*.yml",
    "data/rules/*.yml",
    "data/terms.yml",
    "bot/knowledge/*.py",
    "bot/nlu/*.py",
    "engine/uv.lock",
)
"""Whatever changes one of these files changes the model; nothing else does."""

TRAINING_DATA = ("data/nlu", "data/rules")


def model_path(root: Path = HERE) -> Path:
    """Where the model of the files under `root` as they are now is, trained or not; its name is their fingerprint."""
    digest = hashlib.sha256()
    for path in _trained_on(root):
        name = str(path.relative_to(root))
        digest.update(name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return root / MODELS / f"assistant-{digest.hexdigest()[:16]}.tar.gz"


def train(root: Path = HERE, *, force: bool = False) -> tuple[Path, bool]:
    """Train unless the model of the files under `root` as they are now is there.

    Returns:
        The model, and whether it was trained just now.

    Raises:
        ConfigurationError: the engine's environment is missing, or Rasa refused the files.
    """
    model = model_path(root)
    if model.exists() and not force:
        return model, False
    _require_environment()
    arguments = ["train", "--skip-validation", "--out", str(MODELS), "--fixed-model-name", model.name]
    process = subprocess.run(
        [*rasa_command(), *arguments, "--data", *TRAINING_DATA],
        cwd=root,
        env=engine_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if process.returncode != 0 or not model.exists():
        tail = "\n".join((process.stdout + process.stderr).splitlines()[-15:])
        raise ConfigurationError(f"training failed; `bot knowledge check` may say why. Rasa's last lines:\n{tail}")
    remove_old_models(root)
    return model, True


def rasa_command() -> list[str]:
    """Rasa in the engine's environment, quiet about other people's deprecations."""
    return [str(PYTHON), "-W", "ignore::DeprecationWarning", "-m", "rasa"]


def engine_environment(settings: Settings | None = None) -> dict[str, str]:
    """The environment variables of a Rasa process.

    Arguments:
        settings: for a running engine: the addresses and the password that `endpoints.yml` and `credentials.yml` name.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
    environment |= {
        "PYTHONPATH": str(Path.cwd()),
        "RASA_TELEMETRY_ENABLED": "false",
        # Rasa's other log form prints local variables with a traceback, and with them what people wrote.
        "FORCE_JSON_LOGGING": "true",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "-1",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "SANIC_HOST": "127.0.0.1",
        # One message is too little work for two cores: a second thread only waits, and takes a core from others.
        # Training goes side by side in threads of its own.
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
    if settings is not None:
        environment |= {
            "BOT_ENGINE_TOKEN": settings.engine_token.get_secret_value(),
            "BOT_ACTIONS_WEBHOOK": f"{settings.actions_url}/webhook",
            "BOT_TRACKER_URL": settings.tracker_url,
        }
    return environment


def _trained_on(root: Path) -> Iterator[Path]:
    for pattern in TRAINED_ON:
        yield from sorted(root.glob(pattern))


def _require_environment() -> None:
    if not PYTHON.exists():
        raise ConfigurationError(f"the engine's environment is missing ({PYTHON}): run `make setup`")


def remove_old_models(root: Path = HERE) -> None:
    """Leave the latest models, so that there is a way back."""
    models = sorted((root / MODELS).glob("assistant-*.tar.gz"), key=lambda path: path.stat().st_mtime, reverse=True)
    for model in models[MODELS_KEPT:]:
        model.unlink()
