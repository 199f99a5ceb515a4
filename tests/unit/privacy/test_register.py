"""docs/privacy.md, the register, the models and the settings say the same."""

import re
from pathlib import Path

import pytest
from sqlalchemy import inspect

from bot.privacy import telegram_tables as telegram
from bot.privacy.engine_memory import EVENTS
from bot.privacy.register import REGISTER, Kept, document_rows
from bot.settings import Settings, variable_name
from bot.store import Base, Store
from bot.store.inquiry_search import SQLITE_INDEX

DOCUMENT = Path(__file__).parents[3] / "docs" / "privacy.md"
SECTION = re.compile(r"^### `(\w+)`\n\n(.+?)\n\n(.+?)\n(?=\n#|\Z)", re.MULTILINE | re.DOTALL)
SETTING = re.compile(r"\bBOT_[A-Z_]+\b")

OF_OTHERS = {EVENTS.name, telegram.CHATS.name, telegram.UPDATES.name}
"""Tables that are not, or not everywhere, among the models: Rasa's own, and those of the Telegram face."""


def text() -> str:
    return DOCUMENT.read_text("utf-8")


def test_every_table_of_the_models_is_in_the_register_and_no_other() -> None:
    assert set(Base.metadata.tables) - set(REGISTER) == set()
    assert set(REGISTER) - set(Base.metadata.tables) <= OF_OTHERS


@pytest.mark.parametrize("name", sorted(REGISTER))
def test_of_every_column_it_is_decided_whether_it_is_personal(name: str) -> None:
    entry = REGISTER[name]
    assert not set(entry.personal) & entry.other
    if name in Base.metadata.tables:
        assert set(entry.personal) | entry.other == set(Base.metadata.tables[name].columns.keys())


def test_a_database_has_no_table_that_the_register_does_not_know(store: Store) -> None:
    """The search index of SQLite is a table of tables, which the row of `inquiry_search` speaks of."""
    found = inspect(store.engine).get_table_names()
    assert {name for name in found if not name.startswith(SQLITE_INDEX)} - {"alembic_version"} <= set(REGISTER)


def test_every_free_text_is_personal() -> None:
    """Nobody gets past the register by calling a text something else."""
    for name, table in Base.metadata.tables.items():
        for column in table.columns:
            if str(column.type) == "TEXT":
                assert column.name in REGISTER[name].personal, f"{name}.{column.name}"


def test_the_document_has_a_section_for_every_table_with_a_row_for_every_personal_column() -> None:
    sections = {name: (what, rows) for name, what, rows in SECTION.findall(text())}
    assert list(sections) == list(REGISTER)
    for name, (what, rows) in sections.items():
        assert what == REGISTER[name].what
        assert rows.splitlines()[2:] == document_rows(name)


def test_every_setting_that_is_named_exists_and_every_clock_is_named() -> None:
    settings = {variable_name(field) for field in Settings.model_fields}
    named = set(SETTING.findall(text()))
    assert named <= settings
    assert {name for name in settings if name.startswith("BOT_RETENTION")} <= named
    assert {name for kept in Kept for name in SETTING.findall(kept)} <= settings


def test_ids_of_channels_stand_in_telegrams_tables_only() -> None:
    for name, table in Base.metadata.tables.items():
        if name not in OF_OTHERS:
            assert not {"chat_id", "user_id", "sender_id", "telegram_id"} & set(table.columns.keys()), name
