"""What the visitors of the measurements say."""

import itertools
from collections.abc import Iterator
from pathlib import Path

from bot.knowledge import Language, load_knowledge

SMALL_TALK = {
    Language.KOREAN: ("안녕하세요", "감사합니다", "혹시 봇이에요?", "무엇을 할 수 있나요?"),
    Language.GERMAN: ("Guten Tag", "Vielen Dank", "Bist du ein Bot?", "Was können Sie?"),
    Language.ENGLISH: ("Hello", "Thanks a lot", "Are you a bot?", "What can you do?"),
}

QUESTIONS_TO_A_SMALL_TALK = 4

INQUIRY = {
    Language.KOREAN: {
        "start": "문의를 남기고 싶어요",
        "message": "헤센에서 수소 관련 파트너를 찾고 있습니다.",
        "name": "김민지",
        "company": "한빛수소",
        "email": "minji@example.com",
        "country": "한국",
    },
    Language.GERMAN: {
        "start": "Ich möchte eine Anfrage stellen",
        "message": "Wir suchen Partner für Wasserstoff in Hessen.",
        "name": "Anna Schmidt",
        "company": "Schmidt GmbH",
        "email": "anna@example.com",
        "country": "Deutschland",
    },
    Language.ENGLISH: {
        "start": "I would like to send an inquiry",
        "message": "We are looking for hydrogen partners in Hessen.",
        "name": "Mary Miller",
        "company": "Miller Ltd",
        "email": "mary@example.com",
        "country": "United Kingdom",
    },
}
"""What is said to open the form, and the typed answer to each field; the other fields have buttons."""


def mixed_messages(language: Language) -> Iterator[str]:
    """Questions of the knowledge base, entry by entry and each time another wording, and small talk; without end."""
    entries = load_knowledge(Path("data/knowledge")).entries.values()
    questions = (
        entry.questions[language][number % len(entry.questions[language])]
        for number in itertools.count()
        for entry in entries
    )
    for small_talk in itertools.cycle(SMALL_TALK[language]):
        yield small_talk
        yield from itertools.islice(questions, QUESTIONS_TO_A_SMALL_TALK)
