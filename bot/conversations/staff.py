"""What staff can do in a conversation: read it, take it over, speak in it, and give it back to the assistant."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.conversations.message import Message
from bot.conversations.record import messages_after
from bot.conversations.text import clean_text
from bot.delivery.outbox import NewDelivery, put
from bot.errors import ConversationHeld, ConversationNotHeld, InvalidField, NotFound
from bot.knowledge import Language
from bot.settings import Settings
from bot.store import Conversation, DeliveryKind, Hold, Inquiry, Store, utc_now

TEXT_MAX_CHARACTERS = 4000
NAME_MAX_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class HeldConversation:
    """A conversation that staff hold: who, since when, and until when if they say nothing more."""

    conversation_id: str
    staff: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class StaffView:
    """A conversation as staff see it; `references` are the inquiries logged in it."""

    id: str
    channel: str
    language: Language
    references: tuple[str, ...]
    hold: HeldConversation | None
    messages: tuple[Message, ...]


class StaffConversations:
    """Staff in conversations. Every method is one transaction; safe to use from several threads and processes.

    What the asker is told goes through the outbox: into the page through the gateway, whatever process this is.

    Args:
        store: the database.
        settings: how long a conversation stays with staff.
        clock: the time in UTC.
    """

    def __init__(self, store: Store, settings: Settings, clock: Callable[[], datetime] = utc_now) -> None:
        self._store = store
        self._hold = timedelta(minutes=settings.hold_minutes)
        self._clock = clock

    def find(self, name: str) -> str:
        """The id of a conversation, given it or the reference of an inquiry that was logged in it.

        Raises:
            NotFound: there is none, or it was erased.
        """
        with self._store.reading() as session:
            query = select(Inquiry.conversation_id).where(Inquiry.reference == name.strip().upper())
            conversation_id = session.scalar(query) or name.strip().lower()
            if session.get(Conversation, conversation_id) is None:
                raise NotFound("conversation")
            return conversation_id

    def view(self, conversation_id: str, after: int = 0) -> StaffView:
        """A conversation with its messages above the id `after`.

        Raises:
            NotFound: no such conversation.
        """
        with self._store.reading() as session:
            conversation = _conversation(session, conversation_id)
            references = select(Inquiry.reference).where(Inquiry.conversation_id == conversation_id)
            hold = session.get(Hold, conversation_id)
            return StaffView(
                id=conversation.id,
                channel=conversation.channel,
                language=Language(conversation.language),
                references=tuple(session.scalars(references.order_by(Inquiry.id))),
                hold=_held(hold) if hold is not None and hold.until > self._clock() else None,
                messages=messages_after(session, conversation_id, after),
            )

    def held(self) -> tuple[HeldConversation, ...]:
        """All conversations that staff hold, the longest held first."""
        with self._store.reading() as session:
            query = select(Hold).where(Hold.until > self._clock()).order_by(Hold.since, Hold.conversation_id)
            return tuple(_held(hold) for hold in session.scalars(query))

    def take_over(self, conversation_id: str, staff: str) -> HeldConversation:
        """Hold a conversation: the assistant is silent in it from now on, and the asker is told so.

        Who holds it already goes on holding it, for the full time again.

        Raises:
            NotFound: no such conversation.
            ConversationHeld: a colleague holds it.
            InvalidField: no name.
        """
        staff = _name(staff)
        with self._store.session() as session:
            now = self._clock()
            conversation = _conversation(session, conversation_id)
            hold = session.get(Hold, conversation_id, with_for_update=True)
            if hold is not None and hold.until <= now:
                self._release(session, conversation, hold)
                hold = None
            if hold is None:
                hold = Hold(conversation_id=conversation_id, staff=staff, since=now, until=now + self._hold)
                session.add(hold)
                # The row first: of two who take over at once, one is told nothing, as the other's is refused.
                session.flush()
                self._tell(session, conversation, DeliveryKind.TAKEN_OVER)
            elif hold.staff != staff:
                raise ConversationHeld(hold.staff)
            hold.until = now + self._hold
            return _held(hold)

    def say(self, conversation_id: str, staff: str, text: str, *, key: str | None = None) -> HeldConversation:
        """Say something in a conversation that `staff` hold; they then hold it for the full time again.

        Args:
            conversation_id: where.
            staff: who.
            text: what, as plain text.
            key: made up for this message; the same again says it once.

        Raises:
            NotFound: no such conversation.
            ConversationNotHeld: nobody holds it, or the time was up.
            ConversationHeld: a colleague holds it.
            InvalidField: no text, or too much.
        """
        text = clean_text(text, field="text", limit=TEXT_MAX_CHARACTERS)
        with self._store.session() as session:
            now = self._clock()
            conversation = _conversation(session, conversation_id)
            hold = session.get(Hold, conversation_id, with_for_update=True)
            if hold is None or hold.until <= now:
                raise ConversationNotHeld
            if hold.staff != _name(staff):
                raise ConversationHeld(hold.staff)
            hold.until = now + self._hold
            self._tell(session, conversation, DeliveryKind.STAFF_MESSAGE, text=text, key=key)
            return _held(hold)

    def release(self, conversation_id: str) -> None:
        """Give a conversation back to the assistant, whoever holds it; the asker is told so.

        Raises:
            NotFound: no such conversation.
            ConversationNotHeld: nobody holds it.
        """
        with self._store.session() as session:
            conversation = _conversation(session, conversation_id)
            hold = session.get(Hold, conversation_id, with_for_update=True)
            if hold is None:
                raise ConversationNotHeld
            self._release(session, conversation, hold)

    def release_expired(self) -> int:
        """Give back every conversation whose time is up; return how many."""
        with self._store.reading() as session:
            if session.scalar(select(Hold.conversation_id).where(Hold.until <= self._clock()).limit(1)) is None:
                return 0
        with self._store.session() as session:
            query = select(Hold).where(Hold.until <= self._clock()).with_for_update(skip_locked=True)
            holds = session.scalars(query).all()
            for hold in holds:
                self._release(session, _conversation(session, hold.conversation_id), hold)
            return len(holds)

    def _release(self, session: Session, conversation: Conversation, hold: Hold) -> None:
        session.delete(hold)
        session.flush()
        self._tell(session, conversation, DeliveryKind.RELEASED)

    def _tell(
        self,
        session: Session,
        conversation: Conversation,
        kind: DeliveryKind,
        *,
        text: str | None = None,
        key: str | None = None,
    ) -> None:
        new = NewDelivery(
            key=f"{kind}:{conversation.id}:{key or secrets.token_hex(8)}",
            kind=kind,
            channel=conversation.channel,
            language=conversation.language,
            conversation_id=conversation.id,
            text=text,
        )
        put(session, new, self._clock())


def _conversation(session: Session, conversation_id: str) -> Conversation:
    conversation = session.get(Conversation, conversation_id)
    if conversation is None:
        raise NotFound("conversation")
    return conversation


def _held(hold: Hold) -> HeldConversation:
    return HeldConversation(hold.conversation_id, hold.staff, hold.since, hold.until)


def _name(staff: str) -> str:
    name = " ".join(staff.split())
    if not name.isprintable() or not 0 < len(name) <= NAME_MAX_CHARACTERS:
        raise InvalidField("staff", "name", NAME_MAX_CHARACTERS)
    return name
