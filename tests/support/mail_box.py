"""The mail server for tests that are not asynchronous: it runs in a thread of its own."""

import asyncio
import threading
import time
from types import TracebackType
from typing import Self

from tests.support.mail_server import Arrived, MailServer

WAIT_SECONDS = 60.0


class MailBox:
    """A `MailServer` that tests ask for what has come in; `server` may be told to misbehave."""

    def __init__(self) -> None:
        self.server = MailServer()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    @property
    def url(self) -> str:
        return self.server.url

    def to(self, address: str) -> list[Arrived]:
        """The e-mails to an address so far."""
        return [mail for mail in self.server.arrived if mail.recipients == [address]]

    def wait_for(self, address: str, count: int) -> list[Arrived]:
        """Return once so many e-mails to an address are there."""
        deadline = time.monotonic() + WAIT_SECONDS
        while len(self.to(address)) < count:
            if time.monotonic() > deadline:
                subjects = [mail.message["Subject"] for mail in self.to(address)]
                raise TimeoutError(f"{len(subjects)} instead of {count} e-mails to {address}: {subjects}")
            time.sleep(0.05)
        return self.to(address)

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self.server.__aenter__(), self._loop).result()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self.server.__aexit__(None, None, None), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
