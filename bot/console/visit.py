"""One call of one page: who makes it, in which language, and what the page answers with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.console.catalogue import translations
from bot.console.cookies import set_token
from bot.console.rendering import render
from bot.console.services import ConsoleServices
from bot.errors import Unauthorized
from bot.knowledge import Language
from bot.staff import SignedIn, StaffMember, may
from bot.store import StaffRole, utc_now

HTTP_SEE_OTHER = 303


@dataclass(frozen=True)
class Visit:
    """What a page is given.

    Arguments:
        request: as it came; its body has been read already.
        services: what pages call.
        token: of the cookie, or a new one for who had none.
        signed_in: None only on pages that are open to anybody.
        language: of the page.
        form: what a form sent; empty for GET.
    """

    request: Request
    services: ConsoleServices
    token: str
    signed_in: SignedIn | None
    language: Language
    form: FormData = field(default_factory=FormData)

    @property
    def member(self) -> StaffMember:
        """Who makes the call.

        Raises:
            Unauthorized: nobody is signed in.
        """
        if self.signed_in is None:
            raise Unauthorized
        return self.signed_in.member

    @cached_property
    def now(self) -> datetime:
        """The moment of the call, the same all over the page."""
        return utc_now()

    @property
    def address(self) -> str:
        """The address of the device that calls; of no use but for counting attempts."""
        return self.request.client.host if self.request.client else ""

    @property
    def path(self) -> str:
        """The whole path that was asked for, with what follows the question mark."""
        query = self.request.url.query
        return f"{self.request.url.path}?{query}" if query else self.request.url.path

    def may(self, role: StaffRole) -> bool:
        """Whether who calls may do what `role` is needed for; nobody may do nothing."""
        return self.signed_in is not None and not self.signed_in.is_pending and may(self.member.role, role)

    def parameter(self, name: str) -> str:
        """A part of the path, such as the reference in /inquiries/{reference}."""
        return str(self.request.path_params[name])

    def query(self, name: str) -> str:
        """A parameter behind the question mark; empty if it is not there."""
        return self.request.query_params.get(name, "")

    def sent(self, name: str) -> str:
        """A field of the form; empty if it is not there, or a file."""
        value = self.form.get(name, "")
        return "" if isinstance(value, UploadFile) else value

    def sent_list(self, name: str) -> list[str]:
        """All values of a field that may come several times."""
        return [value for value in self.form.getlist(name) if isinstance(value, str)]

    def say(self, message: str, **values: object) -> str:
        """A text of the catalogue in the language of the page; for Python, as `_()` is for templates."""
        text = translations(self.language).gettext(message)
        return text % values if values else text

    def render(self, template: str, /, status: int = 200, **context: Any) -> Response:
        """A page made of a template."""
        response = HTMLResponse(render(self, template, context), status)
        return self.with_cookie(response)

    def go(self, path: str, *, done: str | None = None, parameters: Mapping[str, str] | None = None) -> Response:
        """Send the browser on to another page after a form; `done` names the notice shown there (`notices.py`)."""
        query = {**(parameters or {}), **({"done": done} if done else {})}
        joint = "&" if "?" in path else "?"
        address = f"{path}{joint}{urlencode(query)}" if query else path
        return self.with_cookie(RedirectResponse(address, HTTP_SEE_OTHER))

    def with_cookie(self, response: Response, token: str | None = None) -> Response:
        """Set the cookie where the browser has another one, or none."""
        wanted = token or self.token
        if wanted not in self.request.cookies.values():
            set_token(self.request, response, self.services.settings, wanted)
        return response
