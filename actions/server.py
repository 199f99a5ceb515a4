"""The action server: what the engine calls on loopback.

rasa-sdk's executor runs the actions; its own web server is not used, because it listens on all addresses, asks for no
password, and answers an error with the whole request, the person's data included.
"""

from __future__ import annotations

import hmac
import json
import logging
from pathlib import Path

import uvicorn
from rasa_sdk import Action
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from actions.access_form import AccessInquiry, AskAccessConfirm, ValidateAccessForm
from actions.fallback import OfferClosest
from actions.inquiry_form import AskConfirm, AskMessage, ValidateInquiryForm
from actions.privacy import SayPrivacy
from actions.questions import AskField
from actions.speech import Speech
from bot.delivery.inquiries import inquiry_service
from bot.knowledge import load_examples, load_knowledge, load_responses
from bot.privacy.logs import set_up_logging
from bot.settings import Settings, load_settings
from bot.store import Store

logger = logging.getLogger(__name__)

DATA = Path("data")


def all_actions(settings: Settings, store: Store) -> list[Action]:
    """Every action, built with what it needs."""
    inquiries = inquiry_service(store, settings)
    knowledge = load_knowledge(DATA / "knowledge")
    speech = Speech(load_responses(DATA / "responses"))
    return [
        ValidateInquiryForm(
            inquiries,
            knowledge,
            load_examples(DATA / "nlu" / "form.yml"),
            speech,
            consent_days=settings.retention_inquiry_days,
        ),
        AskMessage(speech),
        *(AskField(speech, "inquiry_form", field) for field in ("topic", "name", "company", "email", "country")),
        AskField(speech, "inquiry_form", "consent", retention_days=str(settings.retention_inquiry_days)),
        AskConfirm(knowledge, speech),
        ValidateAccessForm(inquiries, speech),
        AskField(speech, "access_form", "access_reference"),
        AskField(speech, "access_form", "access_email"),
        AskAccessConfirm(inquiries, speech),
        AccessInquiry(inquiries, speech),
        OfferClosest(knowledge, speech),
        SayPrivacy(speech, settings.retention_transcript_days, settings.retention_inquiry_days),
    ]


def create_app(settings: Settings, actions: list[Action]) -> Starlette:
    """The server's routes: `POST /webhook` as Rasa calls it, `GET /health`."""
    executor = ActionExecutor()
    for action in actions:
        executor.register_action(action)
    token = settings.engine_token.get_secret_value()

    async def webhook(request: Request) -> Response:
        given = request.headers.get("Authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
            return JSONResponse({"error": "unauthorised"}, status_code=401)
        try:
            call = json.loads(await request.body())
        except ValueError:
            return JSONResponse({"error": "the body must be JSON"}, status_code=400)
        # `endpoints.yml` keeps the domain out of calls; this SDK expects one of an engine as old as ours.
        call.setdefault("domain", {})
        try:
            result = await executor.run(call)
        except ActionExecutionRejection as error:
            return JSONResponse({"error": error.message, "action_name": error.action_name}, status_code=400)
        except ActionNotFoundException as error:
            return JSONResponse({"error": error.message, "action_name": error.action_name}, status_code=404)
        except Exception as error:
            # The name of the error and where it was raised, never its text: that may quote what somebody wrote.
            place = error.__traceback__
            while place is not None and place.tb_next is not None:
                place = place.tb_next
            where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else "?"
            logger.error("action %s failed: %s at %s", call.get("next_action"), type(error).__name__, where)
            return JSONResponse({"error": "the action failed"}, status_code=500)
        return JSONResponse(result.model_dump() if result else None)

    async def health(request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    return Starlette(routes=[Route("/webhook", webhook, methods=["POST"]), Route("/health", health)])


def main() -> None:
    """Serve until stopped."""
    settings = load_settings()
    set_up_logging(settings.log_level)
    store = Store(settings.database_url)
    app = create_app(settings, all_actions(settings, store))
    uvicorn.run(app, host="127.0.0.1", port=settings.actions_port, access_log=False, log_config=None)


if __name__ == "__main__":
    main()
