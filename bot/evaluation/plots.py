"""The report's pictures, as SVG that is the same whenever the figures are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl

mpl.use("svg")
mpl.rcParams["svg.hashsalt"] = "evaluation"
mpl.rcParams["font.size"] = 9

from matplotlib import pyplot as plt  # noqa: E402 (after the backend is chosen)

from bot.evaluation.metrics import Bin  # noqa: E402

BLUE, GREY = "#1f5fa8", "#8a8f98"


def reliability(bins: Sequence[Bin], path: Path) -> None:
    """Stated confidence against the share that was right; on the diagonal the two are equal."""
    figure, axes = plt.subplots(figsize=(4.2, 3.6))
    axes.plot([0, 1], [0, 1], color=GREY, linestyle="--", linewidth=1)
    axes.plot([part.confidence for part in bins], [part.right for part in bins], color=BLUE, marker="o")
    for part in bins:
        axes.annotate(str(part.count), (part.confidence, part.right), textcoords="offset points", xytext=(6, -10))
    axes.set(xlabel="stated confidence", ylabel="share right", xlim=(0, 1), ylim=(0, 1.02), title="Reliability")
    _save(figure, path)


def rejection(curves: dict[str, Sequence[tuple[float, float]]], path: Path) -> None:
    """Share of out-of-scope messages refused, for each share of good questions refused with them."""
    figure, axes = plt.subplots(figsize=(4.2, 3.6))
    for (name, points), style in zip(curves.items(), ("-", "--", ":", "-."), strict=False):
        axes.plot([x for x, _ in points], [y for _, y in points], style, label=name)
    axes.set(xlabel="good questions refused", ylabel="out-of-scope messages refused", ylim=(0, 1.02))
    axes.set_title("Out of scope")
    axes.legend(loc="lower right", frameon=False)
    _save(figure, path)


def _save(figure: plt.Figure, path: Path) -> None:
    for axes in figure.axes:
        axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
