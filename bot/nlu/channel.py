"""The door of the engine: one HTTP channel for the app's processes, on loopback, with a shared token.

Rasa's REST channel is unused: it has no authentication, lets the caller choose the sender, and answers an exception
with 200 and an empty list. This one marks typed text as data, tells what was understood, and can forget a conversation.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.nlu.meanings import TEXTS_MAX, encoder_name, meanings
from bot.nlu.tracker_store import conversation_store
from bot.nlu.turn import TEXT_MARK, mark_text
from bot.privacy.logs import mask_logs

logger = logging.getLogger(__name__)

SESSION_START = "/session_start"

WARM_UP = (
    ("ko", "안녕하세요, 무엇을 할 수 있나요?"),
    ("de", "Guten Tag, was können Sie?"),
    ("en", "Hello, what can you do?"),
)
"""Said to a fresh engine before it calls itself ready: the first turn loads what is loaded lazily, over a second."""

_failures: ContextVar[list[str]] = ContextVar("failures")


class ActionFailureWatch(logging.Handler):
    """Notices actions that fail in a turn.

    Rasa logs an action's failure and goes on as if the action had done nothing; only its log tells.
    """

    def emit(self, record: logging.LogRecord) -> None:
        """Note a failure for the turn that is being handled."""
        if record.exc_info and "while running action" in record.getMessage():
            _failures.get([]).append(record.getMessage())


class ReplyCollector(OutputChannel):  # type: ignore[misc]
    """Keeps each response whole: text, buttons and custom payload together."""

    def __init__(self) -> None:
        self.replies: list[dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        """The channel's name in Rasa."""
        return "gateway"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Collect one response."""
        self.replies.append(
            {
                "text": (message.get("text") or "").replace(TEXT_MARK, ""),
                "buttons": [
                    {"title": button["title"], "payload": button["payload"]} for button in message.get("buttons") or []
                ],
                "custom": message.get("custom") or {},
            }
        )


class GatewayChannel(InputChannel):  # type: ignore[misc]
    """`POST turns` handles a message; `DELETE conversations/<id>` forgets one; `POST meanings` gives texts' vectors."""

    def __init__(self, token: str) -> None:
        self._token = token
        self._warm = False
        # Rasa has set up its own logging by now, which cannot be replaced; nobody has written to it yet.
        mask_logs()
        logging.getLogger("rasa.core.processor").addHandler(ActionFailureWatch())

    @classmethod
    def name(cls) -> str:
        """The part of the address behind `/webhooks/`."""
        return "gateway"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InputChannel:
        """Read the token from `credentials.yml`, which takes it from the environment.

        Raises:
            ValueError: no token; without one any process of the machine could speak as anybody.
        """
        token = (credentials or {}).get("token")
        if not token or "${" in str(token):
            raise ValueError("credentials.yml: the gateway channel needs a token; set BOT_ENGINE_TOKEN")
        return cls(str(token))

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The channel's routes."""
        routes = Blueprint("gateway_channel")

        @routes.get("/")
        async def health(request: Request) -> HTTPResponse:
            agent = request.app.ctx.agent
            if agent is None or not agent.is_ready():
                return response.json({"error": "no model is loaded"}, status=503)
            if not self._warm:
                await _warm_up(agent, self.name())
                self._warm = True
            return response.json({"status": "ok"})

        @routes.post("/turns")
        async def turn(request: Request) -> HTTPResponse:
            if not self._may(request):
                return response.json({"error": "unauthorised"}, status=401)
            agent = request.app.ctx.agent
            if agent is None or not agent.is_ready():
                return response.json({"error": "no model is loaded"}, status=503)
            call = request.json
            conversation = call["conversation"]
            if call.get("new_session"):
                await agent.handle_message(
                    UserMessage(SESSION_START, ReplyCollector(), conversation, input_channel=self.name())
                )
            collector = ReplyCollector()
            failures: list[str] = []
            _failures.set(failures)
            metadata = {key: call.get(key) for key in ("language", "pinned", "asks", "previous_entry", "payload")}
            message = UserMessage(
                mark_text(call["text"]),
                collector,
                conversation,
                input_channel=self.name(),
                message_id=str(call.get("message_id")),
                metadata=metadata,
            )
            await agent.handle_message(message)
            tracker = await conversation_store(agent.tracker_store).latest(conversation)
            # Half a reply is none: the gateway asks again, and apologises if it must.
            replies = [] if failures else collector.replies
            return response.json({"replies": replies, **_understood(tracker, metadata)})

        @routes.delete("/conversations/<conversation:str>")
        async def forget(request: Request, conversation: str) -> HTTPResponse:
            if not self._may(request):
                return response.json({"error": "unauthorised"}, status=401)
            await conversation_store(request.app.ctx.agent.tracker_store).delete(conversation)
            return response.empty()

        @routes.post("/meanings")
        async def meanings_of(request: Request) -> HTTPResponse:
            if not self._may(request):
                return response.json({"error": "unauthorised"}, status=401)
            texts = request.json.get("texts")
            if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts[: TEXTS_MAX + 1]):
                return response.json({"error": "texts must be a list of texts"}, status=400)
            if len(texts) > TEXTS_MAX:
                return response.json({"error": f"at most {TEXTS_MAX} texts"}, status=413)
            return response.json({"encoder": encoder_name(), "vectors": await meanings(texts)})

        return routes

    def _may(self, request: Request) -> bool:
        given = request.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {self._token}".encode())


async def _warm_up(agent: Any, channel: str) -> None:
    conversation = "warm-up"
    for language, text in WARM_UP:
        metadata = {"language": language}
        message = UserMessage(mark_text(text), ReplyCollector(), conversation, input_channel=channel, metadata=metadata)
        await agent.handle_message(message)
    await conversation_store(agent.tracker_store).delete(conversation)


def _understood(tracker: Any, metadata: dict[str, Any]) -> dict[str, Any]:
    """What the gateway records of a turn: never the text, which it has."""
    parsed = tracker.latest_message.parse_data
    intent = parsed.get("intent", {})
    faq = parsed.get("response_selector", {}).get("faq", {}).get("response", {})
    entry = (faq.get("intent_response_key") or "").partition("/")[2] or None
    entities = [
        {"entity": entity["entity"], "value": entity["value"]}
        for entity in parsed.get("entities", [])
        if entity["entity"] != "language"
    ]
    switched = intent.get("name") == "switch_language" and any(
        entity["entity"] == "target_language" for entity in entities
    )
    return {
        "intent": intent.get("name"),
        "entry": entry,
        "confidence": intent.get("confidence") or 0.0,
        "entities": entities,
        "language": tracker.get_slot("language") or metadata.get("language"),
        "pinned": bool(metadata.get("pinned")) or switched,
        "in_form": tracker.active_loop_name is not None,
    }
