"""What the values of settings must look like; what is wrong is said without the value, which may be a secret."""

import base64
import binascii
import ipaddress
from datetime import time
from email.headerregistry import Address
from email.utils import parseaddr
from urllib.parse import urlsplit

import limits
from email_validator import EmailNotValidError, validate_email
from pydantic import SecretStr
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

# 128 bits in hexadecimal digits.
SECRET_KEY_MIN_CHARACTERS = 32
DATABASE_BACKENDS = frozenset({"sqlite", "postgresql"})
SMTP_SCHEMES = ("smtp", "smtps")
HTTP_SCHEMES = ("http", "https")
WEBHOOK_SECRET_PREFIX = "whsec_"  # noqa: S105 (of Standard Webhooks, before the secret)
# The bounds that Standard Webhooks sets.
WEBHOOK_SECRET_BYTES = range(24, 65)


def check_database_url(value: str) -> str:
    """An SQLAlchemy URL of a database that the store supports."""
    try:
        backend = make_url(value).get_backend_name()
    except ArgumentError:
        raise ValueError("give an SQLAlchemy URL such as sqlite:///var/assistant.sqlite3") from None
    if backend not in DATABASE_BACKENDS:
        raise ValueError("use sqlite:/// or postgresql://")
    return value


def check_rate(value: str) -> str:
    """A count and a period, as the library `limits` writes them."""
    try:
        limits.parse(value)
    except ValueError:
        raise ValueError('give a count and a period, such as "30/minute"') from None
    return value


def check_proxies(value: str) -> str:
    """IP addresses or networks, separated by commas."""
    for item in value.split(","):
        try:
            if item.strip():
                ipaddress.ip_network(item.strip(), strict=False)
        except ValueError:
            raise ValueError("give IP addresses or networks, separated by commas") from None
    return value


def check_origins(value: str) -> str:
    """Origins of websites, separated by commas."""
    for item in value.split(","):
        origin = item.strip()
        parts = urlsplit(origin)
        # As browsers write it: they compare letter by letter.
        if origin and (
            _url_parts(origin) is None
            or parts.scheme not in HTTP_SCHEMES
            or origin != f"{parts.scheme}://{parts.netloc}".lower()
            or "@" in origin
        ):
            raise ValueError("give origins such as https://www.example.org, without a path, separated by commas")
    return value


def check_secret_key(value: SecretStr) -> SecretStr:
    """A key long enough that nobody guesses it."""
    if len(value.get_secret_value()) < SECRET_KEY_MIN_CHARACTERS:
        raise ValueError(
            f"use at least {SECRET_KEY_MIN_CHARACTERS} random characters, such as of `openssl rand -hex 32`"
        )
    return value


def check_office_hours(value: str) -> str:
    """Opening and closing time of a day."""
    try:
        opens, closes = (time.fromisoformat(part.strip()) for part in value.split("-"))
    except ValueError:
        raise ValueError('give opening and closing time, such as "09:00-17:00"') from None
    if opens >= closes or opens.tzinfo or closes.tzinfo:
        raise ValueError("the closing time must be after the opening time, both local times")
    return value


def check_telegram_webhook_url(value: str) -> str:
    """An address that Telegram may call."""
    if not value.startswith("https://") or not value.endswith("/telegram"):
        raise ValueError("give an address such as https://chat.example.org/telegram")
    return value


def check_smtp_url(value: SecretStr) -> SecretStr:
    """The URL of a mail server."""
    parts = _url_parts(value.get_secret_value())
    if parts is None or parts[0] not in SMTP_SCHEMES:
        raise ValueError("give a URL such as smtps://user:password@host:465, with %40 for an @ in user or password")
    return value


def check_web_url(value: str) -> str:
    """The address of a website or service."""
    parts = _url_parts(value)
    if parts is None or parts[0] not in HTTP_SCHEMES:
        raise ValueError("give a URL that begins with https:// or http://")
    return value


def _url_parts(value: str) -> tuple[str, str] | None:
    """Scheme and host, or None if it is no URL; a port that is no number makes it none."""
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        return None
    return (parts.scheme, parts.hostname) if parts.hostname else None


def check_mailbox(value: str) -> str:
    """One e-mail address, with or without a name."""
    name, address = parseaddr(value)
    try:
        validate_email(address, check_deliverability=False, allow_smtputf8=False, test_environment=True)
        Address(name, addr_spec=address)
        if not value.isprintable():
            raise ValueError
    except (EmailNotValidError, ValueError):
        raise ValueError('give an e-mail address, such as "Hessen Trade & Invest <inquiries@example.org>"') from None
    return value


def check_webhook_secret(value: SecretStr) -> SecretStr:
    """A key as Standard Webhooks writes it."""
    prefix, encoded = value.get_secret_value()[: len(WEBHOOK_SECRET_PREFIX)], value.get_secret_value()
    try:
        key = base64.b64decode(encoded.removeprefix(WEBHOOK_SECRET_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if prefix != WEBHOOK_SECRET_PREFIX or len(key) not in WEBHOOK_SECRET_BYTES:
        raise ValueError("give whsec_ and 24 to 64 bytes in base64, such as of `echo whsec_$(openssl rand -base64 32)`")
    return value
