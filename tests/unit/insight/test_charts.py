"""Charts are SVG that says what it shows, holds no script, and takes names as text."""

from xml.etree import ElementTree as ET

import pytest

from bot.insight import bar_chart, line_chart
from bot.insight.charts import Series

EVIL = "<script>alert(1)</script>"


def charts(title: str = "Titel", name: str = "Anfragen") -> list[bytes]:
    return [
        line_chart(title, ["1.", "2.", "3."], [Series(name, [1, 2, 3]), Series("Gespräche", [3, None, 1])]),
        bar_chart(title, [(name, 3), ("visa", 1)]),
        line_chart(title, [], []),
        bar_chart(title, []),
    ]


@pytest.mark.parametrize("place", range(4))
def test_a_chart_is_well_formed_and_runs_nothing(place: int) -> None:
    root = ET.fromstring(charts()[place])

    names = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert "svg" in root.tag
    assert not names & {"script", "foreignObject", "image", "a"}
    assert not [name for element in root.iter() for name in element.attrib if name.lower().startswith("on")]


@pytest.mark.parametrize("place", range(2))
def test_names_are_text_whatever_is_in_them(place: int) -> None:
    root = ET.fromstring(charts(EVIL, EVIL)[place])

    assert [element for element in root.iter() if "script" in str(element.tag)] == []
    assert any(EVIL[:8] in (text or "") for element in root.iter() for text in [element.text])


def test_a_chart_says_what_it_shows() -> None:
    for chart in charts("Anfragen nach Tag")[:2]:
        assert "Anfragen nach Tag" in chart.decode()
