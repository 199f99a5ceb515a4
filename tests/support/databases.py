"""Fresh databases for tests, of both kinds; made by the migrations once, then copied."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from bot.store.migrations import upgrade
from tests.support.postgres import Postgres

Backend = Literal["sqlite", "postgresql"]
BACKENDS: tuple[Backend, ...] = ("sqlite", "postgresql")


class SqliteFiles:
    """Databases that are files in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0

    def create(self, template: str | None = None) -> str:
        """A URL for a new database, empty or a copy of the one at the URL `template`, which nobody has open."""
        self._count += 1
        path = self._folder / f"{self._count}.sqlite3"
        if template is not None:
            shutil.copyfile(_path(template), path)
        return f"sqlite:///{path}"

    def drop(self, url: str) -> None:
        """Take a database away."""
        for suffix in ("", "-wal", "-shm"):
            Path(f"{_path(url)}{suffix}").unlink(missing_ok=True)


class Databases:
    """Makes databases of one kind, empty or with all tables."""

    def __init__(self, server: Postgres | SqliteFiles) -> None:
        self._server = server
        self._template: str | None = None

    @contextmanager
    def empty(self) -> Iterator[str]:
        """The URL of a database without tables."""
        url = self._server.create()
        try:
            yield url
        finally:
            self._server.drop(url)

    @contextmanager
    def migrated(self) -> Iterator[str]:
        """The URL of a database with the tables of the newest migration."""
        if self._template is None:
            self._template = self._server.create()
            upgrade(self._template)
        url = self._server.create(self._template)
        try:
            yield url
        finally:
            self._server.drop(url)


def _path(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))
