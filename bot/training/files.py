"""The files that a switch changes, kept beside the training so that there is a way back."""

import shutil
from pathlib import Path

FOLDERS = ("data/knowledge", "data/facts")
BEFORE = "before"


def saved(root: Path, folder: Path) -> Path:
    """Copy the files of the project at `root` that a switch may change into the training's folder; returns the copy."""
    before = folder / BEFORE
    shutil.rmtree(before, ignore_errors=True)
    for name in FOLDERS:
        shutil.copytree(root / name, before / name)
    return before


def restore(root: Path, folder: Path) -> bool:
    """Put the files of the project back as they were saved; False if nothing was saved."""
    before = folder / BEFORE
    if not before.is_dir():
        return False
    write_back(root, before)
    return True


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
