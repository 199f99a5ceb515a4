"""All settings of the assistant: environment variables that begin with BOT_, typed and checked in one place.

docs/settings.md lists them; a test holds the two together.
"""

import base64
import binascii
import hashlib
import hmac
import ipaddress
import logging
import os
import secrets
import tempfile
from datetime import time
from email.headerregistry import Address
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

import limits
from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import ConfigurationError
from bot.knowledge.language import Language

ENVIRONMENT_PREFIX = "BOT_"
# Variables of the test suite; the program does not read them.
TEST_PREFIX = "BOT_TEST_"

SECRET_KEY_PATH = Path("var") / "secret_key"
# 128 bits in hexadecimal digits.
SECRET_KEY_MIN_CHARACTERS = 32
DATABASE_BACKENDS = frozenset({"sqlite", "postgresql"})
SMTP_SCHEMES = ("smtp", "smtps")
HTTP_SCHEMES = ("http", "https")
WEBHOOK_SECRET_PREFIX = "whsec_"  # noqa: S105 (of Standard Webhooks, before the secret)
# The bounds that Standard Webhooks sets.
WEBHOOK_SECRET_BYTES = range(24, 65)

_log = logging.getLogger(__name__)


def _check_database_url(value: str) -> str:
    try:
        backend = make_url(value).get_backend_name()
    except ArgumentError:
        raise ValueError("give an SQLAlchemy URL such as sqlite:///var/assistant.sqlite3") from None
    if backend not in DATABASE_BACKENDS:
        raise ValueError("use sqlite:/// or postgresql://")
    return value


def _check_rate(value: str) -> str:
    try:
        limits.parse(value)
    except ValueError:
        raise ValueError('give a count and a period, such as "30/minute"') from None
    return value


def _check_proxies(value: str) -> str:
    for item in value.split(","):
        try:
            if item.strip():
                ipaddress.ip_network(item.strip(), strict=False)
        except ValueError:
            raise ValueError("give IP addresses or networks, separated by commas") from None
    return value


def _check_origins(value: str) -> str:
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


def _check_secret_key(value: SecretStr) -> SecretStr:
    if len(value.get_secret_value()) < SECRET_KEY_MIN_CHARACTERS:
        raise ValueError(
            f"use at least {SECRET_KEY_MIN_CHARACTERS} random characters, such as of `openssl rand -hex 32`"
        )
    return value


def _check_office_hours(value: str) -> str:
    try:
        opens, closes = (time.fromisoformat(part.strip()) for part in value.split("-"))
    except ValueError:
        raise ValueError('give opening and closing time, such as "09:00-17:00"') from None
    if opens >= closes or opens.tzinfo or closes.tzinfo:
        raise ValueError("the closing time must be after the opening time, both local times")
    return value


def _check_telegram_webhook_url(value: str) -> str:
    if not value.startswith("https://") or not value.endswith("/telegram"):
        raise ValueError("give an address such as https://chat.example.org/telegram")
    return value


def _check_smtp_url(value: SecretStr) -> SecretStr:
    parts = _url_parts(value.get_secret_value())
    if parts is None or parts[0] not in SMTP_SCHEMES:
        raise ValueError("give a URL such as smtps://user:password@host:465, with %40 for an @ in user or password")
    return value


def _check_web_url(value: str) -> str:
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


def _check_mailbox(value: str) -> str:
    name, address = parseaddr(value)
    try:
        validate_email(address, check_deliverability=False, allow_smtputf8=False, test_environment=True)
        Address(name, addr_spec=address)
        if not value.isprintable():
            raise ValueError
    except (EmailNotValidError, ValueError):
        raise ValueError('give an e-mail address, such as "Hessen Trade & Invest <inquiries@example.org>"') from None
    return value


