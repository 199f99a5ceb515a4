"""What the commands of `bot inquiries` share: their options, and the service behind them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import wraps
from typing import Annotated, Any, get_type_hints

import typer

from bot.delivery.inquiries import inquiry_service
from bot.inquiries import EntityValue, Inquiries, InquiryFilter
from bot.settings import load_settings
from bot.store import InquiryState, Store

TECHNOLOGY = "technology"
MOMENTS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]

StateOption = Annotated[
    list[InquiryState] | None, typer.Option("--state", help="Only in this state; give it again for several.")
]
TopicOption = Annotated[str | None, typer.Option(help="Only under this topic.")]
LanguageOption = Annotated[str | None, typer.Option(help="Only in this language: ko, de or en.")]
ChannelOption = Annotated[str | None, typer.Option(help="Only from this face: web or telegram.")]
AssigneeOption = Annotated[str | None, typer.Option(help="Only of this member of staff.")]
UnassignedOption = Annotated[bool, typer.Option("--unassigned", help="Only of nobody.")]
OverdueOption = Annotated[bool, typer.Option("--overdue", help="Only with a due date that has passed.")]
TechnologyOption = Annotated[str | None, typer.Option(help="Only with this technology, by its id, such as hydrogen.")]
TagOption = Annotated[str | None, typer.Option(help="Only with this tag.")]
FromOption = Annotated[
    datetime | None, typer.Option("--from", formats=MOMENTS, help="Only logged then or later, local time.")
]
BeforeOption = Annotated[
    datetime | None, typer.Option("--before", formats=MOMENTS, help="Only logged before then, local time.")
]
TextOption = Annotated[str | None, typer.Option(help="Only with all of these words, also inside other words.")]


def make_filter(
    state: StateOption = None,
    topic: TopicOption = None,
    language: LanguageOption = None,
    channel: ChannelOption = None,
    assignee: AssigneeOption = None,
    unassigned: UnassignedOption = False,
    overdue: OverdueOption = False,
    technology: TechnologyOption = None,
    tag: TagOption = None,
    logged_from: FromOption = None,
    logged_before: BeforeOption = None,
    text: TextOption = None,
) -> InquiryFilter:
    """The filter that these options describe; moments without a zone are in this machine's."""
    return InquiryFilter(
        states=tuple(dict.fromkeys(state or ())),
        topic=topic,
        language=language,
        channel=channel,
        assignee=assignee,
        unassigned=unassigned,
        overdue=overdue,
        entity=None if technology is None else EntityValue(TECHNOLOGY, technology),
        tag=None if tag is None else tag.lower(),
        logged_from=None if logged_from is None else logged_from.astimezone(),
        logged_before=None if logged_before is None else logged_before.astimezone(),
        text=text,
    )


def filtered(command: Callable[..., None]) -> Callable[..., None]:
    """A command that takes the options of `make_filter` beside its own, and is given the filter as `wanted`."""
    options = _resolved(make_filter)
    own = {name: parameter for name, parameter in _resolved(command).items() if name != "wanted"}

    @wraps(command)
    def run(**given: Any) -> None:
        chosen = {name: given.pop(name) for name in options}
        command(wanted=make_filter(**chosen), **given)

    parameters = {**options, **own}
    # Typer reads what a command takes from these two.
    run.__signature__ = inspect.Signature(list(parameters.values()))  # type: ignore[attr-defined]
    run.__annotations__ = {name: parameter.annotation for name, parameter in parameters.items()}
    return run


def _resolved(function: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    hints = get_type_hints(function, include_extras=True)
    return {
        name: parameter.replace(annotation=hints[name], kind=inspect.Parameter.KEYWORD_ONLY)
        for name, parameter in inspect.signature(function).parameters.items()
    }


@contextmanager
def open_inquiries() -> Iterator[Inquiries]:
    """The service on the database of the settings.

    Raises:
        ConfigurationError: a setting is wrong.
        StoreError: the database cannot be opened.
    """
    settings = load_settings()
    store = Store(settings.database_url)
    try:
        yield inquiry_service(store, settings)
    finally:
        store.close()
