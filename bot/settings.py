"""All settings of the assistant: environment variables that begin with BOT_, typed and checked in one place.

docs/settings.md lists them; a test holds the two together.
"""

import hashlib
import hmac
import logging
import os
import secrets
import tempfile
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from bot.errors import ConfigurationError
from bot.knowledge.language import Language
from bot.setting_checks import (
    SECRET_KEY_MIN_CHARACTERS,
    check_database_url,
    check_mailbox,
    check_office_hours,
    check_origins,
    check_proxies,
    check_rate,
    check_secret_key,
    check_smtp_url,
    check_telegram_webhook_url,
    check_web_url,
    check_webhook_secret,
)

ENVIRONMENT_PREFIX = "BOT_"
# Variables of the test suite; the program does not read them.
TEST_PREFIX = "BOT_TEST_"

SECRET_KEY_PATH = Path("var") / "secret_key"

_log = logging.getLogger(__name__)


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
Mailbox = Annotated[str, AfterValidator(check_mailbox)]
Rate = Annotated[str, AfterValidator(check_rate)]


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

    database_url: Annotated[str, AfterValidator(check_database_url)] = Field(
        default="sqlite:///var/assistant.sqlite3",
        repr=False,
        description="Where everything is kept, as an SQLAlchemy URL; PostgreSQL for more than one machine.",
    )
    tracker_url: Annotated[str, AfterValidator(check_database_url)] = Field(
        default="sqlite:///var/tracker.sqlite3",
        repr=False,
        description="Where the engine keeps its trackers, as an SQLAlchemy URL.",
    )
    host: str = Field(default="127.0.0.1", description="Address that the gateway listens on, the only public one.")
    port: Port = Field(default=8080, description="Port of the gateway.")
    engine_port: Port = Field(default=5005, description="Port of the dialogue engine, on loopback.")
    actions_port: Port = Field(default=5055, description="Port of the action server, on loopback.")
    secret_key: Annotated[SecretStr, AfterValidator(check_secret_key)] = Field(
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
    trusted_proxies: Annotated[str, AfterValidator(check_proxies)] = Field(
        default="",
        description="Addresses or networks of reverse proxies, separated by commas; "
        "X-Forwarded-For counts only when it comes from them.",
    )
    widget_origins: Annotated[str, AfterValidator(check_origins)] = Field(
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
    office_hours: Annotated[str, AfterValidator(check_office_hours)] = Field(
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
    public_url: Annotated[str, AfterValidator(check_web_url)] | None = Field(
        default=None,
        description="Address that people reach the gateway at, for links in e-mails to staff.",
        json_schema_extra={"documented_default": "http:// and BOT_HOST and BOT_PORT"},
    )
    telegram_webhook_url: Annotated[str, AfterValidator(check_telegram_webhook_url)] | None = Field(
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
    smtp_url: Annotated[SecretStr, AfterValidator(check_smtp_url)] | None = Field(
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
    webhook_url: Annotated[str, AfterValidator(check_web_url)] | None = Field(
        default=None,
        description="Where new, answered and overdue inquiries are posted to as JSON; see docs/delivery.md.",
    )
    webhook_secret: Annotated[SecretStr, AfterValidator(check_webhook_secret)] | None = Field(
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
