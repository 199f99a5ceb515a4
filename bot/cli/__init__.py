"""The `bot` command: one module a group of subcommands."""

from bot.cli.main import main

__all__ = ["main"]
