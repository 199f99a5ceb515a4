"""The chat page and its files."""

from pathlib import Path

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.staticfiles import StaticFiles

STATIC_FOLDER = Path(__file__).parent / "static"


def add_pages(app: FastAPI) -> None:
    """Serve the chat page at / and its files under /static/."""
    app.add_route("/", _chat_page, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=STATIC_FOLDER, check_dir=False))


async def _chat_page(_request: Request) -> FileResponse:
    return FileResponse(STATIC_FOLDER / "index.html")
