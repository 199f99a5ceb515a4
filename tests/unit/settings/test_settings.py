"""Settings come from the environment, and a mistake in one says which and what to do."""

import logging
import os
import stat
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from bot.errors import ConfigurationError
from bot.settings import ENVIRONMENT_PREFIX, SECRET_KEY_PATH, Settings, load_settings

KEY = "k" * 32
SECRET_KEY = SecretStr(KEY)


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in os.environ:
        if name.startswith(ENVIRONMENT_PREFIX):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_without_any_variable_the_defaults_hold() -> None:
    settings = load_settings()
    assert settings.database_url == "sqlite:///var/assistant.sqlite3"
    assert (settings.host, settings.port) == ("127.0.0.1", 8080)
    assert settings.engine_url == "http://127.0.0.1:5005"
    assert settings.actions_url == "http://127.0.0.1:5055"
    assert settings.contact_email is None


def test_a_secret_key_is_made_once_and_only_its_owner_may_read_it() -> None:
    first = load_settings()
    mode = stat.S_IMODE(SECRET_KEY_PATH.stat().st_mode)
    assert mode == 0o600
    assert len(first.secret_key.get_secret_value()) == 64
    assert load_settings().secret_key == first.secret_key
    assert [path.name for path in SECRET_KEY_PATH.parent.iterdir()] == [SECRET_KEY_PATH.name]


def test_no_key_file_is_made_when_the_key_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_SECRET_KEY", KEY)
    load_settings()
    assert not SECRET_KEY_PATH.exists()


def test_an_empty_key_file_is_refused() -> None:
    SECRET_KEY_PATH.parent.mkdir()
    SECRET_KEY_PATH.write_text("")
    with pytest.raises(ConfigurationError, match="BOT_SECRET_KEY"):
        load_settings()


def test_a_key_file_that_cannot_be_read_is_an_error_that_names_the_variable() -> None:
    SECRET_KEY_PATH.mkdir(parents=True)
    with pytest.raises(ConfigurationError, match="BOT_SECRET_KEY"):
        load_settings()


def test_the_engine_token_follows_from_the_key_without_being_it() -> None:
    token = Settings(secret_key=SECRET_KEY).engine_token.get_secret_value()
    assert token == Settings(secret_key=SECRET_KEY).engine_token.get_secret_value()
    assert token != Settings(secret_key=SecretStr("l" * 32)).engine_token.get_secret_value()
    assert KEY not in token
    assert Settings(secret_key=SECRET_KEY, engine_token=SecretStr("own")).engine_token.get_secret_value() == "own"


