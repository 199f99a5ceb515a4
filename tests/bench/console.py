"""How fast a page of the staff console is among a million inquiries, and how large it is."""

import asyncio
import statistics
import time
from collections.abc import Callable

import httpx
from pydantic import SecretStr
from sqlalchemy import select

from bot.settings import Settings
from bot.store import Inquiry, StaffRole, Store
from tests.bench.case_generator import STAFF
from tests.bench.measurements import Row
from tests.support.office import Colleague, Office, open_office

TARGET_MS = 150
REPEATS = 9

PATHS = (
    "/staff/inquiries",
    "/staff/inquiries?view=mine",
    "/staff/inquiries?view=unassigned",
    "/staff/inquiries?view=waiting",
    "/staff/inquiries?view=overdue",
    "/staff/inquiries?view=all",
    "/staff/inquiries?view=all&state=closed&topic=visa&language=de&channel=telegram",
    "/staff/inquiries?view=all&technology=technology0",
    "/staff/inquiries?view=all&q=지원",
    "/staff/inquiries?view=all&q=wasserstoffelektro",
    "/staff/inquiries/{reference}",
    "/staff/account",
)


def console_rows(store: Store, title: str, say: Callable[[str], None]) -> list[Row]:
    """Every kind of page, from the call to the last byte of its HTML, without a network."""
    return asyncio.run(_measure(store, title, say))


async def _measure(store: Store, title: str, say: Callable[[str], None]) -> list[Row]:
    url = store.engine.url.render_as_string(hide_password=False)
    settings = Settings(database_url=url, secret_key=SecretStr("k" * 32))
    async with open_office(settings, store) as office:
        agent = office.colleague(STAFF[0], StaffRole.AGENT)
        paths = [path.format(reference=_some_reference(office)) for path in PATHS]
        medians: dict[str, float] = {}
        everything: list[float] = []
        largest = 0
        for path in paths:
            times, size = await _times(agent, path)
            everything += times
            medians[path] = statistics.median(times)
            largest = max(largest, size)
            say(f"{medians[path]:6.1f} ms  {size / 1024:5.1f} kB  {path}")
    slowest = max(medians, key=lambda path: medians[path])
    late = statistics.quantiles(everything, n=20)[-1]
    return [
        _row(f"{title}: console, slowest of {len(paths)} pages ({slowest})", medians[slowest]),
        _row(f"{title}: console, 95th percentile of all {len(everything)} pages", late),
        Row(f"{title}: console, largest page", f"{largest / 1024:.0f} kB"),
    ]


async def _times(agent: Colleague, path: str) -> tuple[list[float], int]:
    """Milliseconds of a page, and its size in bytes; the first time warms up and is not counted."""
    times: list[float] = []
    size = 0
    for repeat in range(REPEATS + 1):
        started = time.perf_counter()
        response: httpx.Response = await agent.get(path)
        taken = (time.perf_counter() - started) * 1000
        if response.status_code != httpx.codes.OK:
            raise RuntimeError(f"{path} answers {response.status_code}")
        size = len(response.content)
        if repeat:
            times.append(taken)
    return times, size


def _some_reference(office: Office) -> str:
    with office.store.reading() as session:
        return session.scalars(select(Inquiry.reference).order_by(Inquiry.id.desc()).offset(100).limit(1)).one()


def _row(name: str, milliseconds: float) -> Row:
    return Row(name, f"{milliseconds:.1f} ms", f"under {TARGET_MS} ms", milliseconds < TARGET_MS)
