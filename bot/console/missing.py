"""Addresses that lead nowhere: for who is signed in a page that says so, for everybody else the way to sign in."""

from starlette.responses import Response

from bot.console.pages import Pages
from bot.console.visit import Visit
from bot.errors import NotFound

pages = Pages()


@pages.get("/{path:path}")
def show(_visit: Visit) -> Response:
    """There is no such page.

    Raises:
        NotFound: always.
    """
    raise NotFound("page")
