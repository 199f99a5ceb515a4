"""How commands print: for people, or as JSON for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import datetime
from enum import Enum
from typing import Annotated, Any, NoReturn, TypeVar

import typer
from pydantic import TypeAdapter

from bot.errors import AssistantError
from bot.knowledge import KnowledgeError

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]

T = TypeVar("T")


def print_json(value: Any) -> None:
    """Print a dataclass, or a list of them, as JSON."""
    print(json.dumps(TypeAdapter(Any).dump_python(value, mode="json"), ensure_ascii=False, indent=2))


def fail(text: str) -> NoReturn:
    """Say what is wrong and end with status 1."""
    print(f"bot: {text}", file=sys.stderr)
    raise typer.Exit(1)


def or_fail(work: Callable[[], T]) -> T:
    """Do `work`; an error of the assistant's own is said in one line instead of a traceback."""
    try:
        return work()
    except (AssistantError, KnowledgeError) as error:
        fail(str(error))


def local_time(moment: datetime) -> str:
    """A moment in this machine's time zone, to the minute."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")


def plain(value: Enum | str | None) -> str:
    """A value in a table cell."""
    return "-" if value is None else str(value.value if isinstance(value, Enum) else value)
