"""A page at which one chats with the bot by hand, as people do in Telegram's own clients.

It shows what the emulated Bot API knows (`GET /demo/state`, which waits until something has changed) and lets each
person act (`POST /demo/people/...`). Names and texts are data: the page makes text nodes of them, never HTML.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from tests.support.bot_api.people import NOT_TEXT, Person
from tests.support.bot_api.state import BOT, BotApi, Json

PAGE = Path(__file__).parent / "page"
FILES = {"": "index.html", "page.css": "page.css", "page.js": "page.js", "messages.js": "messages.js"}
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}

FIRST_PEOPLE = (("김민지", "ko"), ("Jens Weber", "de"), ("Mary <b>Miller</b>", "en"))
"""The third has a name that would be markup, if names were markup."""

GROUP = {"id": -1001, "type": "group", "title": "Founders"}

HOLD_SECONDS = 25.0
TYPING_SECONDS = 5.0
"""As long as Telegram's clients show it."""


class Demo:
    """The page of one emulated Bot API."""

    def __init__(self, api: BotApi) -> None:
        self._api = api
        api.chats[GROUP["id"]] = GROUP
        self._people = {person.id: person for person in (Person(api, *of) for of in FIRST_PEOPLE)}
        self._acts: dict[str, Callable[[Person, Json], Awaitable[object]]] = {
            "write": lambda person, given: person.writes(str(given["text"])),
            "edit": lambda person, given: person.edits(str(given["text"])),
            "send": lambda person, given: person.sends(**NOT_TEXT[given["kind"]]),
            "contact": lambda person, given: person.shares_contact(),
            "card": lambda person, given: person.sends(
                contact={"phone_number": "+4915112345678", "first_name": "Somebody", "last_name": "Else", "user_id": 1}
            ),
            "block": lambda person, given: person.blocks(),
            "unblock": lambda person, given: person.blocks(returns=True),
            "group": lambda person, given: person.writes_in(GROUP["id"], str(given["text"])),
            "press": self._press,
        }

    def routes(self) -> list[Route]:
        """For the server of the Bot API."""
        return [
            Route("/demo/state", self._state),
            Route("/demo/people", self._add, methods=["POST"]),
            Route("/demo/people/{id:int}/{act}", self._act, methods=["POST"]),
            Route("/{name}", self._file),
            Route("/", self._file),
        ]

    async def _file(self, request: Request) -> Response:
        name = FILES.get(request.path_params.get("name", ""))
        return Response(status_code=404) if name is None else FileResponse(PAGE / name, headers=HEADERS)

    async def _add(self, request: Request) -> Response:
        given = await request.json()
        person = Person(self._api, str(given["name"]).strip() or "Nobody", given["language"])
        self._people[person.id] = person
        await self._api.notify()
        return JSONResponse({"id": person.id})

    async def _act(self, request: Request) -> Response:
        person, act = self._people.get(request.path_params["id"]), self._acts.get(request.path_params["act"])
        if person is None or act is None:
            return Response(status_code=404)
        await act(person, await request.json())
        return Response(status_code=204)

    async def _press(self, person: Person, given: Json) -> None:
        shown = next(message for message in person.heard if message["message_id"] == given["message"])
        await person.presses_data(str(given["data"]), shown)

    async def _state(self, request: Request) -> Response:
        seen = int(request.query_params.get("seen", -1))
        # Nothing has changed, or the server stops: what is known is the answer all the same.
        with contextlib.suppress(TimeoutError, asyncio.CancelledError):
            await self._api.wait_for(lambda: self._api.version != seen, HOLD_SECONDS)
        return JSONResponse(
            {
                "version": self._api.version,
                "username": BOT["username"],
                "people": [self._person(person) for person in self._people.values()],
                "group": {"title": GROUP["title"], "messages": self._api.messages.get(GROUP["id"], [])},
            },
            headers=HEADERS,
        )

    def _person(self, person: Person) -> Json:
        api = self._api
        typed_at = api.typing.get(person.id)
        return {
            "id": person.id,
            "name": " ".join(part for part in (person.user["first_name"], person.user["last_name"]) if part),
            "language": person.user.get("language_code"),
            "blocked": person.id in api.blocked,
            "typing": typed_at is not None and time.monotonic() - typed_at < TYPING_SECONDS,
            "keyboard": api.keyboards.get(person.id),
            "messages": api.messages.get(person.id, []),
            "notices": [
                {"id": notice["callback_query_id"], "text": notice.get("text"), "alert": bool(notice.get("show_alert"))}
                for notice in api.notices
                if api.pressed.get(str(notice["callback_query_id"])) == person.id
            ],
            **{what: self._of_profile(what, person) for what in ("name_of_bot", "description", "commands")},
        }

    def _of_profile(self, what: str, person: Person) -> object:
        """As the person's client shows it: in its language, else what is set for all."""
        key = "name" if what == "name_of_bot" else what
        code = (person.user.get("language_code") or "").partition("-")[0]
        profile = self._api.profile
        return profile.get((key, code)) or profile.get((key, "")) or (BOT["first_name"] if key == "name" else None)
