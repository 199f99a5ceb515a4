"""A database full of inquiries, made quickly: rows go in in bulk, and indexes are built over all of them at the end."""

import itertools
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, text

from bot.inquiries import new_reference
from bot.knowledge import Language, load_knowledge
from bot.store import Inquiry, InquiryEntity, InquiryEvent, InquirySearch, InquiryState, InquiryTag, Store
from bot.store.base import Base
from bot.store.search_text import pieces_of, searchable

SEED = 20261101
BATCH = 5000
YEARS = 5
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
STATES = {
    InquiryState.CLOSED: 82,
    InquiryState.ANSWERED: 5,
    InquiryState.OPEN: 3,
    InquiryState.SPAM: 3,
    InquiryState.NEW: 2,
    InquiryState.WAITING: 2,
    InquiryState.WITHDRAWN: 2,
    InquiryState.DUPLICATE: 1,
}
"""Of a hundred inquiries. Five in a hundred wait for us: of a million that is far more than an office could bear."""

LANGUAGES = {"ko": 45, "de": 40, "en": 15}
CHANNELS = {"web": 70, "telegram": 29, "unknown": 1}
TOPICS = (
    "starthub",
    "funding",
    "visa",
    "landing",
    "technologieland",
    "location",
    "investing",
    "korea",
    "equity",
    "htai",
)
STAFF = tuple(f"agent{number}" for number in range(40))
TAGS = tuple(f"tag{number}" for number in range(30))
TECHNOLOGIES = tuple(f"technology{number}" for number in range(40))
SURNAMES = ("김", "이", "박", "최", "정", "강", "조", "윤", "장", "임")
GIVEN = ("민준", "서연", "도윤", "지우", "하은", "시우", "수아", "예준", "지호", "채원")
GERMAN_NAMES = ("Anna Schmidt", "Jörg Müller", "Lena Weiß", "Paul Köhler", "Mia Groß", "Jan Schäfer")
RARE = "Grünwasserstoffelektrolyse 스마트팜"
RARE_EVERY = 20_000
"""Every so many inquiries one holds `RARE`."""

HASH_BYTES, USUAL_BYTES = 64 << 20, 1 << 20
"""How much of a full-text index SQLite gathers in memory before it writes."""

TABLES = (Inquiry, InquirySearch, InquiryEntity, InquiryTag, InquiryEvent)


@dataclass(frozen=True)
class Sentence:
    """What an asker may have written, with what the index keeps of it."""

    text: str
    searchable: str
    pieces: tuple[str, ...]


def fill(store: Store, count: int) -> None:
    """Put `count` inquiries into an empty database with all tables."""
    with store.engine.connect() as connection:
        on_sqlite = connection.dialect.name == "sqlite"
        with connection.begin():
            later = _take_off_indexes(connection)
        for rows in _batches(count):
            with connection.begin():
                for table in TABLES:
                    if rows[table]:
                        _insert(connection, table, rows[table])
        with connection.begin():
            for statement in later:
                connection.exec_driver_sql(statement)
            # Both keep such figures up to date by themselves in the long run.
            connection.exec_driver_sql("ANALYZE")
    if not on_sqlite:
        # Also done by the server itself, sooner or later: it tells which pages all may see.
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM")


def _batches(count: int) -> Iterator[dict[type[Base], list[dict[str, Any]]]]:
    chance = random.Random(SEED)
    sentences = _sentences()
    taken: set[str] = set()
    step = timedelta(days=365 * YEARS) / count
    numbers = iter(range(1, count + 1))
    while some := list(itertools.islice(numbers, BATCH)):
        rows: dict[type[Base], list[dict[str, Any]]] = {table: [] for table in TABLES}
        for number in some:
            _add(rows, number, NOW - step * (count - number), chance, sentences, taken)
        yield rows


