"""Charts as SVG, drawn on the server. Each stands beside a table with the same numbers, which says what it shows.

A chart has a title of its own for screen readers, no script, and colours for light and dark screens; shades differ in
lightness and series in dashes, so that they can be told apart without colours.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

import pygal
from pygal.style import Style

WIDTH, HEIGHT = 720, 300
BAR_HEIGHT = 30
LABELS_MAX = 12
"""Labels under a line of days; more would overlap."""

_COLOURS = ("#1f5fa8", "#b3541e", "#3d7a3a", "#6b4a9b")
_DARK = """inline:
  @media (prefers-color-scheme: dark) {
    .plot .background, .graph > .background { fill: transparent }
    text, .title, .legend text, .axis text { fill: #e6e6e6 !important }
    .axis .guides line, .axis path { stroke: #6f6f6f !important }
  }
"""


@dataclass(frozen=True, slots=True)
class Series:
    """One line of a chart."""

    name: str
    values: Sequence[float | None]


def line_chart(title: str, labels: Sequence[str], series: Sequence[Series]) -> bytes:
    """Values over time, one line a series.

    Arguments:
        title: what it shows, in the reader's language.
        labels: of the points, such as days.
    """
    chart = pygal.Line(
        **_options(title, HEIGHT),
        show_dots=len(labels) <= 31,
        dots_size=2,
        x_label_rotation=0,
        show_minor_x_labels=False,
        legend_at_bottom=True,
    )
    chart.x_labels = list(labels)
    step = max(1, -(-len(labels) // LABELS_MAX))
    chart.x_labels_major = list(labels)[::step]
    for place, each in enumerate(series):
        dashes = {} if place == 0 else {"stroke_style": {"width": 2, "dasharray": f"{2 + 4 * place}, {2 * place}"}}
        chart.add(each.name, list(each.values), **dashes)
    return _drawn(chart)


def bar_chart(title: str, bars: Sequence[tuple[str, float]]) -> bytes:
    """Bars beside their names, in the order given.

    Arguments:
        title: what it shows, in the reader's language.
        bars: name and value.
    """
    height = 90 + BAR_HEIGHT * max(len(bars), 1)
    chart = pygal.HorizontalBar(**_options(title, height), show_legend=False, print_values=True)
    # Horizontal bars are drawn from below.
    chart.x_labels = [name for name, _ in reversed(bars)]
    chart.add(title, [value for _, value in reversed(bars)])
    return _drawn(chart)


def _drawn(chart: pygal.Graph) -> bytes:
    chart.add_xml_filter(_without_script)
    return bytes(chart.render())


def _without_script(root: Element) -> Element:
    """The library puts in what its own interactive charts are told with."""
    for parent in root.iter():
        for child in [child for child in parent if isinstance(child.tag, str) and child.tag.endswith("script")]:
            parent.remove(child)
    return root


def _options(title: str, height: int) -> dict[str, object]:
    style = Style(
        background="transparent",
        plot_background="transparent",
        foreground="#1b1b1b",
        foreground_strong="#1b1b1b",
        foreground_subtle="#767676",
        colors=_COLOURS,
        font_family="sans-serif",
        label_font_size=12,
        major_label_font_size=12,
        legend_font_size=13,
        title_font_size=15,
        value_font_size=12,
        value_label_font_size=12,
        no_data_font_size=16,
        transition="0s",
    )
    return {
        "title": title,
        "style": style,
        "width": WIDTH,
        "height": height,
        "explicit_size": True,
        "js": (),
        "css": ["file://style.css", "file://graph.css", _DARK],
        "min_scale": 1,
        "integer_scale": True,
        "range": None,
        "no_data_text": "–",
        "include_x_axis": True,
        "disable_xml_declaration": False,
        "value_formatter": _number,
    }


def _number(value: float) -> str:
    return f"{value:g}"
