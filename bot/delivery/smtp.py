"""Sending one e-mail over SMTP, and whether a failure is worth trying again."""

from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

import aiosmtplib

from bot.errors import DeliveryPostponed, DeliveryRefused
from bot.settings import Settings

TIMEOUT_SECONDS = 60.0
"""For each step; the whole is bounded by the worker. RFC 5321 would allow minutes, which no other e-mail waits here."""

_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_PERMANENT = range(500, 600)


class SmtpSender:
    """Sends e-mail through the server of `BOT_SMTP_URL`.

    With `smtps://` the connection is encrypted from the start; with `smtp://` if the server offers it, and with a
    password always. To this machine it is not.
    """

    def __init__(self, settings: Settings) -> None:
        """Take the server from `settings`, which has one."""
        assert settings.smtp_url is not None  # noqa: S101 (the caller looks first)
        parts = urlsplit(settings.smtp_url.get_secret_value())
        self._host = parts.hostname or "localhost"
        self._port = parts.port
        self._username = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None
        self._use_tls = parts.scheme == "smtps"
        self._start_tls: bool | None = None
        if self._use_tls or self._host in _LOOPBACK:
            # A mail server on this machine seldom has a certificate that anybody could check.
            self._start_tls = False
        elif self._username is not None:
            self._start_tls = True

    async def send(self, message: EmailMessage) -> None:
        """Hand one e-mail with one recipient to the server.

        Raises:
            DeliveryPostponed: the server is not reached, slow, or says "later" (4xx); or it is not set up right,
                which staff may mend in the meantime.
            DeliveryRefused: the server refuses this recipient or this e-mail for good (5xx).
        """
        try:
            await aiosmtplib.send(
                message,
                hostname=self._host,
                port=self._port,
                username=self._username,
                password=self._password,
                use_tls=self._use_tls,
                start_tls=self._start_tls,
                timeout=TIMEOUT_SECONDS,
            )
        # What the server says may quote the address, so only its code is kept.
        except aiosmtplib.SMTPRecipientsRefused as error:
            _raise_for(error.recipients[0].code, "the recipient")
        except aiosmtplib.SMTPDataError as error:
            _raise_for(error.code, "the message")
        except aiosmtplib.SMTPResponseException as error:
            raise DeliveryPostponed(f"the mail server answered {error.code} ({type(error).__name__})") from None
        except (aiosmtplib.SMTPException, OSError) as error:
            raise DeliveryPostponed(f"the mail server was not reached ({type(error).__name__})") from None
        except ValueError:
            raise DeliveryRefused("the address cannot be sent to") from None


def _raise_for(code: int, what: str) -> None:
    text = f"the mail server answered {code} to {what}"
    raise DeliveryRefused(text) if code in _PERMANENT else DeliveryPostponed(text)
