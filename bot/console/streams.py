"""Events for pages that are open: the list has changed, the case has changed, a colleague is at it, too."""

import asyncio
import json
from collections.abc import AsyncIterator

from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.responses import Response

from bot.console.pages import Pages
from bot.console.visit import Visit
from bot.errors import AssistantError, NotFound, Unauthorized

PING_SECONDS = 20
SEND_TIMEOUT_SECONDS = 30
RECONNECT_MILLISECONDS = 3000
PRESENCE_SECONDS = 15.0
"""How often a page that is open says so."""

COLLEAGUES_SECONDS = 3.0
"""How often it looks who else is there."""

pages = Pages()


@pages.stream("/live")
async def follow_list(visit: Visit) -> Response:
    """`changed` whenever something has happened to any inquiry."""
    return _stream(_list_events(visit))


@pages.stream("/inquiries/{reference}/live")
async def follow_case(visit: Visit) -> Response:
    """`case` with version and colleagues whenever either has changed."""
    return _stream(_case_events(visit, visit.parameter("reference")))


def _stream(events: AsyncIterator[ServerSentEvent]) -> Response:
    return EventSourceResponse(events, ping=PING_SECONDS, send_timeout=SEND_TIMEOUT_SECONDS)


async def _list_events(visit: Visit) -> AsyncIterator[ServerSentEvent]:
    live = visit.services.live
    asked = visit.query("after")
    latest = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else live.latest
    yield ServerSentEvent(comment="open", retry=RECONNECT_MILLISECONDS)
    while await _is_signed_in(visit):
        new = await live.wait(latest, PRESENCE_SECONDS)
        if new > latest:
            latest = new
            yield ServerSentEvent(event="changed", data=str(latest))
    yield ServerSentEvent(event="signed-out", data="1")


async def _case_events(visit: Visit, reference: str) -> AsyncIterator[ServerSentEvent]:
    live, readings, member = visit.services.live, visit.services.readings, visit.member
    told = ""
    said_at = -PRESENCE_SECONDS
    yield ServerSentEvent(comment="open", retry=RECONNECT_MILLISECONDS)
    try:
        while await _is_signed_in(visit):
            if asyncio.get_running_loop().time() - said_at >= PRESENCE_SECONDS:
                said_at = asyncio.get_running_loop().time()
                await asyncio.to_thread(readings.stay, member.id, reference, present=True)
            latest = live.latest
            try:
                now = await asyncio.to_thread(_state_of, visit, reference)
            except NotFound:
                yield ServerSentEvent(event="gone", data="1")
                return
            if now != told:
                told = now
                yield ServerSentEvent(event="case", data=now)
            await live.wait(latest, COLLEAGUES_SECONDS)
        yield ServerSentEvent(event="signed-out", data="1")
    finally:
        # In a task of its own: this one may have been cancelled.
        leaving = asyncio.create_task(asyncio.to_thread(readings.stay, member.id, reference, present=False))
        leaving.add_done_callback(_forget_failure)


def _state_of(visit: Visit, reference: str) -> str:
    services = visit.services
    with services.store.reading() as session:
        found = services.readings.find(session, reference)
        colleagues = services.readings.colleagues(session, [found.id], visit.member.id).get(found.id, [])
        return json.dumps({"version": found.version, "colleagues": colleagues}, ensure_ascii=False)


async def _is_signed_in(visit: Visit) -> bool:
    try:
        await asyncio.to_thread(visit.services.sessions.find, visit.token, touch=False)
    except Unauthorized:
        return False
    except AssistantError:
        # The database is busy: that is no reason to send somebody away.
        return True
    return True


def _forget_failure(leaving: "asyncio.Task[None]") -> None:
    # Who could not be taken off is taken for gone after a while.
    if not leaving.cancelled():
        leaving.exception()
