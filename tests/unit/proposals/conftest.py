"""A small knowledge base in files, with comments and both ways to write a list, and the service on it."""

from pathlib import Path

import pytest

from bot.proposals import Proposals
from bot.store import Store

ENTRY = """
  - id: {id}
    facts: [fact-one]
    as_of: 2025
    review_by: 2027-06
    sources:
      - {{title: "A source", url: null}}
    follow_ups: []
    questions:
      # written by hand
      ko:
{ko}
      de: [{de}]
      en:
{en}
    answer:
      ko: "네, {id}예요."
      de: "Ja, {id}."
      en: >
        Yes, {id}.
"""
LETTERS = "abcdefgh"


def entry(identifier: str, word: str) -> str:
    def block(language: str) -> str:
        return "\n".join(f'        - "{word} {language} {letter * 6}?"' for letter in LETTERS)

    flow = ", ".join(f'"{word} de {letter * 6}?"' for letter in LETTERS)
    return ENTRY.format(id=identifier, ko=block("ko"), en=block("en"), de=flow)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    for name in ("knowledge", "facts", "responses"):
        (folder / name).mkdir(parents=True)
    title = 'topic: visa\ntitle: {ko: "비자", de: "Visum", en: "Visa"}\nentries:'
    text = title + entry("visa-one", "eins zebra") + entry("visa-two", "zwei quark")
    (folder / "knowledge" / "visa.yml").write_text(text, "utf-8")
    fact = "facts:\n- {id: fact-one, topic: visa, fact: A fact., as_of: '2025', confidence: high}\n"
    (folder / "facts" / "sheet.yml").write_text(fact, "utf-8")
    (folder / "terms.yml").write_text("terms: []\n", "utf-8")
    return folder


@pytest.fixture
def frozen(tmp_path: Path) -> Path:
    folder = tmp_path / "evaluation"
    (folder / "test").mkdir(parents=True)
    text = '- {entry: visa-one, also: [], ko: "얼린 질문?", de: "Gefrorene Frage?", en: "Frozen question?"}\n'
    (folder / "test" / "visa.yml").write_text(text, "utf-8")
    return folder


@pytest.fixture
def proposals(store: Store, data: Path, frozen: Path) -> Proposals:
    return Proposals(store, data, frozen=frozen)
