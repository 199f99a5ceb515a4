"""The staff face: inquiries listed, read, answered and exported in the browser, under /staff/."""

from bot.console.app import Console

__all__ = ["Console"]
