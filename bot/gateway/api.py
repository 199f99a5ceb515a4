"""The routes of the chat API."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from sse_starlette import EventSourceResponse

from bot.gateway.events import open_stream, parse_last_event_id
from bot.gateway.schemas import (
    AfterId,
    ErasureResponse,
    ErrorResponse,
    FeedbackRequest,
    GreetingResponse,
    MessagesResponse,
    PostRequest,
    StartRequest,
    StartResponse,
)
from bot.gateway.services import ServicesDependency
from bot.knowledge import Language
from bot.knowledge.preference import preferred_language

_BEARER = "bearer"
_UNKNOWN_ADDRESS = "unknown"


def _errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    return {status: {"model": ErrorResponse} for status in statuses}


async def _authorized(
    services: ServicesDependency, conversation_id: str, authorization: Annotated[str | None, Header()] = None
) -> str:
    """The id in the path, once its token was shown."""
    scheme, _, token = (authorization or "").partition(" ")
    await services.conversations.authorize(conversation_id, token.strip() if scheme.lower() == _BEARER else None)
    return conversation_id


AuthorizedId = Annotated[str, Depends(_authorized)]

router = APIRouter(prefix="/api/conversations", redirect_slashes=False)
greeting_router = APIRouter(prefix="/api/greeting", redirect_slashes=False)


@greeting_router.get("", responses=_errors(422))
async def greet(
    services: ServicesDependency,
    language: Language | None = None,
    accept_language: Annotated[str | None, Header()] = None,
) -> GreetingResponse:
    """What a conversation begins with. Nothing is started and nothing stored."""
    spoken = language if language is not None else preferred_language(accept_language)
    return GreetingResponse.model_validate(services.conversations.greet(spoken))


@router.post("", status_code=201, responses=_errors(400, 413, 422, 429, 503))
async def start_conversation(
    services: ServicesDependency,
    request: Request,
    body: StartRequest,
    accept_language: Annotated[str | None, Header()] = None,
) -> StartResponse:
    """Start a conversation. The token in the answer opens all other calls."""
    await services.limits.check_start(request.client.host if request.client else _UNKNOWN_ADDRESS)
    started = await services.conversations.start(body.language, likely_language=preferred_language(accept_language))
    return StartResponse.model_validate(started)


@router.post("/{conversation_id}/messages", responses=_errors(400, 401, 404, 409, 413, 422, 429, 503))
async def post_message(
    services: ServicesDependency, conversation_id: AuthorizedId, body: PostRequest
) -> MessagesResponse:
    """Have a message answered. The same client_id again brings the same answer and does nothing twice."""
    await services.limits.check_message(conversation_id)
    replies = await services.conversations.post(
        conversation_id, str(body.client_id), text=body.text, button=body.button
    )
    return MessagesResponse.of(replies)


@router.get("/{conversation_id}/messages", responses=_errors(401, 404, 422, 503))
async def list_messages(
    services: ServicesDependency, conversation_id: AuthorizedId, after: Annotated[AfterId, Query()] = 0
) -> MessagesResponse:
    """All messages with an id above `after`."""
    return MessagesResponse.of(await services.conversations.messages(conversation_id, after))


@router.get(
    "/{conversation_id}/events",
    response_class=EventSourceResponse,
    responses={200: {"content": {"text/event-stream": {}}}, **_errors(401, 404, 422, 429, 503)},
)
async def follow_conversation(
    services: ServicesDependency,
    conversation_id: AuthorizedId,
    last_event_id: Annotated[str | None, Header()] = None,
) -> EventSourceResponse:
    """Server-sent events `message` and `typing` from now on; with Last-Event-ID, first what was missed since."""
    return await open_stream(services.conversations, conversation_id, parse_last_event_id(last_event_id))


@router.post("/{conversation_id}/feedback", status_code=204, responses=_errors(400, 401, 404, 413, 422, 503))
async def rate_message(services: ServicesDependency, conversation_id: AuthorizedId, body: FeedbackRequest) -> Response:
    """Say whether a message helped; the last word counts."""
    await services.conversations.feedback(conversation_id, body.message_id, helpful=body.helpful, comment=body.comment)
    return Response(status_code=204)


@router.delete("/{conversation_id}", responses=_errors(401, 404, 503))
async def erase_conversation(services: ServicesDependency, conversation_id: AuthorizedId) -> ErasureResponse:
    """Erase everything about the visitor but what a logged inquiry's consent keeps; both are named."""
    return ErasureResponse.model_validate(await services.conversations.erase(conversation_id))