def _add(
    rows: dict[type[Base], list[dict[str, Any]]],
    number: int,
    at: datetime,
    chance: random.Random,
    sentences: dict[str, list[Sentence]],
    taken: set[str],
) -> None:
    language = _one_of(chance, LANGUAGES)
    state = InquiryState(_one_of(chance, STATES))
    waits = state in (InquiryState.NEW, InquiryState.OPEN)
    said = chance.sample(sentences[language], 2)
    name = chance.choice(SURNAMES) + chance.choice(GIVEN) if language == "ko" else chance.choice(GERMAN_NAMES)
    reference = _unused_reference(at.year, taken)
    own = f"{reference}\n{name}\nFirma {number}\nasker{number}@example.com"
    if number % RARE_EVERY == 0:
        own += f"\n{RARE}"
    own_searchable = searchable(own)
    rows[Inquiry].append(
        {
            "id": number,
            "reference": reference,
            "idempotency_key": f"bench:{number}",
            "conversation_id": None,
            "channel": _one_of(chance, CHANNELS),
            "language": language,
            "topic": chance.choice(TOPICS),
            "message": " ".join(sentence.text for sentence in said),
            "name": name,
            "company": f"Firma {number}",
            "email": f"asker{number}@example.com",
            "country": "KR" if language == "ko" else "DE",
            "consent_version": "bench",
            "consented_at": at,
            "state": state,
            "transcript": [
                {"sender": "user", "text": said[0].text, "language": language, "entry": None, "at": at.isoformat()},
                {"sender": "bot", "text": said[1].text, "language": language, "entry": "x", "at": at.isoformat()},
            ],
            "created_at": at,
            "updated_at": at,
            "version": 1,
            "priority": "normal",
            "assignee": None if state is InquiryState.NEW or chance.random() < 0.1 else chance.choice(STAFF),
            "due_at": at + timedelta(days=chance.randint(1, 3000)) if waits else None,
            "waiting_since": at if waits else None,
        }
    )
    rows[InquirySearch].append(
        {
            "inquiry_id": number,
            "text": own_searchable + "".join(sentence.searchable for sentence in said),
            "pieces": " ".join({**dict.fromkeys(pieces_of(own_searchable).split()), **_merged(said)}),
        }
    )
    for position, technology in enumerate(chance.sample(TECHNOLOGIES, chance.choice((0, 0, 1, 2)))):
        rows[InquiryEntity].append(
            {
                "inquiry_id": number,
                "entity": "technology",
                "value": technology,
                "position": position,
                "logged_at": at,
            }
        )
    if chance.random() < 0.1:
        rows[InquiryTag].append({"inquiry_id": number, "tag": chance.choice(TAGS), "logged_at": at})
    rows[InquiryEvent].append({"inquiry_id": number, "at": at, "actor": "asker", "event": "logged"})


def _unused_reference(year: int, taken: set[str]) -> str:
    while (reference := new_reference(year)) in taken:
        pass
    taken.add(reference)
    return reference


def _merged(said: list[Sentence]) -> dict[str, None]:
    return dict.fromkeys(itertools.chain.from_iterable(sentence.pieces for sentence in said))


def _one_of(chance: random.Random, shares: dict[Any, int]) -> Any:
    drawn = chance.randrange(100)
    for value, share in shares.items():
        drawn -= share
        if drawn < 0:
            return value
    raise AssertionError("shares are of a hundred")


def _sentences() -> dict[str, list[Sentence]]:
    """The knowledge base's questions: what people do ask."""
    entries = load_knowledge(Path("data/knowledge")).entries.values()
    return {
        language.value: [_sentence(question) for entry in entries for question in entry.questions[language]]
        for language in (Language.KOREAN, Language.GERMAN, Language.ENGLISH)
    }


def _sentence(question: str) -> Sentence:
    plain = searchable(question)
    return Sentence(question, plain, tuple(pieces_of(plain).split()))


def _insert(connection: Connection, table: type[Base], rows: list[dict[str, Any]]) -> None:
    compiled = table.__table__
    if connection.dialect.name == "sqlite":
        connection.execute(insert(compiled), rows)
        return
    columns = list(rows[0])
    cursor = connection.connection.cursor()
    with cursor.copy(f"COPY {compiled.name} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([_text(row[name]) for name in columns])


def _text(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value


def _take_off_indexes(connection: Connection) -> list[str]:
    """Drop the indexes that rows have to be sorted into; return the statements that make them again."""
    if connection.dialect.name == "sqlite":
        found = (
            "SELECT name, type, sql FROM sqlite_master WHERE type = 'index' AND name LIKE 'ix_inquir%'"
            " OR type = 'trigger' AND name LIKE 'inquiry_search%'"
        )
        # Larger pieces of work leave fewer parts of the index to be merged.
        first = [f"INSERT INTO inquiry_search_index(inquiry_search_index, rank) VALUES('hashsize', {HASH_BYTES})"]
        first.append("INSERT INTO inquiry_search_index(inquiry_search_index) VALUES('rebuild')")
        first.append(f"INSERT INTO inquiry_search_index(inquiry_search_index, rank) VALUES('hashsize', {USUAL_BYTES})")
    else:
        found = "SELECT indexname, 'index', indexdef FROM pg_indexes WHERE indexname LIKE 'ix_inquir%'"
        first = ["SET LOCAL maintenance_work_mem = '512MB'"]
    rows = connection.execute(text(found)).all()
    for name, kind, _ in rows:
        connection.exec_driver_sql(f"DROP {kind.upper()} {name}")
    return [*first, *(definition for *_, definition in rows)]