def _check_webhook_secret(value: SecretStr) -> SecretStr:
    prefix, encoded = value.get_secret_value()[: len(WEBHOOK_SECRET_PREFIX)], value.get_secret_value()
    try:
        key = base64.b64decode(encoded.removeprefix(WEBHOOK_SECRET_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if prefix != WEBHOOK_SECRET_PREFIX or len(key) not in WEBHOOK_SECRET_BYTES:
        raise ValueError("give whsec_ and 24 to 64 bytes in base64, such as of `echo whsec_$(openssl rand -base64 32)`")
    return value


def _stored_secret_key() -> SecretStr:
    """The key in var/secret_key, made there first if there is none.

    Several processes may start at once: the file appears whole or not at all, and the first one wins.
    """
    try:
        if not SECRET_KEY_PATH.exists():
            SECRET_KEY_PATH.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # mkstemp makes the file 0600.
            descriptor, temporary = tempfile.mkstemp(dir=SECRET_KEY_PATH.parent, prefix=".secret_key-")
            try:
                with os.fdopen(descriptor, "w", encoding="ascii") as file:
                    file.write(secrets.token_hex(32) + "\n")
                os.link(temporary, SECRET_KEY_PATH)
            except FileExistsError:
                pass
            finally:
                Path(temporary).unlink()
        return SecretStr(SECRET_KEY_PATH.read_text(encoding="ascii").strip())
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"BOT_SECRET_KEY is not set and {SECRET_KEY_PATH} can be neither read nor made "
            f"({type(error).__name__}): set BOT_SECRET_KEY to at least {SECRET_KEY_MIN_CHARACTERS} random characters"
        ) from error


def _derived_engine_token(data: dict[str, Any]) -> SecretStr:
    return _derived(data, b"engine token")


def _derived_webhook_secret(data: dict[str, Any]) -> SecretStr:
    return _derived(data, b"telegram webhook")


def _derived(data: dict[str, Any], purpose: bytes) -> SecretStr:
    key: SecretStr = data["secret_key"]
    return SecretStr(hmac.new(key.get_secret_value().encode(), purpose, hashlib.sha256).hexdigest())


def _retention_days(data: dict[str, Any]) -> int:
    days: int = data["retention_days"]
    return days


Port = Annotated[int, Field(ge=1, le=65535)]
Mailbox = Annotated[str, AfterValidator(_check_mailbox)]
Rate = Annotated[str, AfterValidator(_check_rate)]


class Settings(BaseSettings):
    """The settings of one process. Take them from `load_settings`, or give them as arguments in tests."""

    model_config = SettingsConfigDict(
        env_prefix=ENVIRONMENT_PREFIX,
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        validate_default=True,
    )

    database_url: Annotated[str, AfterValidator(_check_database_url)] = Field(
        default="sqlite:///var/assistant.sqlite3",
        repr=False,
        description="Where everything is kept, as an SQLAlchemy URL; PostgreSQL for more than one machine.",
    )
    tracker_url: Annotated[str, AfterValidator(_check_database_url)] = Field(
        default="sqlite:///var/tracker.sqlite3",
        repr=False,
        description="Where the engine keeps its trackers, as an SQLAlchemy URL.",
    )
    host: str = Field(default="127.0.0.1", description="Address that the gateway listens on, the only public one.")
    port: Port = Field(default=8080, description="Port of the gateway.")
    engine_port: Port = Field(default=5005, description="Port of the dialogue engine, on loopback.")
    actions_port: Port = Field(default=5055, description="Port of the action server, on loopback.")
    secret_key: Annotated[SecretStr, AfterValidator(_check_secret_key)] = Field(
        default_factory=_stored_secret_key,
        description="Key that other secrets are derived from, at least 32 characters; the same for all processes.",
        json_schema_extra={"documented_default": "made in var/secret_key on first use"},
    )
    engine_token: SecretStr = Field(
        default_factory=_derived_engine_token,
        description="Password between the gateway and the engine.",
        json_schema_extra={"documented_default": "derived from BOT_SECRET_KEY"},
    )
    engine_timeout_seconds: float = Field(
        default=8.0, gt=0, description="How long the gateway waits for the engine before it apologises."
    )
    engine_session_turns: int = Field(
        default=25,
        ge=1,
        description="Turns after which a new engine session is started, so that long conversations stay fast.",
    )
    message_max_characters: int = Field(default=2000, ge=1, description="Longest message that a visitor may send.")
    body_max_bytes: int = Field(default=32768, ge=1024, description="Largest request body that the gateway reads.")
    rate_limit_conversations: Rate = Field(
        default="30/minute", description="How many conversations one client address may start."
    )
    rate_limit_messages: Rate = Field(
        default="60/minute", description="How many messages may be sent in one conversation."
    )
    trusted_proxies: Annotated[str, AfterValidator(_check_proxies)] = Field(
        default="",
        description="Addresses or networks of reverse proxies, separated by commas; "
        "X-Forwarded-For counts only when it comes from them.",
    )
    widget_origins: Annotated[str, AfterValidator(_check_origins)] = Field(
        default="",
        description="Websites that may embed the widget, as origins such as https://www.example.org, separated by "
        "commas; without them it works on this address only.",
    )
    contact_email: str | None = Field(
        default=None, description="E-mail address shown to visitors who want to talk to a person."
    )
    contact_phone: str | None = Field(
        default=None, description="Telephone number shown to visitors who want to talk to a person."
    )
    contact_hours: str | None = Field(default=None, description="Office hours shown beside the telephone number.")
    office_hours: Annotated[str, AfterValidator(_check_office_hours)] = Field(
        default="09:00-17:00",
        description="Office hours in Hessen, Monday to Friday without public holidays; due dates count only these.",
    )
    reply_days: int = Field(
        default=2, ge=1, le=60, description="Working days within which an inquiry is to have its first reply."
    )
    retention_days: int = Field(
        default=180, ge=1, description="Days after which personal data is deleted where no other clock is set."
    )
    retention_transcript_days: int = Field(
        default_factory=_retention_days,
        ge=1,
        description="Days after the last message until a conversation is deleted; what is in a case stays with it.",
        json_schema_extra={"documented_default": "BOT_RETENTION_DAYS"},
    )
    retention_inquiry_days: int = Field(
        default_factory=_retention_days,
        ge=1,
        description="Days after its end until an inquiry is deleted; fewer if the asker was told fewer.",
        json_schema_extra={"documented_default": "BOT_RETENTION_DAYS"},
    )
    retention_audit_days: int = Field(
        default=365,
        ge=1,
        description="Days until the record of who looked at, changed, exported or erased what is deleted.",
    )
    telegram_token: SecretStr | None = Field(
        default=None, description="Token of the Telegram bot; without it the Telegram face stays off."
    )
    telegram_base_url: str = Field(
        default="https://api.telegram.org/bot", description="Telegram Bot API server, for a server of one's own."
    )
    public_url: Annotated[str, AfterValidator(_check_web_url)] | None = Field(
        default=None,
        description="Address that people reach the gateway at, for links in e-mails to staff.",
        json_schema_extra={"documented_default": "http:// and BOT_HOST and BOT_PORT"},
    )
    telegram_webhook_url: Annotated[str, AfterValidator(_check_telegram_webhook_url)] | None = Field(
        default=None,
        description="Public https address that Telegram calls, ending in /telegram; without it the bot polls.",
    )
    telegram_webhook_secret: SecretStr = Field(
        default_factory=_derived_webhook_secret,
        description="What Telegram sends with each call to the webhook.",
        json_schema_extra={"documented_default": "derived from BOT_SECRET_KEY"},
    )
    telegram_port: Port = Field(
        default=8081, description="Port of the Telegram process, on loopback: readiness, and the webhook."
    )
    telegram_rate_limit: Rate = Field(
        default="30/minute", description="How many messages of one Telegram chat are answered."
    )
    telegram_messages_per_second: float = Field(
        default=30, gt=0, description="How many messages the bot sends in a second; Telegram takes 30."
    )
    smtp_url: Annotated[SecretStr, AfterValidator(_check_smtp_url)] | None = Field(
        default=None,
        description="Mail server: smtps://user:password@host, or smtp:// (encrypted if the server offers it, with a "
        "password always, to this machine never); without it no e-mail is sent.",
    )
    mail_from: Mailbox | None = Field(
        default=None, description="Sender of all e-mails, an address with or without a name; needed with BOT_SMTP_URL."
    )
    mail_reply_to: Mailbox | None = Field(
        default=None,
        description="Mailbox that staff read, for answers to e-mails; without it e-mails lead to the chat.",
    )
    staff_notify: Mailbox | None = Field(
        default=None, description="E-mail address that learns of new, answered and overdue inquiries."
    )
    staff_language: Language = Field(default=Language.GERMAN, description="Language of e-mails to staff: ko, de or en.")
    webhook_url: Annotated[str, AfterValidator(_check_web_url)] | None = Field(
        default=None,
        description="Where new, answered and overdue inquiries are posted to as JSON; see docs/delivery.md.",
    )
    webhook_secret: Annotated[SecretStr, AfterValidator(_check_webhook_secret)] | None = Field(
        default=None,
        description="Key that webhooks are signed with: whsec_ and base64; needed with BOT_WEBHOOK_URL.",
    )
    delivery_attempts: int = Field(
        default=12,
        ge=1,
        description="How often a delivery is tried, over a day by default, before staff have to look at it.",
    )
    hold_minutes: float = Field(
        default=30,
        gt=0,
        description="How long a conversation stays with staff who took it over, from their last message on.",
    )
    staff_idle_minutes: int = Field(
        default=60, ge=1, description="Minutes after which staff who do nothing in the console have to sign in again."
    )
    staff_session_hours: int = Field(
        default=12,
        ge=1,
        le=168,
        description="Hours after which staff have to sign in to the console again in any case.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least severe log lines that are written."
    )

    @model_validator(mode="after")
    def _check_ports_differ(self) -> Self:
        if len({self.port, self.engine_port, self.actions_port, self.telegram_port}) < 4:
            raise ValueError("BOT_PORT, BOT_ENGINE_PORT, BOT_ACTIONS_PORT and BOT_TELEGRAM_PORT must differ")
        return self

    @model_validator(mode="after")
    def _check_complete(self) -> Self:
        if self.smtp_url is not None and self.mail_from is None:
            raise ValueError("BOT_MAIL_FROM is needed with BOT_SMTP_URL: the sender of e-mails")
        if self.staff_notify is not None and self.smtp_url is None:
            raise ValueError("BOT_SMTP_URL is needed with BOT_STAFF_NOTIFY: the server that sends the e-mail")
        if self.webhook_url is not None and self.webhook_secret is None:
            raise ValueError("BOT_WEBHOOK_SECRET is needed with BOT_WEBHOOK_URL: what webhooks are signed with")
        return self

    @property
    def embedding_origins(self) -> frozenset[str]:
        """The origins that may embed the widget."""
        return frozenset(origin.strip() for origin in self.widget_origins.split(",") if origin.strip())

    @property
    def engine_url(self) -> str:
        """Where the gateway reaches the dialogue engine."""
        return f"http://127.0.0.1:{self.engine_port}"

    @property
    def actions_url(self) -> str:
        """Where the engine reaches the action server."""
        return f"http://127.0.0.1:{self.actions_port}"

    @property
    def base_url(self) -> str:
        """Where people reach the gateway, without a slash at the end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")


def variable_name(field: str) -> str:
    """The environment variable of a field of `Settings`."""
    return f"{ENVIRONMENT_PREFIX}{field.upper()}"


def load_settings() -> Settings:
    """Read the settings from the environment.

    Raises:
        ConfigurationError: a variable is wrong; the text names it and says what to do, without its value.
    """
    _warn_of_unknown_variables()
    try:
        return Settings()
    except ValidationError as error:
        # A token that could not be derived only follows from another mistake, which is reported too.
        mistakes = (detail for detail in error.errors() if detail["type"] != "default_factory_not_called")
        raise ConfigurationError("; ".join(_describe(detail["loc"], detail["msg"]) for detail in mistakes)) from None
    except SettingsError as error:
        raise ConfigurationError(str(error)) from None


def _describe(location: tuple[int | str, ...], message: str) -> str:
    text = message.removeprefix("Value error, ")
    return f"{variable_name(str(location[0]))}: {text}" if location else text


def _warn_of_unknown_variables() -> None:
    known = {variable_name(field) for field in Settings.model_fields}
    for name in sorted(os.environ):
        if name.startswith(ENVIRONMENT_PREFIX) and not name.startswith(TEST_PREFIX) and name not in known:
            _log.warning("%s is not a setting; see docs/settings.md for the names", name)
