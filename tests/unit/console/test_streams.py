"""Pages that are open are told of what happens, over real HTTP; only to who is signed in."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from starlette.applications import Starlette

from bot.console.cookies import LOOPBACK_NAME
from bot.inquiries import staff
from bot.store import StaffRole
from tests.support.local_server import LocalServer
from tests.support.office import KIM, Colleague, Office

pytestmark = pytest.mark.asyncio

WAIT_SECONDS = 20


@asynccontextmanager
async def stream(office: Office, colleague: Colleague, path: str) -> AsyncIterator[AsyncIterator[str]]:
    """The lines of a stream."""
    outer = Starlette()
    outer.mount("/staff", office.console.app)
    async with LocalServer(outer) as server, asyncio.timeout(WAIT_SECONDS):
        cookies = {LOOPBACK_NAME: colleague.http.cookies.get(LOOPBACK_NAME, "")}
        async with (
            httpx.AsyncClient(base_url=server.url, cookies=cookies, timeout=WAIT_SECONDS) as client,
            client.stream("GET", path) as response,
        ):
            assert response.status_code == 200
            yield response.aiter_lines()


async def line(lines: AsyncIterator[str], beginning: str) -> str:
    async for text in lines:
        if text.startswith(beginning):
            return text
    raise AssertionError(f"the stream ended without {beginning}")


async def test_the_list_hears_of_a_new_inquiry(office: Office, anna: Colleague) -> None:
    async with stream(office, anna, "/staff/live?after=0") as lines:
        await line(lines, ": open")
        office.inquiries.log(KIM)
        assert await line(lines, "event:") == "event: changed"


async def test_a_case_hears_of_changes_and_colleagues(office: Office, anna: Colleague) -> None:
    reference = office.inquiries.log(KIM).reference
    await anna.see(f"/staff/inquiries/{reference}")
    async with stream(office, anna, f"/staff/inquiries/{reference}/live") as lines:
        assert await line(lines, "data:") == 'data: {"version": 1, "colleagues": []}'
        with office.inquiries.change(reference, staff("boris")) as case:
            case.note("Neu")
        assert await line(lines, "data:") == 'data: {"version": 2, "colleagues": []}'
        await office.colleague("boris", StaffRole.READER).see(f"/staff/inquiries/{reference}")
        assert await line(lines, "data:") == 'data: {"version": 2, "colleagues": ["boris"]}'


async def test_a_stream_ends_with_the_session(office: Office, anna: Colleague) -> None:
    reference = office.inquiries.log(KIM).reference
    async with stream(office, anna, f"/staff/inquiries/{reference}/live") as lines:
        await line(lines, "data:")
        office.accounts.disable("anna")
        assert await line(lines, "event: signed-out")


async def test_the_stream_of_a_case_that_was_erased_ends(office: Office, anna: Colleague) -> None:
    reference = office.inquiries.log(KIM).reference
    async with stream(office, anna, f"/staff/inquiries/{reference}/live") as lines:
        await line(lines, "data:")
        office.inquiries.erase(reference, None, KIM.email)
        assert await line(lines, "event: gone")
