"""`bot deliveries` and `bot conversations`: what operators see of deliveries, and staff do in conversations."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli.main import app
from bot.delivery import RetryPolicy
from bot.delivery.outbox import NewDelivery, claim, mark_failed, put
from bot.store import (
    WEB_CHANNEL,
    Conversation,
    DeliveryKind,
    DeliveryState,
    Message,
    Sender,
    Store,
    hash_token,
    utc_now,
)
from bot.store.migrations import upgrade

CONVERSATION = "c" * 32
SECRET = "personal text"


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A fresh database that the command is set to, with one conversation."""
    url = f"sqlite:///{tmp_path / 'assistant.sqlite3'}"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOT_DATABASE_URL", url)
    monkeypatch.setenv("BOT_SECRET_KEY", "k" * 64)
    upgrade(url)
    store = Store(url)
    with store.session() as session:
        session.add(Conversation(id=CONVERSATION, token_hash=hash_token("t"), language="de"))
        session.flush()
        session.add(Message(conversation_id=CONVERSATION, sender=Sender.BOT, text="Guten Tag!", language="de"))
    yield store
    store.close()


def bot(*arguments: str, text: str | None = None) -> Result:
    return CliRunner().invoke(app, list(arguments), input=text)


def read(*arguments: str) -> list[dict[str, object]]:
    result = bot(*arguments, "--json")
    assert result.exit_code == 0, result.output
    found: list[dict[str, object]] = json.loads(result.stdout)
    return found


def fail_one(store: Store, key: str) -> int:
    """A delivery that has failed; its id."""
    with store.session() as session:
        put(session, NewDelivery(key, DeliveryKind.STAFF_MESSAGE, WEB_CHANNEL, "de", None, None, SECRET), utc_now())
    with store.session() as session:
        (claimed,) = claim(session, WEB_CHANNEL, utc_now(), limit=1, lease_seconds=60, policy=RetryPolicy(3))
        mark_failed(session, claimed, utc_now(), error="550")
    return claimed.id


def test_deliveries_are_listed_with_why_they_failed_and_without_their_text(database: Store) -> None:
    assert bot("deliveries", "list").stdout == "No deliveries.\n"
    failed = fail_one(database, "a")
    line = bot("deliveries", "list", "--state", "failed").stdout
    assert line.startswith(f"{failed}  failed  web  staff_message")
    assert line.endswith("550\n")
    (listed,) = read("deliveries", "list", "--channel", "web")
    assert (listed["id"], listed["error"]) == (failed, "550")
    assert read("deliveries", "list", "--state", "pending") == []
    assert SECRET not in line + json.dumps(listed)


def test_failed_deliveries_are_tried_again_by_id_or_all(database: Store) -> None:
    first, second, third = (fail_one(database, key) for key in "abc")
    assert [row["id"] for row in read("deliveries", "retry", str(second))] == [second]
    assert [row["id"] for row in read("deliveries", "retry", "--all")] == [third, first]
    assert {row["state"] for row in read("deliveries", "list")} == {DeliveryState.PENDING}
    assert bot("deliveries", "retry", "--all").stdout == "No delivery has failed.\n"


@pytest.mark.parametrize("arguments", [("retry",), ("retry", "1", "--all"), ("retry", "99")])
def test_a_delivery_that_cannot_be_tried_again_is_said_in_one_line(database: Store, arguments: tuple[str, ...]) -> None:
    result = bot("deliveries", *arguments)
    assert result.exit_code == 1
    assert result.stderr.startswith("bot: ")
    assert "Traceback" not in result.output


def test_a_conversation_is_taken_over_spoken_in_and_given_back(database: Store) -> None:
    assert "held by anna" in bot("conversations", "take", CONVERSATION, "--by", "anna").stdout
    (held,) = read("conversations", "list")
    assert (held["conversation_id"], held["staff"]) == (CONVERSATION, "anna")
    assert bot("conversations", "say", CONVERSATION, "--by", "anna", text="Guten Tag,\nFrau Kim!").exit_code == 0
    assert bot("conversations", "say", CONVERSATION, "--by", "anna", "--text", "Hallo").exit_code == 0
    shown = bot("conversations", "show", CONVERSATION).stdout
    assert "held by anna" in shown
    assert "bot: Guten Tag!" in shown
    assert bot("conversations", "release", CONVERSATION).exit_code == 0
    kinds = [row["kind"] for row in read("deliveries", "list")]
    assert kinds == ["released", "staff_message", "staff_message", "taken_over"]
    assert bot("conversations", "list").stdout == "No conversation is held.\n"


def test_what_staff_may_not_do_is_said_in_one_line(database: Store) -> None:
    bot("conversations", "take", CONVERSATION, "--by", "anna")
    for arguments, why in (
        (("take", CONVERSATION, "--by", "ben"), "anna holds this conversation"),
        (("say", CONVERSATION, "--by", "ben", "--text", "Hallo"), "anna holds this conversation"),
        (("show", "HE-2026-2222222"), "no such conversation"),
    ):
        result = bot("conversations", *arguments)
        assert (result.exit_code, result.stderr) == (1, f"bot: {why}\n")
    bot("conversations", "release", CONVERSATION)
    assert "take it over first" in bot("conversations", "release", CONVERSATION).stderr
