"""Rasa's own check of everything that it is trained on."""

import re
import subprocess

import pytest

from bot.processes.engine import TRAINING_DATA, engine_environment, rasa_command
from tests.support.running_assistant import REPOSITORY

WAIT_SECONDS = 300

WARNING = re.compile(r"^.*(?:UserWarning:| WARNING | ERROR ).*$", re.MULTILINE)
"""Rasa's own warnings, some of which --fail-on-warnings lets pass; not other people's about what they deprecate."""


def test_rasa_finds_nothing_to_warn_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(REPOSITORY)
    command = [*rasa_command(), "data", "validate", "--data", *TRAINING_DATA, "--fail-on-warnings"]

    done = subprocess.run(
        command, env=engine_environment(), capture_output=True, text=True, timeout=WAIT_SECONDS, check=False
    )

    output = done.stdout + done.stderr
    assert done.returncode == 0, output
    assert not WARNING.findall(output), output
