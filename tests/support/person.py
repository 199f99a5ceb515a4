"""A person who leaves something in every table there is, and the search for what is left of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, bindparam, inspect, text

from bot.delivery.inquiries import InquiryOutbox
from bot.inquiries import Desk, Inquiries, InquiryDraft, staff
from bot.privacy import telegram_tables as telegram
from bot.privacy.engine_memory import EVENTS
from bot.settings import Settings
from bot.store import (
    Button,
    Conversation,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Feedback,
    Hold,
    Message,
    MessageState,
    Sender,
    Store,
    UtcDateTime,
    hash_token,
    utc_now,
)
from bot.store.session import open_engine

STAFF = "Petra Sachbearbeiterin"


@dataclass(frozen=True)
class Person:
    """Somebody with a conversation and an inquiry. `key` makes them another person."""

    key: str
    name: str
    email: str
    phone: str
    word: str
    chat_id: int

    @property
    def conversation_id(self) -> str:
        return (self.key * 32)[:32]

    @property
    def traces(self) -> tuple[str, ...]:
        """What nobody else in the database has."""
        return (self.name, self.email, self.phone, self.word, self.conversation_id, str(self.chat_id))

    def live(self, settings: Settings, store: Store, at: datetime | None = None) -> str:
        """Leave something everywhere; returns the inquiry's reference.

        Arguments:
            at: when all of it happened; now if left out.
        """
        at = at or utc_now()
        with store.session() as session:
            session.add(
                Conversation(
                    id=self.conversation_id,
                    token_hash=hash_token(self.key),
                    channel="telegram",
                    language="de",
                    created_at=at,
                    updated_at=at,
                )
            )
            session.flush()
            asked = Message(
                conversation_id=self.conversation_id,
                sender=Sender.USER,
                text=f"Ich bin {self.name} ({self.phone}, {self.email}) und frage wegen {self.word}.",
                language="de",
                client_id=f"client-{self.key}",
                state=MessageState.ANSWERED,
                payload=f'/use_question{{"question": "{self.word}"}}',
                entities=[{"entity": "technology", "value": self.word.lower()}],
                created_at=at,
            )
            session.add(asked)
            session.flush()
            answered = Message(
                conversation_id=self.conversation_id,
                sender=Sender.BOT,
                text=f"Zu {self.word}, {self.name}: ...",
                language="de",
                reply_to=asked.id,
                created_at=at,
            )
            session.add(answered)
            session.flush()
            session.add_all(
                [
                    Button(
                        message_id=answered.id,
                        conversation_id=self.conversation_id,
                        position=0,
                        title=f"Ja, {self.word}",
                        payload=f'/use_question{{"question": "{self.word}"}}',
                    ),
                    Feedback(
                        message_id=answered.id,
                        conversation_id=self.conversation_id,
                        helpful=False,
                        comment=f"Rufen Sie mich an: {self.phone}",
                        created_at=at,
                    ),
                    Hold(conversation_id=self.conversation_id, staff=STAFF, since=at, until=at + timedelta(minutes=1)),
                ]
            )
        reference = self._log_inquiry(settings, store, at)
        self._use_telegram(store, at)
        self._talk_to_engine(settings, at)
        return reference

    def _log_inquiry(self, settings: Settings, store: Store, at: datetime) -> str:
        inquiries = Inquiries(store, clock=lambda: at, desk=Desk.of(settings, InquiryOutbox(settings, lambda: at)))
        draft = InquiryDraft(
            conversation_id=self.conversation_id,
            language="de",
            topic="starthub",
            message=f"Bitte um Beratung zu {self.word}. Tel. {self.phone}",
            name=self.name,
            company=f"{self.word} GmbH",
            email=self.email,
            country="DE",
            consent_version="2026-11",
            idempotency_key=f"{self.conversation_id}:form",
        )
        reference = inquiries.log(draft).reference
        with inquiries.change(reference, staff(STAFF)) as case:
            case.assign(STAFF)
            case.tag(self.word.lower()[:20])
            case.note(f"{self.name} hat angerufen, {self.phone}")
            case.reply(f"Guten Tag {self.name}, zu {self.word} ...", "de")
        with store.session() as session:
            session.add(
                Delivery(
                    key=f"staff:{self.conversation_id}:1",
                    kind=DeliveryKind.STAFF_MESSAGE,
                    channel="telegram",
                    language="de",
                    conversation_id=self.conversation_id,
                    text=f"{self.name}, sind Sie noch da?",
                    state=DeliveryState.FAILED,
                    error=f"550 no such user <{self.email}>",
                    created_at=at,
                    settled_at=at,
                )
            )
        return reference

    def _use_telegram(self, store: Store, at: datetime) -> None:
        chat = {"chat_id": self.chat_id, "conversation_id": self.conversation_id, "reachable": True}
        updates = [
            {"update_id": self.chat_id + number, "chat_id": self.chat_id, "content": content, "state": state}
            for number, state, content in ((1, "pending", f"{self.name}: {self.word}"), (2, "done", None))
        ]
        with store.session() as session:
            session.execute(_INSERT_CHAT, chat | {"at": at})
            session.execute(_INSERT_UPDATE, [update | {"at": at} for update in updates])

    def _talk_to_engine(self, settings: Settings, at: datetime) -> None:
        said = {"event": "user", "text": f"{self.name} {self.email} {self.phone} {self.word}"}
        slot = {"event": "slot", "name": "name", "value": self.name}
        engine = open_engine(settings.tracker_url)
        with engine.begin() as connection:
            for number, data in enumerate((said, slot)):
                connection.execute(
                    text(
                        "INSERT INTO events (sender_id, type_name, timestamp, data)"
                        " VALUES (:sender_id, :type_name, :at, :data)"
                    ),
                    {
                        "sender_id": self.conversation_id,
                        "type_name": data["event"],
                        "at": at.timestamp() + number,
                        "data": json.dumps(data),
                    },
                )
        engine.dispose()


ANNA = Person("a1", "Anna Zwyqvist", "anna.zwyqvist@xqfirma.example", "+49 171 5550199", "Xqzwyt", 770_015_550_199)
BORIS = Person("b2", "Boris Unberuehrt", "boris@andere.example", "+49 171 5550211", "Brennstoff", 880_015_550_211)


def make_other_tables(settings: Settings, store: Store) -> None:
    """What other programs make: Rasa's table of events, and Telegram's where that face is not part of the program."""
    with store.engine.begin() as connection:
        if not telegram.are_there(connection):
            for statement in _TELEGRAM_TABLES:
                connection.execute(text(statement))
    engine = open_engine(settings.tracker_url)
    identity = "INTEGER PRIMARY KEY" if engine.dialect.name == "sqlite" else "SERIAL PRIMARY KEY"
    with engine.begin() as connection:
        connection.execute(
            text(
                f"CREATE TABLE {EVENTS.name} (id {identity}, sender_id VARCHAR(255) NOT NULL,"
                " type_name VARCHAR(255) NOT NULL, timestamp FLOAT, intent_name VARCHAR(255),"
                " action_name VARCHAR(255), data TEXT)"
            )
        )
    engine.dispose()


def everything(url: str) -> Iterator[tuple[str, str]]:
    """Every value in every table of a database, as text, with where it stands."""
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            for table, columns in _tables(connection):
                for row in connection.execute(text(f'SELECT * FROM "{table}"')):
                    for column, value in zip(columns, row, strict=True):
                        yield f"{table}.{column}", _as_text(value)
    finally:
        engine.dispose()


def found_in(url: str, traces: tuple[str, ...]) -> list[str]:
    """Where a database holds one of these texts, in whatever case."""
    wanted = [trace.casefold() for trace in traces]
    return [place for place, value in everything(url) if any(trace in value.casefold() for trace in wanted)]


def found_in_files(url: str, traces: tuple[str, ...]) -> list[str]:
    """Which of these texts the bytes of a SQLite database hold, its write-ahead log included."""
    path = url.removeprefix("sqlite:///")
    files = [Path(path + suffix) for suffix in ("", "-wal", "-journal")]
    content = b"".join(file.read_bytes() for file in files if file.exists()).lower()
    return [trace for trace in traces if trace.lower().encode() in content]


def _tables(connection: Connection) -> Iterator[tuple[str, list[str]]]:
    # Views and PostgreSQL's search index hold nothing of their own; SQLite's is made of tables.
    for table in inspect(connection).get_table_names():
        yield table, list(connection.execute(text(f'SELECT * FROM "{table}" LIMIT 0')).keys())


def _as_text(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


_AT = bindparam("at", type_=UtcDateTime)
_INSERT_CHAT = text(
    "INSERT INTO telegram_chats (chat_id, conversation_id, language, reachable, created_at, updated_at)"
    " VALUES (:chat_id, :conversation_id, 'de', :reachable, :at, :at)"
).bindparams(_AT)
_INSERT_UPDATE = text(
    "INSERT INTO telegram_updates (update_id, chat_id, content, state, sent, received_at)"
    " VALUES (:update_id, :chat_id, :content, :state, 0, :at)"
).bindparams(_AT)

_TELEGRAM_TABLES = (
    """
    CREATE TABLE telegram_chats (
        chat_id BIGINT PRIMARY KEY,
        conversation_id VARCHAR(32) UNIQUE REFERENCES conversations (id) ON DELETE SET NULL,
        language VARCHAR(2),
        greeted_by BIGINT,
        reachable BOOLEAN,
        created_at TIMESTAMP WITH TIME ZONE,
        updated_at TIMESTAMP WITH TIME ZONE
    )
    """,
    """
    CREATE TABLE telegram_updates (
        update_id BIGINT PRIMARY KEY,
        chat_id BIGINT,
        content TEXT,
        state VARCHAR(20),
        sent INTEGER,
        received_at TIMESTAMP WITH TIME ZONE
    )
    """,
)
