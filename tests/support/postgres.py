"""A PostgreSQL server for tests: a throw-away cluster of its own, or the one that BOT_TEST_POSTGRES_URL names."""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from sqlalchemy import URL, make_url

URL_VARIABLE = "BOT_TEST_POSTGRES_URL"
DEBIAN_PROGRAMS = Path("/usr/lib/postgresql")
UNPRIVILEGED = ("postgres", "nobody")
"""Who runs the server when the tests run as root, which PostgreSQL refuses; the first that exists."""

OWNER = "bot"
START_SECONDS = 60.0
STOP_SECONDS = 30.0
POLL_SECONDS = 0.02
PR_SET_PDEATHSIG = 1
"""Of Linux's prctl(2)."""

CONNECTIONS = 250

# Nothing has to outlive the machine, so nothing waits for the disk. A client that is killed is another matter: what
# was committed is in the server's memory.
SERVER_SETTINGS = {
    "listen_addresses": "",
    "max_connections": str(CONNECTIONS),
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "128MB",
    "log_min_messages": "fatal",
}


class PostgresMissing(Exception):
    """No server is installed; the text says what to do."""


class Postgres:
    """A server that makes databases and takes them away again."""

    def __init__(self, url: URL) -> None:
        self._url = url

    def create(self, template: str | None = None) -> str:
        """A new database, empty or a copy of the one at the URL `template`; returns its URL."""
        name = f"bot_test_{uuid4().hex}"
        source = make_url(template).database if template else "template0"
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
        return self._url.set(database=name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        """Take a database away, whoever is still connected."""
        self._execute(f'DROP DATABASE IF EXISTS "{make_url(url).database}" WITH (FORCE)')

    def _execute(self, statement: str) -> None:
        with _connect(self._url) as connection:
            connection.execute(statement)


@contextmanager
def running_postgres(settings: dict[str, str] | None = None) -> Iterator[Postgres]:
    """A server for as long as the block lasts.

    Arguments:
        settings: of the server, beside or instead of `SERVER_SETTINGS`; not for a server that was given.

    Raises:
        PostgresMissing: there is none, and none can be started.
    """
    given = os.environ.get(URL_VARIABLE)
    if given:
        yield Postgres(make_url(given))
        return
    programs = find_programs()
    # Short, because the path of a socket may have at most 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="bot-pg-"))
    user = _unprivileged_user()
    try:
        if user is not None:
            shutil.chown(folder, user)
        _run(programs / "initdb", user, "-D", folder / "data", "-U", OWNER, "--auth=trust", "--no-sync",
             "--encoding=UTF8", "--locale=C.UTF-8")  # fmt: skip
        with _serving(programs / "postgres", user, folder, SERVER_SETTINGS | (settings or {})) as url:
            yield Postgres(url)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def find_programs() -> Path:
    """The folder of PostgreSQL's programs, the newest if there are several.

    Raises:
        PostgresMissing: there is none.
    """
    newest_first = sorted(DEBIAN_PROGRAMS.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]), reverse=True)
    found = newest_first[0] if newest_first else shutil.which("initdb")
    if found is None:
        raise PostgresMissing(f"PostgreSQL is not installed: apt-get install postgresql, or set {URL_VARIABLE}")
    return Path(found).resolve().parent


@contextmanager
def _serving(program: Path, user: str | None, folder: Path, settings: dict[str, str]) -> Iterator[URL]:
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    log = (folder / "log").open("w")
    process = subprocess.Popen(
        [program, "-D", folder / "data", "-k", folder, *options],
        cwd=folder,
        user=user,
        extra_groups=[] if user else None,
        preexec_fn=_end_with_the_tests if sys.platform == "linux" else None,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    url = URL.create("postgresql", username=OWNER, database="postgres", query={"host": str(folder)})
    try:
        _wait_until_it_answers(process, url, folder / "log")
        yield url
    finally:
        # Ends at once, without waiting for clients.
        process.send_signal(signal.SIGINT)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.close()


def _end_with_the_tests() -> None:
    """In the new process: have the kernel end it when the tests are killed, which then cannot do so."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)


def _wait_until_it_answers(process: subprocess.Popen[bytes], url: URL, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            with _connect(url):
                return
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start\n{log.read_text(errors='replace')}") from None
            time.sleep(POLL_SECONDS)


def _connect(url: URL) -> psycopg.Connection:
    return psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)


def _unprivileged_user() -> str | None:
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in UNPRIVILEGED if name in known)


def _run(program: Path, user: str | None, *arguments: str | Path) -> None:
    done = subprocess.run(
        [program, *arguments], user=user, extra_groups=[] if user else None, cwd="/", capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise RuntimeError(f"{program.name} failed\n{done.stdout}{done.stderr}")
