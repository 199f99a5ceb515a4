"""The services that actions are built with: the real data, and a fresh database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from actions.inquiry_form import ValidateInquiryForm
from actions.speech import Speech
from bot.inquiries import Inquiries
from bot.knowledge import Examples, KnowledgeBase, load_examples, load_knowledge, load_responses
from bot.store import Store
from bot.store.migrations import upgrade

DATA = Path(__file__).parents[3] / "data"


@pytest.fixture(scope="session")
def knowledge() -> KnowledgeBase:
    return load_knowledge(DATA / "knowledge")


@pytest.fixture(scope="session")
def examples() -> Examples:
    return load_examples(DATA / "nlu" / "form.yml")


@pytest.fixture(scope="session")
def speech() -> Speech:
    return Speech(load_responses(DATA / "responses"))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    url = f"sqlite:///{tmp_path / 'assistant.sqlite3'}"
    upgrade(url)
    store = Store(url)
    yield store
    store.close()


@pytest.fixture
def inquiries(store: Store) -> Inquiries:
    return Inquiries(store)


@pytest.fixture
def form(inquiries: Inquiries, knowledge: KnowledgeBase, examples: Examples, speech: Speech) -> ValidateInquiryForm:
    return ValidateInquiryForm(inquiries, knowledge, examples, speech)
