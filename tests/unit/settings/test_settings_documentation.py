"""docs/settings.md and the settings say the same."""

import re
from pathlib import Path

from bot.settings import Settings, variable_name

DOCUMENT = Path(__file__).parents[3] / "docs" / "settings.md"
ROW = re.compile(r"^\| `(BOT_\w+)` \| (.+?) \| (.+) \|$", re.MULTILINE)


def documented() -> list[tuple[str, ...]]:
    return ROW.findall(DOCUMENT.read_text(encoding="utf-8"))


def default_text(name: str) -> str:
    field = Settings.model_fields[name]
    if isinstance(field.json_schema_extra, dict):
        return str(field.json_schema_extra["documented_default"])
    return "(none)" if field.default in (None, "") else f"`{field.default}`"


def test_the_table_lists_every_setting_with_its_default_and_meaning() -> None:
    expected = [
        (variable_name(name), default_text(name), field.description) for name, field in Settings.model_fields.items()
    ]
    assert documented() == expected


def test_every_setting_says_what_it_is_for() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []
