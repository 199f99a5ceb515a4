"""Whether the process is up, and whether everything behind it is."""

import asyncio

import httpx
from fastapi import APIRouter
from fastapi.responses import JSONResponse

from bot.errors import StoreError
from bot.gateway.services import Services, ServicesDependency

_OK = "ok"
_UNAVAILABLE = "unavailable"

router = APIRouter()


@router.get("/healthz")
async def process_is_up() -> dict[str, str]:
    """The process is up."""
    return {"status": _OK}


@router.get("/readyz")
async def everything_is_up(services: ServicesDependency) -> JSONResponse:
    """200 if every part answers, else 503; the parts are named."""
    database, engine, actions = await asyncio.gather(
        _database_is_up(services), services.engine.ready(), _actions_are_up(services)
    )
    answers = {"database": database, "engine": engine, "actions": actions}
    parts = {name: _OK if answer else _UNAVAILABLE for name, answer in answers.items()}
    missing = [name for name, answer in answers.items() if not answer]
    if not missing:
        return JSONResponse({"status": _OK, "parts": parts})
    error = {"code": "not_ready", "message": f"not available: {', '.join(missing)}"}
    return JSONResponse({"status": _UNAVAILABLE, "parts": parts, "error": error}, 503)


async def _database_is_up(services: Services) -> bool:
    try:
        await asyncio.to_thread(services.store.check)
    except StoreError:
        return False
    return True


async def _actions_are_up(services: Services) -> bool:
    try:
        response = await services.actions.get("/health")
    except httpx.HTTPError:
        return False
    return response.status_code == httpx.codes.OK
