"""`bot conversations`: reading conversations, taking them over, speaking in them, and giving them back."""

from __future__ import annotations

import getpass
import sys
from typing import Annotated

import typer

from bot.cli.inquiry_changes import ByOption, TextOption
from bot.cli.output import JsonOption, local_time, or_fail, plain, print_json
from bot.conversations.staff import HeldConversation, StaffConversations
from bot.settings import load_settings
from bot.store import Store

app = typer.Typer(no_args_is_help=True, help="Conversations that staff read and take over.")

NameArgument = Annotated[
    str, typer.Argument(metavar="CONVERSATION", help="Its id, or the reference of an inquiry logged in it.")
]


@app.command("list")
def list_held(as_json: JsonOption = False) -> None:
    """List the conversations that staff hold now."""
    held = or_fail(lambda: _service().held())
    if as_json:
        print_json(held)
        return
    for hold in held:
        _print(hold)
    if not held:
        print("No conversation is held.")


@app.command()
def show(
    conversation: NameArgument,
    after: Annotated[int, typer.Option(min=0, help="Only messages after the one with this id.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """Show a conversation, and who holds it."""

    def read() -> None:
        service = _service()
        view = service.view(service.find(conversation), after)
        if as_json:
            print_json(view)
            return
        print(f"{view.id}  {view.channel}  {view.language}  {' '.join(view.references) or 'no inquiry'}")
        if view.hold is not None:
            _print(view.hold)
        for message in view.messages:
            print(f"  {message.id}  {local_time(message.created_at)} {plain(message.sender)}: {message.text}")

    or_fail(read)


@app.command()
def take(conversation: NameArgument, by: ByOption = None, as_json: JsonOption = False) -> None:
    """Take a conversation over: the assistant is silent in it, and the asker is told so."""
    service = or_fail(_service)
    hold = or_fail(lambda: service.take_over(service.find(conversation), by or getpass.getuser()))
    print_json(hold) if as_json else _print(hold)


@app.command()
def say(
    conversation: NameArgument,
    text: TextOption = None,
    key: Annotated[str | None, typer.Option(help="With the same key it is said once.")] = None,
    by: ByOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say something in a conversation that you hold."""
    words = sys.stdin.read() if text is None else text
    service = or_fail(_service)
    hold = or_fail(lambda: service.say(service.find(conversation), by or getpass.getuser(), words, key=key))
    print_json(hold) if as_json else _print(hold)


@app.command()
def release(conversation: NameArgument) -> None:
    """Give a conversation back to the assistant, whoever holds it; the asker is told so."""
    service = or_fail(_service)
    or_fail(lambda: service.release(service.find(conversation)))


def _print(hold: HeldConversation) -> None:
    since, until = local_time(hold.since), local_time(hold.until)
    print(f"{hold.conversation_id}  held by {hold.staff} since {since}, until {until} if nothing more is said")


def _service() -> StaffConversations:
    settings = load_settings()
    return StaffConversations(Store(settings.database_url), settings)
