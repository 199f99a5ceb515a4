"""The files that a switch changes, kept beside the training so that there is a way back."""

import hashlib
import shutil
from pathlib import Path

FOLDERS = ("data/knowledge", "data/facts")
BEFORE = "before"
AFTER = "after"
"""Names in the training's folder: the files as they were, and the fingerprint of what a switch made of them."""


def saved(root: Path, folder: Path) -> Path:
    """Copy the files of the project at `root` that a switch may change into the training's folder; returns the copy."""
    before = folder / BEFORE
    shutil.rmtree(before, ignore_errors=True)
    for name in FOLDERS:
        shutil.copytree(root / name, before / name)
    return before


def restore(root: Path, folder: Path) -> None:
    """Put the files of the project back as they were saved."""
    write_back(root, folder / BEFORE)


def write_back(root: Path, before: Path) -> None:
    """Make the project's files those of the copy: what was changed is changed back, what was added is removed."""
    for name in FOLDERS:
        kept = {path.name for path in (before / name).iterdir()}
        for path in (root / name).iterdir():
            if path.name not in kept:
                path.unlink()
        for path in (before / name).iterdir():
            target = root / name / path.name
            if not target.exists() or target.read_bytes() != path.read_bytes():
                shutil.copyfile(path, target)


def remember(root: Path, folder: Path) -> None:
    """Write down what the files of the project are now, after the switch."""
    (folder / AFTER).write_text(_fingerprint(root), "utf-8")


def are_as_remembered(root: Path, folder: Path) -> bool:
    """Whether nobody has changed, added or removed one since; False, too, if nothing was written down."""
    try:
        return (folder / AFTER).read_text("utf-8") == _fingerprint(root)
    except FileNotFoundError:
        return False


def _fingerprint(root: Path) -> str:
    """Of all that `write_back` would write over: more than the model's name says, which leaves out facts."""
    digest = hashlib.sha256()
    for name in FOLDERS:
        for path in sorted((root / name).iterdir()):
            place = str(path.relative_to(root)).encode()
            digest.update(place + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
