"""Sending one e-mail to a real server that takes it, refuses it, drops the connection or is slow."""

import asyncio
import ssl
import subprocess
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from pydantic import SecretStr

from bot.delivery.mail import Mail, build_message
from bot.delivery.smtp import SmtpSender
from bot.errors import DeliveryPostponed, DeliveryRefused
from bot.knowledge import Language
from bot.settings import Settings
from tests.support.assistant import make_settings
from tests.support.local_server import free_port
from tests.support.mail_server import MailServer

pytestmark = pytest.mark.asyncio

RECIPIENT = "kim@example.com"


@pytest_asyncio.fixture
async def server() -> AsyncIterator[MailServer]:
    async with MailServer() as running:
        yield running


@pytest.fixture
def settings(tmp_path: Path, server: MailServer) -> Settings:
    return settings_for(tmp_path, server.url)


def settings_for(folder: Path, url: str) -> Settings:
    return make_settings(
        folder,
        smtp_url=SecretStr(url),
        mail_from="Hessen Trade & Invest <inquiries@example.org>",
        mail_reply_to="Team <team@example.org>",
    )


def mail(**changes: object) -> Mail:
    values: dict[str, object] = {
        "name": "delivery 1",
        "thread": "inquiry 1",
        "recipient": RECIPIENT,
        "subject": "문의 HE-2026-7K3F9QX에 대한 답변입니다",
        "body": "안녕하십니까.\n\n수소 사업을 상담해 드립니다.\n.\nMüller & Söhne\n",
        "language": Language.KOREAN,
        "at": datetime(2026, 11, 24, 12, tzinfo=UTC),
        "automatic": True,
        "answerable": True,
    }
    return Mail(**(values | changes))  # type: ignore[arg-type]


async def test_an_email_arrives_as_it_was_written(server: MailServer, settings: Settings) -> None:
    await SmtpSender(settings).send(build_message(mail(), settings))

    (arrived,) = server.arrived
    assert (arrived.sender, arrived.recipients) == ("inquiries@example.org", [RECIPIENT])
    assert arrived.message["Subject"] == "문의 HE-2026-7K3F9QX에 대한 답변입니다"
    assert arrived.text.replace("\r\n", "\n") == mail().body
    assert arrived.message["From"] == "Hessen Trade & Invest <inquiries@example.org>"
    assert arrived.message["Reply-To"] == "Team <team@example.org>"
    assert arrived.message["Content-Language"] == "ko"
    assert arrived.message["Auto-Submitted"] == "auto-generated"
    assert arrived.message.get_content_type() == "text/plain"
    assert arrived.content.isascii()


async def test_a_repeat_has_the_same_message_id_and_another_email_another(
    server: MailServer, settings: Settings
) -> None:
    for name in ("delivery 1", "delivery 1", "delivery 2"):
        await SmtpSender(settings).send(build_message(mail(name=name), settings))

    first, second, third = (arrived.message["Message-ID"] for arrived in server.arrived)
    assert first == second != third
    assert first.endswith("@example.org>")
    assert len({arrived.message["References"] for arrived in server.arrived}) == 1


@pytest.mark.parametrize("answer", ["451 4.7.1 Greylisted kim@example.com", "452 4.2.2 Mailbox full"])
async def test_not_now_is_worth_trying_again(server: MailServer, settings: Settings, answer: str) -> None:
    server.refuse(answer)
    server.refuse_recipient(answer)
    for _ in range(2):
        with pytest.raises(DeliveryPostponed, match=answer[:3]) as caught:
            await SmtpSender(settings).send(build_message(mail(), settings))
        assert RECIPIENT not in str(caught.value)

    await SmtpSender(settings).send(build_message(mail(), settings))
    assert len(server.arrived) == 1


async def test_no_is_no(server: MailServer, settings: Settings) -> None:
    server.refuse_recipient(f"550 5.1.1 <{RECIPIENT}>: unknown")
    server.refuse("554 5.7.1 looks like spam")
    for code in ("550", "554"):
        with pytest.raises(DeliveryRefused, match=code) as caught:
            await SmtpSender(settings).send(build_message(mail(), settings))
        assert RECIPIENT not in str(caught.value)


