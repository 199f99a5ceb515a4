"""Writers in processes of their own, which say what the database has acknowledged.

The processes are forked from one that has everything imported, so that many can be started and killed in little time.
"""

import itertools
import multiprocessing
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection

from bot.inquiries import Inquiries, staff
from bot.store import Store
from tests.unit.inquiries.cases import draft

REPLY = "답변입니다 – Antwort {key}"
NOTE = "Notiz {key}"

_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload([__name__])
_saying = threading.Lock()

Work = Callable[[Inquiries, Connection, str], None]


@dataclass(frozen=True)
class Acknowledged:
    """What a writer was told that is stored."""

    what: str
    key: str
    reference: str


class Writer:
    """A process of some threads that each do `work` a number of times, or until it is killed."""

    def __init__(self, work: Work, url: str, name: str, *, threads: int, times: int | None = None) -> None:
        self._said, tell = _processes.Pipe(duplex=False)
        self._process = _processes.Process(target=_write, args=(work, url, name, threads, times, tell))
        self._process.start()
        tell.close()

    def hear(self, count: int) -> list[Acknowledged]:
        """The next acknowledgements, fewer if the process ends before."""
        heard: list[Acknowledged] = []
        # A message that was cut off by the end of its writer was never heard.
        with suppress(EOFError, OSError):
            while len(heard) < count:
                heard.append(self._said.recv())
        return heard

    def kill(self) -> None:
        """End it as `kill -9` does."""
        self._process.kill()

    def finish(self) -> tuple[int | None, list[Acknowledged]]:
        """Wait until it has ended; its status, and what it said."""
        heard = self.hear(1_000_000)
        self._process.join()
        self._said.close()
        return self._process.exitcode, heard


def answer(inquiries: Inquiries, tell: Connection, key: str) -> None:
    """Log an inquiry, note and answer it, saying after each step that it is stored."""
    reference = inquiries.log(draft(key, message=f"수소 협력을 문의합니다 {key}")).reference
    _say(tell, Acknowledged("logged", key, reference))
    with inquiries.change(reference, staff(key)) as case:
        case.note(NOTE.format(key=key))
        case.reply(REPLY.format(key=key), "ko", idempotency_key=key)
    _say(tell, Acknowledged("answered", key, reference))


def tag(inquiries: Inquiries, tell: Connection, key: str) -> None:
    """Put a tag on the one inquiry there is."""
    (summary,) = inquiries.list().items
    with inquiries.change(summary.reference, staff("anna")) as case:
        case.tag(key)


def _say(tell: Connection, what: Acknowledged) -> None:
    with _saying:
        tell.send(what)


def _write(work: Work, url: str, name: str, threads: int, times: int | None, tell: Connection) -> None:
    store = Store(url)
    inquiries = Inquiries(store)

    def repeat(thread: int) -> None:
        for number in itertools.count() if times is None else range(times):
            work(inquiries, tell, f"{name}-{thread}-{number}")

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(repeat, range(threads)))
    store.close()