def test_secrets_do_not_show_when_settings_are_printed() -> None:
    settings = Settings(
        secret_key=SECRET_KEY,
        engine_token=SecretStr("engine-secret"),
        telegram_token=SecretStr("telegram-secret"),
        smtp_url=SecretStr("smtps://user:mail-secret@localhost"),
        mail_from="Hessen <inquiries@example.org>",
        webhook_secret=SecretStr("whsec_d2ViaG9vay1zZWNyZXQtb2YtdGhlc2UtdGVzdHM="),
        database_url="postgresql://user:database-secret@localhost/bot",
    )
    assert KEY not in repr(settings)
    assert "secret@" not in repr(settings)
    assert "whsec_" not in repr(settings)
    assert "-secret" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BOT_PORT", "eighty"),
        ("BOT_PORT", "0"),
        ("BOT_PORT", "5005"),
        ("BOT_SECRET_KEY", "too-short"),
        ("BOT_DATABASE_URL", "somewhere"),
        ("BOT_DATABASE_URL", "mysql://localhost/bot"),
        ("BOT_RATE_LIMIT_MESSAGES", "60/fortnight"),
        ("BOT_TRUSTED_PROXIES", "*"),
        ("BOT_TRUSTED_PROXIES", "10.0.0.1, proxy"),
        ("BOT_WIDGET_ORIGINS", "*"),
        ("BOT_WIDGET_ORIGINS", "www.example.org"),
        ("BOT_WIDGET_ORIGINS", "https://www.example.org/"),
        ("BOT_WIDGET_ORIGINS", "https://www.example.org, https://WWW.example.com"),
        ("BOT_SMTP_URL", "https://mail-secret"),
        ("BOT_SMTP_URL", "smtp://host:mail-secret"),
        ("BOT_SMTP_URL", "smtp:mail-secret"),
        ("BOT_MAIL_FROM", "nobody"),
        ("BOT_MAIL_FROM", "a@example.org\nBcc: b@example.org"),
        ("BOT_STAFF_NOTIFY", "team at example.org"),
        ("BOT_PUBLIC_URL", "inquiries.example.org"),
        ("BOT_WEBHOOK_URL", "ftp://example.org"),
        ("BOT_WEBHOOK_SECRET", "webhook-secret"),
        ("BOT_WEBHOOK_SECRET", "whsec_c2hvcnQ="),
        ("BOT_STAFF_LANGUAGE", "fr"),
        ("BOT_DELIVERY_ATTEMPTS", "0"),
        ("BOT_HOLD_MINUTES", "0"),
        ("BOT_RETENTION_DAYS", "0"),
        ("BOT_LOG_LEVEL", "loud"),
        ("BOT_ENGINE_TIMEOUT_SECONDS", "-1"),
    ],
)
def test_a_wrong_value_names_the_variable_and_nothing_secret(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError) as caught:
        load_settings()
    assert name in str(caught.value)
    assert "BOT_ENGINE_TOKEN" not in str(caught.value)
    if name in {"BOT_SECRET_KEY", "BOT_SMTP_URL", "BOT_DATABASE_URL", "BOT_WEBHOOK_SECRET"}:
        assert value not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "missing"),
    [
        ("BOT_SMTP_URL", "smtp://localhost", "BOT_MAIL_FROM"),
        ("BOT_STAFF_NOTIFY", "team@example.org", "BOT_SMTP_URL"),
        ("BOT_WEBHOOK_URL", "https://example.org/hook", "BOT_WEBHOOK_SECRET"),
    ],
)
def test_a_setting_that_another_needs_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, missing: str
) -> None:
    monkeypatch.setenv("BOT_SECRET_KEY", KEY)
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match=f"{missing} is needed with {name}"):
        load_settings()


def test_links_lead_to_the_public_address_or_to_this_machine() -> None:
    assert Settings(secret_key=SECRET_KEY, port=9000).base_url == "http://127.0.0.1:9000"
    assert Settings(secret_key=SECRET_KEY, public_url="https://example.org/").base_url == "https://example.org"


def test_every_mistake_is_reported_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_PORT", "x")
    monkeypatch.setenv("BOT_RETENTION_DAYS", "x")
    with pytest.raises(ConfigurationError, match=r"BOT_PORT: .*; BOT_RETENTION_DAYS: "):
        load_settings()


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_PORT", "")
    monkeypatch.setenv("BOT_TELEGRAM_TOKEN", "")
    settings = load_settings()
    assert settings.port == 8080
    assert settings.telegram_token is None


def test_embedding_websites_are_exact_origins() -> None:
    settings = Settings(secret_key=SECRET_KEY, widget_origins="https://www.example.org, http://localhost:8000,")
    assert settings.embedding_origins == {"https://www.example.org", "http://localhost:8000"}
    assert Settings(secret_key=SECRET_KEY).embedding_origins == frozenset()


def test_proxies_may_be_addresses_and_networks() -> None:
    proxies = "127.0.0.1, 10.0.0.0/8,::1"
    assert Settings(secret_key=SECRET_KEY, trusted_proxies=proxies).trusted_proxies == proxies


def test_a_misspelt_variable_is_pointed_out(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setenv("BOT_DATABSE_URL", "hidden-value")
    monkeypatch.setenv("BOT_TEST_POSTGRES_URL", "postgresql://localhost")
    with caplog.at_level(logging.WARNING):
        load_settings()
    assert "BOT_DATABSE_URL" in caplog.text
    assert "hidden-value" not in caplog.text
    assert "BOT_TEST_POSTGRES_URL" not in caplog.text


def test_settings_cannot_be_changed() -> None:
    settings = Settings(secret_key=SECRET_KEY)
    with pytest.raises(ValidationError):
        settings.port = 9999
