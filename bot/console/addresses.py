"""Addresses of the console's pages, and which of them somebody may be sent on to."""

from urllib.parse import urlsplit

BASE = "/staff"
HOME = f"{BASE}/inquiries"
SIGN_IN = f"{BASE}/sign-in"
CODE = f"{BASE}/sign-in/code"


def case_address(reference: str) -> str:
    """The page of one inquiry."""
    return f"{BASE}/inquiries/{reference}"


def own_path(text: str | None) -> str:
    """`text` if it is a path of the console, or else the inbox: nobody is sent to another site by a link to ours."""
    path = text or ""
    # Browsers take a backslash for a slash, drop tabs and line breaks, and read "//" as the beginning of a host.
    if not path.startswith(f"{BASE}/") or not path.isascii() or not path.isprintable() or "\\" in path:
        return HOME
    parts = urlsplit(path)
    if parts.scheme or parts.netloc or "//" in parts.path or ".." in parts.path.split("/"):
        return HOME
    return path
