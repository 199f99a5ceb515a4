"""The one cookie of the console: the key to a session, or before there is one, a number that forms are bound to."""

import ipaddress

from starlette.requests import Request
from starlette.responses import Response

from bot.settings import Settings
from bot.store import new_token

SECURE_NAME = "__Host-staff"
"""Browsers take a name that begins so only over HTTPS, for this host only, and for all paths."""

LOOPBACK_NAME = "staff"
"""Used only on this machine without TLS, where browsers refuse the other name."""

_MAX_CHARACTERS = 100


def read_token(request: Request, settings: Settings) -> str:
    """What the cookie holds; empty if there is none."""
    token = request.cookies.get(_name(request, settings), "")
    return token if len(token) <= _MAX_CHARACTERS else ""


def new_form_token() -> str:
    """For who is not signed in: as unguessable as the key to a session, but the key to nothing."""
    return new_token()


def set_token(request: Request, response: Response, settings: Settings, token: str) -> None:
    """Keep the token in the browser until it is closed."""
    name = _name(request, settings)
    response.set_cookie(name, token, path="/", secure=name == SECURE_NAME, httponly=True, samesite="lax")


def _name(request: Request, settings: Settings) -> str:
    # Behind a proxy that says nothing of itself, calls look as if they came from here without TLS.
    is_public = (settings.public_url or "").startswith("https://")
    is_plain = request.url.scheme == "http" and _is_loopback(request.url.hostname)
    return LOOPBACK_NAME if is_plain and not is_public else SECURE_NAME


def _is_loopback(host: str | None) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False
