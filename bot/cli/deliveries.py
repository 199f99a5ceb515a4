"""`bot deliveries`: what was sent to whom, what waits, and what did not arrive."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.output import JsonOption, fail, local_time, or_fail, plain, print_json
from bot.delivery import DeliverySummary
from bot.delivery.outbox import LIST_LIMIT, list_deliveries, requeue
from bot.settings import load_settings
from bot.store import DeliveryState, Store, utc_now

app = typer.Typer(no_args_is_help=True, help="What was sent, what waits, and what did not arrive.")


@app.command("list")
def list_all(
    state: Annotated[DeliveryState | None, typer.Option(help="Only deliveries in this state.")] = None,
    channel: Annotated[str | None, typer.Option(help="Only web, telegram, email or webhook.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = LIST_LIMIT,
    before: Annotated[int | None, typer.Option(help="Only deliveries with a smaller id.")] = None,
    as_json: JsonOption = False,
) -> None:
    """List deliveries, newest first."""

    def read() -> tuple[DeliverySummary, ...]:
        with Store(load_settings().database_url).reading() as session:
            return list_deliveries(session, state, channel, limit=limit, before_id=before)

    found = or_fail(read)
    if as_json:
        print_json(found)
        return
    for delivery in found:
        _print(delivery)
    if not found:
        print("No deliveries.")


@app.command()
def retry(
    ids: Annotated[list[int] | None, typer.Argument(help="Ids of failed deliveries.")] = None,
    every: Annotated[bool, typer.Option("--all", help="All that have failed.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Have failed deliveries tried again, now and with all their attempts."""
    if bool(ids) == every:
        fail("give the ids of deliveries, or --all")

    def again() -> list[DeliverySummary]:
        now = utc_now()
        with Store(load_settings().database_url).session() as session:
            chosen = list(ids or ())
            if every:
                failed = list_deliveries(session, DeliveryState.FAILED, limit=None)
                chosen = [delivery.id for delivery in failed]
            return [requeue(session, delivery_id, now) for delivery_id in chosen]

    requeued = or_fail(again)
    if as_json:
        print_json(requeued)
        return
    for delivery in requeued:
        _print(delivery)
    if not requeued:
        print("No delivery has failed.")


def _print(delivery: DeliverySummary) -> None:
    moment = delivery.settled_at or delivery.due_at
    cells = (
        str(delivery.id),
        plain(delivery.state),
        delivery.channel,
        plain(delivery.kind),
        plain(delivery.reference),
        f"{delivery.attempts} attempts",
        local_time(moment),
        delivery.error or "",
    )
    print("  ".join(cells).rstrip())
