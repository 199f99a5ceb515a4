"""The website widget's modules: released under a hash of their content, and found under a path that stays."""

import base64
import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

WIDGET_FOLDER = Path(__file__).resolve().parents[2] / "widget"
ENTRY = "widget.js"
"""The module that pages load; it imports the others."""

RELEASE_CHARACTERS = 16
"""Of a SHA-256 in hexadecimal digits: 64 bits tell releases apart; that files are genuine is said by `integrity`."""

SHORT_CACHE = "public, max-age=60, must-revalidate"
LONG_CACHE = "public, max-age=31536000, immutable"
JAVASCRIPT = "text/javascript; charset=utf-8"


@dataclass(frozen=True)
class WidgetModule:
    """One module, ready to be sent.

    Arguments:
        content: as it is in its file.
        compressed: the same for browsers that take gzip, which all do.
        integrity: what a page may hold it to (Subresource Integrity).
    """

    content: bytes
    compressed: bytes
    integrity: str


@dataclass(frozen=True)
class WidgetRelease:
    """All modules as they are now.

    Arguments:
        name: a hash over all of them; any change makes another release.
        modules: by path, the entry first.
    """

    name: str
    modules: dict[str, WidgetModule]

    def address(self, path: str = ENTRY) -> str:
        """Where a module of this release is, which will never be another."""
        return f"/widget/{self.name}/{path}"


def load_widget(folder: Path = WIDGET_FOLDER) -> WidgetRelease:
    """Read the widget's modules.

    Raises:
        OSError: they cannot be read.
    """
    contents = {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.js"))}
    digest = hashlib.sha256()
    for path, content in contents.items():
        digest.update(path.encode() + b"\0" + hashlib.sha256(content).digest())
    entry_first = sorted(contents, key=lambda path: (path != ENTRY, path))
    return WidgetRelease(
        digest.hexdigest()[:RELEASE_CHARACTERS], {path: _module(contents[path]) for path in entry_first}
    )


def widget_routes(release: WidgetRelease) -> APIRouter:
    """Serve a release, the path that stays, and `/widget.json`, which says what is served."""
    router = APIRouter(redirect_slashes=False)
    # A module of one line, so that pages which embed the path that stays get long-cached modules all the same.
    entry = _module(f'import "{release.address()}";\n'.encode())

    @router.get("/widget.js", include_in_schema=False)
    async def stable_entry(request: Request) -> Response:
        return _javascript(request, entry, SHORT_CACHE)

    @router.get("/widget.json", include_in_schema=False)
    async def described_release() -> JSONResponse:
        modules = [
            {"path": release.address(path), "integrity": module.integrity} for path, module in release.modules.items()
        ]
        body = {"release": release.name, "script": modules[0], "modules": modules}
        return JSONResponse(body, headers={"Cache-Control": SHORT_CACHE})

    @router.get("/widget/{name}/{path:path}", include_in_schema=False)
    async def released_module(request: Request, name: str, path: str) -> Response:
        module = release.modules.get(path) if name == release.name else None
        if module is None:
            raise HTTPException(404)
        return _javascript(request, module, LONG_CACHE)

    return router


def _module(content: bytes) -> WidgetModule:
    integrity = base64.b64encode(hashlib.sha384(content).digest()).decode()
    # Without the time of compression the bytes are the same in every process.
    return WidgetModule(content, gzip.compress(content, mtime=0), f"sha384-{integrity}")


def _javascript(request: Request, module: WidgetModule, caching: str) -> Response:
    tag = f'"{module.integrity}"'
    headers = {"Cache-Control": caching, "ETag": tag, "Vary": "Accept-Encoding"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(module.content, media_type=JAVASCRIPT, headers=headers)
    return Response(module.compressed, media_type=JAVASCRIPT, headers={**headers, "Content-Encoding": "gzip"})
