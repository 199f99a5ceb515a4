"""`bot staff`: the accounts that sign in to the console."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from bot.cli.output import JsonOption, fail, local_time, or_fail, print_json
from bot.knowledge import Language
from bot.settings import load_settings
from bot.staff import Accounts, StaffMember
from bot.staff.passwords import PASSWORD_MIN_CHARACTERS
from bot.store import StaffRole, Store

app = typer.Typer(no_args_is_help=True, help="Accounts of staff who use the console at /staff/.")

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="What they sign in with, and sign with.")]


@app.command()
def add(
    name: NameArgument,
    role: Annotated[
        StaffRole, typer.Option(help="reader reads, agent answers, admin also decides on people and privacy.")
    ] = StaffRole.AGENT,
    language: Annotated[Language | None, typer.Option(help="Language of their console.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Make an account; asks for its password, or reads it from standard input."""
    settings = or_fail(load_settings)
    password = _password()
    accounts = Accounts(or_fail(lambda: Store(settings.database_url)))
    member = or_fail(lambda: accounts.add(name, role, language or settings.staff_language, password))
    _show(member, as_json=as_json)
    if not as_json:
        print(f"Sign in at {settings.base_url}/staff/")


@app.command("list")
def list_accounts(as_json: JsonOption = False) -> None:
    """List all accounts."""
    members = or_fail(lambda: _accounts().list())
    if as_json:
        print_json(members)
        return
    for member in members:
        _show(member, as_json=False)
    if not members:
        print("No accounts: make the first one with `bot staff add NAME --role admin`.")


@app.command()
def disable(name: NameArgument, as_json: JsonOption = False) -> None:
    """Shut an account, and sign out who uses it; `reset` opens it again."""
    _show(or_fail(lambda: _accounts().disable(name)), as_json=as_json)


@app.command()
def reset(
    name: NameArgument,
    role: Annotated[StaffRole | None, typer.Option(help="Another role.")] = None,
    keep_second_factor: Annotated[
        bool, typer.Option("--keep-second-factor", help="Without it, the second factor has to be set up again.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Give an account a new password, which is asked for, and sign out who uses it."""
    accounts = or_fail(_accounts)
    password = _password()
    member = or_fail(lambda: accounts.reset(name, password, role=role, keep_second_factor=keep_second_factor))
    _show(member, as_json=as_json)


def _password() -> str:
    """Never an argument: those are in the shell's history, and in the list of processes for everybody to read."""
    if not sys.stdin.isatty():
        password = sys.stdin.readline().rstrip("\n")
        if not password:
            fail("a password is needed on standard input")
        return password
    prompt = f"Password ({PASSWORD_MIN_CHARACTERS} characters or more)"
    asked: str = typer.prompt(prompt, hide_input=True, confirmation_prompt=True)
    return asked


def _show(member: StaffMember, *, as_json: bool) -> None:
    if as_json:
        print_json(member)
        return
    second_factor = "second factor" if member.has_second_factor else "password only"
    closed = f"disabled {local_time(member.disabled_at)}" if member.disabled_at else "open"
    print(f"{member.name}  {member.role}  {member.language}  {second_factor}  {closed}")


def _accounts() -> Accounts:
    return Accounts(Store(load_settings().database_url))