async def test_a_connection_that_breaks_is_worth_trying_again(server: MailServer, settings: Settings) -> None:
    server.drop()
    server.drop(accepted=True)
    for _ in range(2):
        with pytest.raises(DeliveryPostponed):
            await SmtpSender(settings).send(build_message(mail(), settings))


async def test_a_server_that_is_not_there_is_worth_trying_again(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, f"smtp://127.0.0.1:{free_port()}")
    with pytest.raises(DeliveryPostponed):
        await SmtpSender(settings).send(build_message(mail(), settings))


async def test_a_server_that_is_too_slow_is_worth_trying_again(
    server: MailServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.smtp.TIMEOUT_SECONDS", 0.1)
    for_ever = asyncio.Event()
    server.hang(for_ever)
    with pytest.raises(DeliveryPostponed, match="Timeout"):
        await SmtpSender(settings).send(build_message(mail(), settings))
    for_ever.set()


async def test_it_logs_in_where_the_server_asks_for_it(tmp_path: Path) -> None:
    async with MailServer(login=("user@example.org", "p@ss:word")) as server:
        good = f"smtp://user%40example.org:p%40ss%3Aword@127.0.0.1:{server.port}"
        await SmtpSender(settings_for(tmp_path, good)).send(build_message(mail(), settings_for(tmp_path, good)))
        assert len(server.arrived) == 1
        wrong = settings_for(tmp_path, f"smtp://user%40example.org:wrong@127.0.0.1:{server.port}")
        # Staff may correct the setting before the last attempt.
        with pytest.raises(DeliveryPostponed, match="535"):
            await SmtpSender(wrong).send(build_message(mail(), wrong))


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate for localhost that nobody has signed, and its key."""
    path, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    names = ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(path)]
    subprocess.run([*command, *names], check=True, capture_output=True)
    return path, key


async def test_an_encrypted_connection_is_only_made_to_who_proves_to_be_the_server(
    tmp_path: Path, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(*certificate)
    async with MailServer(tls=tls) as server:
        settings = settings_for(tmp_path, f"smtps://localhost:{server.port}")
        with pytest.raises(DeliveryPostponed):
            await SmtpSender(settings).send(build_message(mail(), settings))
        assert server.attempts == 0
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
        await SmtpSender(settings).send(build_message(mail(), settings))
        assert len(server.arrived) == 1


@pytest.mark.parametrize(
    ("url", "start_tls"),
    [
        ("smtp://user:password@mail.example.org:587", True),
        ("smtp://mail.example.org", None),
        ("smtp://user:password@127.0.0.1:25", False),
        ("smtps://user:password@mail.example.org", False),
    ],
)
async def test_a_password_is_never_sent_in_the_clear_to_another_machine(
    tmp_path: Path, url: str, start_tls: bool | None
) -> None:
    """None: if the server offers it."""
    assert SmtpSender(settings_for(tmp_path, url))._start_tls is start_tls


@pytest.mark.parametrize(
    "recipient",
    ["kim@example.com\nBcc: all@example.com", "kim@example.com\r\nRCPT TO:<a@example.com>", "a@b@c", "", "kim"],
)
async def test_an_address_cannot_add_headers_or_commands(
    server: MailServer, settings: Settings, recipient: str
) -> None:
    with pytest.raises(DeliveryRefused):
        await SmtpSender(settings).send(build_message(mail(recipient=recipient), settings))
    assert server.arrived == []


async def test_a_subject_cannot_add_headers(settings: Settings) -> None:
    with pytest.raises(DeliveryRefused):
        build_message(mail(subject="Hello\nBcc: all@example.com"), settings)


async def test_a_body_cannot_add_headers_or_end_the_email(server: MailServer, settings: Settings) -> None:
    body = "Bcc: all@example.com\n.\nRCPT TO:<a@example.com>\n" + "long " * 400 + "\n"
    await SmtpSender(settings).send(build_message(mail(body=body), settings))
    (arrived,) = server.arrived
    assert arrived.recipients == [RECIPIENT]
    assert arrived.message["Bcc"] is None
    assert arrived.text.replace("\r\n", "\n") == body
    assert max(len(line) for line in arrived.content.splitlines()) < 999
