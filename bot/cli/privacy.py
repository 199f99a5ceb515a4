"""`bot privacy`: what expires, a person's data handed out, and a person erased."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.output import JsonOption, fail, local_time, or_fail, plain, print_json
from bot.privacy.archive import Archivist
from bot.privacy.service import Erasure, Expiry, FindSubject, Privacy
from bot.privacy.subject import subject_of_conversation, subject_of_email, subject_of_reference
from bot.settings import load_settings
from bot.store import Store

app = typer.Typer(no_args_is_help=True, help="Personal data: what expires, handing it out, and erasing it.")

DATA = Path("data")

EmailOption = Annotated[str | None, typer.Option(help="The person's e-mail address.")]
ReferenceOption = Annotated[str | None, typer.Option(help="The reference of an inquiry of theirs.")]
ConversationOption = Annotated[str | None, typer.Option(help="The id of a conversation of theirs.")]


@app.command()
def expire(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list what would be deleted.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Delete what is older than its retention clock, as the gateway does once a day."""
    privacy = or_fail(_privacy)
    found = or_fail(privacy.expiring if dry_run else privacy.expire)
    if as_json:
        print_json(found)
        return
    _print_expiry(found)
    if not found.counts:
        print("Nothing has expired.")
    else:
        print(f"{'To delete' if dry_run else 'Deleted'}: {_counted(found.counts)}")


@app.command()
def export(
    out: Annotated[Path, typer.Option(help="The ZIP file to write; it must not be there yet.")],
    email: EmailOption = None,
    reference: ReferenceOption = None,
    conversation: ConversationOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write everything that is stored of a person into one archive: a page to read, and JSON."""
    find = or_fail(lambda: _one_of(email, reference, conversation))
    settings = or_fail(load_settings)
    exported = or_fail(lambda: Archivist(Store(settings.database_url), settings, DATA).export(find, out))
    if as_json:
        print_json(exported)
        return
    print(f"{out}: {_counted(exported.counts)}")
    print("Make sure that whoever asks is the person before you hand it out.")


@app.command()
def erase(
    email: EmailOption = None,
    reference: ReferenceOption = None,
    conversation: ConversationOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Erase without asking.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be erased.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Erase a person everywhere: inquiries, conversations, outbox, search index, Telegram, the engine's memory."""
    find = or_fail(lambda: _one_of(email, reference, conversation))
    privacy = or_fail(_privacy)
    preview = or_fail(partial(privacy.preview, find))
    if dry_run or not as_json:
        _show(preview, as_json=as_json)
    if dry_run:
        return
    if not yes:
        if as_json:
            fail("add --yes to erase, or --dry-run to look first")
        typer.confirm("Erase all of this for good?", abort=True)
    erased = or_fail(partial(privacy.erase, find))
    if as_json:
        print_json(erased)
        return
    print(f"Erased: {_counted(erased.counts)}")
    if not erased.swept:
        print("The database is in use: its files still hold traces until `bot privacy expire` runs, or tomorrow.")


def _one_of(email: str | None, reference: str | None, conversation: str | None) -> FindSubject:
    given = [option for option in (email, reference, conversation) if option]
    if len(given) != 1:
        fail("say who is meant with one of --email, --reference and --conversation")
    if email:
        return partial(subject_of_email, email=email)
    if reference:
        return partial(subject_of_reference, reference=reference)
    return partial(subject_of_conversation, conversation_id=given[0])


def _show(preview: Erasure, *, as_json: bool) -> None:
    if as_json:
        print_json(preview)
        return
    subject = preview.subject
    print(f"Addresses:     {', '.join(subject.emails) or '-'}")
    print(f"Inquiries:     {', '.join(subject.inquiries) or '-'}")
    print(f"Conversations: {', '.join(subject.conversations) or '-'}")
    print(f"Rows:          {_counted(preview.counts)}")


def _print_expiry(found: Expiry) -> None:
    for conversation in found.conversations:
        print(f"{conversation.id}  {conversation.channel}  last used {local_time(conversation.last_used_at)}")
    for inquiry in found.inquiries:
        print(f"{inquiry.reference}  {plain(inquiry.state)}  ended {local_time(inquiry.ended_at)}")


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items())


def _privacy() -> Privacy:
    settings = load_settings()
    return Privacy(Store(settings.database_url), settings)
