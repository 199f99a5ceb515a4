"""The `bot` command: its subcommands, each in a module that is imported when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from bot.privacy.logs import set_up_logging

COMMANDS = {
    "run": "start",
    "train": "start",
    "chat": "chat",
    "evaluate": "evaluate",
    "knowledge": "knowledge",
    "inquiries": "inquiries",
    "conversations": "conversations",
    "deliveries": "deliveries",
    "privacy": "privacy",
    "staff": "staff",
    "db": "database",
}
"""The module of `bot.cli` whose `app` is, or holds, the command."""


class _Commands(TyperGroup):
    """Imports a command when it is asked for: whoever checks an answer need not wait for the database's libraries.

    Click's types are Any here, because Typer's copy of Click is private.
    """

    def list_commands(self, ctx: Any) -> list[str]:
        """Every command, in the order of `bot --help`."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name; None where there is none."""
        if cmd_name not in COMMANDS:
            return None
        command = get_command(import_module(f"bot.cli.{COMMANDS[cmd_name]}").app)
        if isinstance(command, TyperGroup):
            command = command.commands.get(cmd_name, command)
        command.name = cmd_name
        return command


app = typer.Typer(cls=_Commands, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def group() -> None:
    """Hessen's inquiry assistant: run it, keep its knowledge, and read what was logged."""


def main() -> None:
    """The entry point of the `bot` command."""
    set_up_logging("warning")
    app()
