"""A real SMTP server on a free port, which misbehaves as told."""

import asyncio
import ssl
import warnings
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from types import TracebackType
from typing import Any, Self, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

WAIT_SECONDS = 20.0


@dataclass
class Arrived:
    """An e-mail as it came in."""

    sender: str
    recipients: list[str]
    message: EmailMessage
    content: bytes

    @property
    def text(self) -> str:
        """The body as it reads."""
        return self.message.get_content()


class MailServer:
    """Receives e-mail as long as the block lasts.

    Arguments:
        login: user and password that it asks for.
        tls: speak TLS from the start, with this certificate.
    """

    def __init__(self, login: tuple[str, str] | None = None, tls: ssl.SSLContext | None = None) -> None:
        self.arrived: list[Arrived] = []
        self.attempts = 0
        self._login = login
        self._tls = tls
        self._changed = asyncio.Condition()
        self._answers: deque[Callable[[SMTP], Any]] = deque()
        self._rcpt_answers: deque[str] = deque()
        self._protocols: set[SMTP] = set()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def refuse(self, answer: str, times: int = 1) -> None:
        """Answer the next e-mails so, such as with "451 4.7.1 Greylisted", once they were sent."""
        self._answers.extend([lambda _protocol: answer] * times)

    def refuse_recipient(self, answer: str, times: int = 1) -> None:
        """Answer the next recipients so."""
        self._rcpt_answers.extend([answer] * times)

    def drop(self, *, accepted: bool = False) -> None:
        """Close the next connection instead of an answer, with the e-mail kept if it was `accepted`."""

        def cut(protocol: SMTP) -> str | None:
            transport = cast("asyncio.Transport", protocol.transport)
            transport.abort()
            return None if accepted else "451 gone"

        self._answers.append(cut)

    def hang(self, until: asyncio.Event) -> None:
        """Leave the next e-mail without an answer until then."""

        async def wait(_protocol: SMTP) -> None:
            await until.wait()

        self._answers.append(wait)

    async def wait_for(self, count: int) -> list[Arrived]:
        """Return once so many e-mails have come in."""
        async with self._changed:
            await asyncio.wait_for(self._changed.wait_for(lambda: len(self.arrived) >= count), WAIT_SECONDS)
        return self.arrived

    async def wait_for_attempts(self, count: int) -> None:
        """Return once so many e-mails were handed in, taken or not."""
        async with self._changed:
            await asyncio.wait_for(self._changed.wait_for(lambda: self.attempts >= count), WAIT_SECONDS)

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        if self._rcpt_answers:
            return self._rcpt_answers.popleft()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        async with self._changed:
            self.attempts += 1
            self._changed.notify_all()
        answer = self._answers.popleft()(server) if self._answers else None
        if asyncio.iscoroutine(answer):
            answer = await answer
        if answer is not None:
            return str(answer)
        content = envelope.content
        assert isinstance(content, bytes)
        message = cast("EmailMessage", message_from_bytes(content, policy=default))
        async with self._changed:
            self.arrived.append(Arrived(envelope.mail_from or "", list(envelope.rcpt_tos), message, content))
            self._changed.notify_all()
        return "250 OK"

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()

        def authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
            given = (data.login.decode(), data.password.decode())
            return AuthResult(success=given == self._login, handled=False)

        def protocol() -> SMTP:
            with warnings.catch_warnings():
                # Of passwords in the clear, which never leave this machine.
                warnings.simplefilter("ignore")
                made = SMTP(
                    self,
                    loop=loop,
                    hostname="mail.example",
                    authenticator=authenticate if self._login else None,
                    auth_required=self._login is not None,
                    auth_require_tls=False,
                )
            self._protocols.add(made)
            return made

        self._server = await loop.create_server(protocol, "127.0.0.1", 0, ssl=self._tls)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for protocol in self._protocols:
            if protocol.transport is not None:
                cast("asyncio.Transport", protocol.transport).abort()
            task = protocol._handler_coroutine
            if task is not None and not task.done():
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
        await self._server.wait_closed()
