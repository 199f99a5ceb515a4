"""What the components of the pipeline have in common."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rasa.engine.graph import GraphComponent

CODE = (Path(__file__).parent, Path(__file__).parents[1] / "knowledge")


class Component(GraphComponent):  # type: ignore[misc]
    """A component that Rasa's cache of trained parts knows by all code that it may use.

    Rasa itself looks at the source of the component's class alone, and would go on using what an older classifier or
    encoder has learnt.
    """

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Changes with any module of `bot.nlu` and of what it reads."""
        return files_fingerprint(path for folder in CODE for path in sorted(folder.glob("*.py")))


def files_fingerprint(paths: Iterable[Path]) -> str:
    """A digest of files' names and contents."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
