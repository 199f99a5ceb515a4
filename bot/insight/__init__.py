"""Figures about conversations and inquiries, added up by the database, and charts of them."""

from bot.insight.charts import bar_chart, line_chart
from bot.insight.figures import Figures
from bot.insight.period import Period

__all__ = ["Figures", "Period", "bar_chart", "line_chart"]
