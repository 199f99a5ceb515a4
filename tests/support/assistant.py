"""Small but whole pieces to test with: settings, a knowledge base of three entries, responses, a database."""

import asyncio
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.conversations.replies import APOLOGY, ERASURE_REPORT, GREETING, SAID_OF_STAFF
from bot.gateway.pages import PAGE_TEXTS
from bot.knowledge import (
    LANGUAGES,
    Entry,
    KnowledgeBase,
    Language,
    Response,
    Responses,
    Source,
    Topic,
    load_responses,
)
from bot.settings import Settings
from bot.store import Base, Store
from tests.support.scripted_engine import ENGINE_TOKEN

APOLOGIES = {
    Language.KOREAN: "죄송해요.",
    Language.GERMAN: "Entschuldigung.",
    Language.ENGLISH: "Sorry.",
}
RESPONSES = Path(__file__).parents[2] / "data" / "responses"

GREETINGS = {
    Language.KOREAN: "안녕하세요!",
    Language.GERMAN: "Guten Tag!",
    Language.ENGLISH: "Hello!",
}


def make_settings(folder: Path, engine_port: int = 1, **changes: Any) -> Settings:
    """Settings for a database in `folder` and an engine on this machine."""
    values: dict[str, Any] = {
        "database_url": f"sqlite:///{folder / 'assistant.sqlite3'}",
        "secret_key": SecretStr("k" * 32),
        "engine_token": SecretStr(ENGINE_TOKEN),
        "engine_port": engine_port,
    }
    return Settings(**(values | changes))


def make_store(settings: Settings) -> Store:
    """The database of `settings`, with its tables."""
    store = Store(settings.database_url)
    Base.metadata.create_all(store.engine)
    return store


def sample_knowledge() -> KnowledgeBase:
    """Three entries; `cost` is followed by `who` and `where`."""
    topic = Topic(
        "starthub",
        dict.fromkeys(LANGUAGES, "StartHub"),
        (_entry("cost", ("who", "where")), _entry("who"), _entry("where")),
    )
    return KnowledgeBase((topic,), {entry.id: entry for entry in topic.entries})


def sample_responses() -> Responses:
    """Greeting, apology, what an erasure reports, and what is said of staff and on the page."""
    real = load_responses(RESPONSES)
    menu: tuple[tuple[dict[Language, str], str], ...] = ((dict.fromkeys(LANGUAGES, "Menu"), "/menu"),)
    return Responses(
        {
            GREETING: Response(GREETING, GREETINGS, menu, None),
            APOLOGY: Response(APOLOGY, APOLOGIES, (), None),
            **{name: real.by_name[name] for name in (*ERASURE_REPORT, *SAID_OF_STAFF, *PAGE_TEXTS.values())},
        }
    )


async def no_pause(_seconds: float) -> None:
    """Instead of waiting before a second attempt, let others run."""
    await asyncio.sleep(0)


def _entry(identifier: str, follow_ups: tuple[str, ...] = ()) -> Entry:
    return Entry(
        id=identifier,
        topic="starthub",
        facts=("fact",),
        as_of="2021",
        review_by="2027-12",
        sources=(Source(f"Source of {identifier}", f"https://example.org/{identifier}"), Source("A paper", None)),
        follow_ups=follow_ups,
        questions={language: (f"{identifier} in {language}?",) for language in LANGUAGES},
        answer={language: f"Answer {identifier} in {language}." for language in LANGUAGES},
    )
