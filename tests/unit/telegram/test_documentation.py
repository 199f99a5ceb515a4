"""docs/telegram.md says what is so."""

import re
from pathlib import Path

from bot.knowledge import load_knowledge
from bot.settings import Settings, variable_name
from bot.telegram.menus import COMMAND_NAMES
from bot.telegram.webhook import PATH

ROOT = Path(__file__).parents[3]
DOCUMENT = (ROOT / "docs" / "telegram.md").read_text(encoding="utf-8")


def test_every_command_is_explained_in_the_order_of_the_menu() -> None:
    assert tuple(re.findall(r"^\| `/(\w+)` \|", DOCUMENT, re.MULTILINE)) == COMMAND_NAMES


def test_every_setting_of_the_bot_is_named_and_every_one_that_is_named_exists() -> None:
    known = {variable_name(name) for name in Settings.model_fields}
    named = set(re.findall(r"\bBOT_[A-Z_]+\b", DOCUMENT))
    assert named <= known
    assert {name for name in known if name.startswith("BOT_TELEGRAM")} <= named


def test_the_links_of_the_examples_open_something() -> None:
    knowledge = load_knowledge(ROOT / "data" / "knowledge")
    payloads = re.findall(r"\?start=([\w-]+)", DOCUMENT)
    assert payloads
    assert all(knowledge.topic(payload) or payload in knowledge.entries for payload in payloads)


def test_the_proxy_hands_on_to_where_the_webhook_is() -> None:
    assert f"location = {PATH} {{" in DOCUMENT
    assert f"proxy_pass http://127.0.0.1:{Settings.model_fields['telegram_port'].default};" in DOCUMENT


def test_the_pictures_are_there() -> None:
    pictures = re.findall(r'src="(pictures/[\w.-]+)"', DOCUMENT)
    assert pictures
    assert [picture for picture in pictures if not (ROOT / "docs" / picture).is_file()] == []
