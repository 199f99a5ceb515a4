"""Conversations: what every face calls to start one, to have a message answered, to read, to rate and to erase."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, TypeVar
from weakref import WeakValueDictionary

from sqlalchemy.orm import Session

from bot.conversations import record, turns
from bot.conversations.broker import Broker, MessageEvent, TypingEvent
from bot.conversations.cases import Cases
from bot.conversations.delivered import record_delivery
from bot.conversations.engine import EngineClient, Pause, TurnResult
from bot.conversations.erasure import ErasureReport, erase_conversation, erase_within
from bot.conversations.message import Answered, Greeting, Message, StartedConversation
from bot.conversations.replies import apology, check_responses, compose, greeting
from bot.conversations.text import clean_text
from bot.conversations.to_staff import StaffDesk
from bot.conversations.turns import Post, Turn
from bot.delivery import ClaimedDelivery
from bot.errors import AssistantError, EngineError, InvalidField, NotFound, Unauthorized
from bot.knowledge import KnowledgeBase, Language, ResponseButton, Responses
from bot.privacy.pseudonyms import Pseudonyms
from bot.settings import Settings
from bot.store import WEB_CHANNEL, Sender, Store, Transactions, hash_token

COMMENT_MAX_CHARACTERS = 1000

READY_CHECK_SECONDS = 1.0

KNOWN_TOKENS_MAX = 10_000
"""Tokens remembered in memory, so that most calls need no look-up."""

_log = logging.getLogger(__name__)

_Result = TypeVar("_Result")
_Begin = Callable[[Session], Turn | Answered]


class Conversations:
    """The conversations of one process.

    Turns of one conversation run one after the other in the order they came, those of different conversations side
    by side. A visitor's message is recorded before the engine is asked, and its replies in one transaction with all
    that changes: a crash leaves a message without an answer, which `recover` finds, but never half an answer.

    Args:
        store: the database.
        engine: the dialogue engine.
        knowledge: for sources and follow-up questions.
        responses: for what is said without the engine.
        settings: for limits.
        broker: where events are published; one of its own if left out.
        pause: waits between looks whether the engine is ready.

    Raises:
        ConfigurationError: a response is missing.
    """

    def __init__(
        self,
        store: Store,
        engine: EngineClient,
        knowledge: KnowledgeBase,
        responses: Responses,
        settings: Settings,
        *,
        broker: Broker | None = None,
        pause: Pause = asyncio.sleep,
    ) -> None:
        check_responses(responses)
        self.broker = broker if broker is not None else Broker()
        self.transactions = Transactions(store)
        self._desk = StaffDesk(responses, Cases(store, settings))
        self._engine = engine
        self._knowledge = knowledge
        self._responses = responses
        self._pseudonyms = Pseudonyms(settings)
        self._max_characters = settings.message_max_characters
        self._session_turns = settings.engine_session_turns
        self._pause = pause
        self._tokens: dict[str, str] = {}
        # A lock lives as long as somebody holds it or waits for it.
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._running: set[asyncio.Task[Any]] = set()

    def greet(self, language: Language) -> Greeting:
        """What a conversation would begin with, before there is one: nothing is recorded."""
        first = greeting(self._responses, language)
        return Greeting(language, first.text, tuple(button.title for button in first.buttons))

    async def start(
        self,
        language: Language | None = None,
        *,
        channel: str = WEB_CHANNEL,
        likely_language: Language = Language.ENGLISH,
    ) -> StartedConversation:
        """Start a conversation with a greeting.

        Args:
            language: what the visitor chose; None if they did not. Who then writes in another is answered in that one.
            channel: the face it is held through.
            likely_language: what to greet in if they did not choose.

        Raises:
            StoreError: the database failed.
        """
        spoken = language if language is not None else likely_language
        first = greeting(self._responses, spoken)
        return await self.transactions.write(partial(record.start, channel=channel, language=spoken, greeting=first))

    async def authorize(self, conversation_id: str, token: str | None) -> None:
        """Make sure that the bearer of `token` may use the conversation.

        Raises:
            Unauthorized: the token is missing, or opens nothing.
            NotFound: it opens another conversation; whether this one exists is not said.
        """
        if not token:
            raise Unauthorized
        token_hash = hash_token(token)
        owner = self._tokens.get(token_hash)
        if owner is None:
            owner = await self.transactions.read(
                partial(record.conversation_of_token, token_hash=token_hash, conversation_id=conversation_id)
            )
            if owner is None:
                raise Unauthorized
            if len(self._tokens) >= KNOWN_TOKENS_MAX:
                del self._tokens[next(iter(self._tokens))]
            self._tokens[token_hash] = owner
        if owner != conversation_id:
            raise NotFound("conversation")

    async def post(
        self,
        conversation_id: str,
        client_id: str | None,
        *,
        text: str | None = None,
        button: str | None = None,
        choice: ResponseButton | None = None,
    ) -> list[Message]:
        """Have a message answered and return the replies. If the engine fails, the reply is an apology.

        While staff hold the conversation there are none: the message waits for them, and what they say comes later.

        Args:
            conversation_id: where.
            client_id: a UUID that the face made up for this message; the same again returns the same replies and
                does nothing twice, also while the first call runs. None: every call is a message of its own.
            text: what the visitor typed, or
            button: the id of the button they pressed, or
            choice: what they chose from the face's own menu, never made of what they typed.

        Raises:
            InvalidField: the text is empty or too long, or the button is not one of this conversation.
            NotFound: no such conversation.
            StoreError: the database failed; the same call may be made again.
        """
        if sum(given is not None for given in (text, button, choice)) != 1:
            raise InvalidField("text", "text_or_button")
        if text is not None:
            text = clean_text(text, field="text", limit=self._max_characters)
        post = Post(client_id, text, button, choice)
        begin = partial(
            turns.begin_turn,
            conversation_id=conversation_id,
            post=post,
            session_turns=self._session_turns,
            desk=self._desk,
        )
        return await self._in_order(conversation_id, lambda: self._answer(conversation_id, begin))

    async def knows(self, conversation_id: str, client_id: str) -> bool:
        """Whether `post` has been called with this `client_id` before, perhaps by a process that has since ended."""
        work = partial(record.knows, conversation_id=conversation_id, client_id=client_id)
        return await self.transactions.read(work)

    async def asked(self, conversation_id: str, *, before: int | None = None) -> str | None:
        """The field that the last message of the assistant asks for; with `before`, the last one below that id."""
        return await self.transactions.read(
            partial(record.asked_before, conversation_id=conversation_id, before=before)
        )

    async def messages(self, conversation_id: str, after: int = 0) -> list[Message]:
        """All messages with an id above `after`, the visitor's own too.

        Raises:
            NotFound: no such conversation.
        """
        work = partial(record.messages_after, conversation_id=conversation_id, after=after)
        return list(await self.transactions.read(work))

    async def feedback(
        self, conversation_id: str, message_id: int, *, helpful: bool, comment: str | None = None
    ) -> None:
        """Record whether a message helped; a second time replaces the first.

        Raises:
            NotFound: no such message in this conversation, or the visitor's own.
            InvalidField: the comment is too long.
        """
        if comment is not None and comment.strip():
            comment = clean_text(comment, field="comment", limit=COMMENT_MAX_CHARACTERS)
        else:
            comment = None
        await self.transactions.write(
            partial(
                record.rate_message,
                conversation_id=conversation_id,
                message_id=message_id,
                helpful=helpful,
                comment=comment,
            )
        )

    async def record(self, delivery: ClaimedDelivery) -> Message:
        """Write a delivery into its conversation, between the turns that run in it, and tell its followers.

        Once however often it is called for the same delivery: after a crash the message is there, or it is not.

        Raises:
            LeaseLost: the conversation was erased, and the delivery with it.
            StoreError: the database failed, or another worker records it at this moment; try again.
        """
        conversation_id = delivery.conversation_id
        if conversation_id is None:
            raise NotFound("conversation")
        return await self._in_order(conversation_id, lambda: self._record(conversation_id, delivery))

    async def erase(self, conversation_id: str) -> ErasureReport:
        """Erase a conversation, after the turns that run or wait in it. Logged inquiries are kept and named.

        Raises:
            NotFound: no such conversation.
            EngineError: the engine could not be told to forget it; nothing is erased, so that it can be tried again.
        """
        return await self._in_order(conversation_id, lambda: self._erase(conversation_id))

    async def recover(self, channel: str = WEB_CHANNEL) -> int:
        """Answer the messages that a crash left without an answer, in the order they came; return how many.

        Only those of the channel whose face runs in this process: another's may be being answered right now.
        Waits until the engine is ready: an apology would not be worth the wait.
        """
        pending = await self.transactions.read(partial(turns.pending_messages, channel=channel))
        if not pending:
            return 0
        while not await self._engine.ready():
            await self._pause(READY_CHECK_SECONDS)
        recovered = 0
        for conversation_id, message_id in pending:
            begin = partial(
                turns.resume_turn,
                conversation_id=conversation_id,
                message_id=message_id,
                session_turns=self._session_turns,
            )
            try:
                await self._in_order(conversation_id, partial(self._answer, conversation_id, begin))
                recovered += 1
            except AssistantError as error:
                _log.warning("message %d stays without an answer: %s", message_id, error)
        _log.info("answered %d messages left from before", recovered)
        return recovered

    async def close(self) -> None:
        """End all streams and wait for the turns that run."""
        self.broker.close_all()
        if self._running:
            await asyncio.wait(tuple(self._running))

    async def _in_order(self, conversation_id: str, work: Callable[[], Coroutine[Any, Any, _Result]]) -> _Result:
        """Run `work` after what came before in the conversation; to its end, even if the caller goes away."""
        task = asyncio.create_task(self._locked(conversation_id, work))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return await asyncio.shield(task)

    async def _locked(self, conversation_id: str, work: Callable[[], Coroutine[Any, Any, _Result]]) -> _Result:
        lock = self._locks.setdefault(conversation_id, asyncio.Lock())
        async with lock:
            return await work()

    async def _answer(self, conversation_id: str, begin: _Begin) -> list[Message]:
        turn = await self.transactions.write(begin)
        if isinstance(turn, Answered):
            if turn.message is not None:
                for message in (turn.message, *turn.replies):
                    self.broker.publish(conversation_id, MessageEvent(message))
            return list(turn.replies)
        if turn.is_new:
            self.broker.publish(conversation_id, MessageEvent(turn.message))
        self.broker.publish(conversation_id, TypingEvent(Sender.BOT))
        replies = await self._replies(turn)
        for reply in replies:
            self.broker.publish(conversation_id, MessageEvent(reply))
        return list(replies)

    async def _replies(self, turn: Turn) -> tuple[Message, ...]:
        try:
            result = await self._ask_engine(turn)
        except EngineError as error:
            _log.warning("message %d is answered with an apology: %s: %s", turn.message.id, error.code, error)
            reply = apology(self._responses, turn.request.language, turn.repeats)
            return await self.transactions.write(partial(turns.finish_without_answer, turn=turn, reply=reply))
        replies = compose(result, self._knowledge)
        finish = partial(turns.finish_turn, turn=turn, result=result, replies=replies, desk=self._desk)
        if result.erases_conversation:
            conversation_id = turn.request.conversation
            pseudonym = self._pseudonyms.of_conversation(conversation_id)
            erase = partial(erase_within, conversation_id=conversation_id, pseudonym=pseudonym, finish=finish)
            return await self.transactions.write(erase)
        return await self.transactions.write(finish)

    async def _ask_engine(self, turn: Turn) -> TurnResult:
        result = await self._engine.turn(turn.request)
        if result.erases_conversation:
            # Before the record is erased: if it fails, the visitor is not told that all is gone.
            await self._engine.forget(turn.request.conversation)
        return result

    async def _record(self, conversation_id: str, delivery: ClaimedDelivery) -> Message:
        work = partial(record_delivery, delivery=delivery, responses=self._responses, desk=self._desk)
        recorded = await self.transactions.write(work)
        if recorded.is_new:
            self.broker.publish(conversation_id, MessageEvent(recorded.message))
        return recorded.message

    async def _erase(self, conversation_id: str) -> ErasureReport:
        await self._engine.forget(conversation_id)
        report = await self.transactions.write(
            partial(
                erase_conversation,
                conversation_id=conversation_id,
                responses=self._responses,
                pseudonym=self._pseudonyms.of_conversation(conversation_id),
            )
        )
        self._tokens = {known: owner for known, owner in self._tokens.items() if owner != conversation_id}
        self.broker.close(conversation_id)
        return report
