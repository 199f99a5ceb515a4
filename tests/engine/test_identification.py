"""Which language a message is in, with the real library."""

from typing import Any

import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.knowledge import LANGUAGES, Language
from bot.nlu.identification import NAME_FIELDS, identify
from bot.nlu.language import LanguageIdentifier
from bot.nlu.turn import mark_text

KO, DE, EN = Language.KOREAN, Language.GERMAN, Language.ENGLISH

CLEAR = [
    ("스타트허브 헤센은 어떤 곳인가요?", KO),
    ("GmbH 설립 비용이 얼마예요?", KO),
    ("ㅎㅇ", KO),
    ("Was kostet die Beratung bei StartHub Hessen?", DE),
    ("wie lange dauert die gruendung einer gmbh", DE),
    ("Förderung für Start-ups", DE),
    ("How much does it cost to set up a company?", EN),
    ("do I need a visa to work in germany", EN),
]

SHORT_OR_MIXED = [
    "",
    " ",
    "ok",
    "GmbH",
    "push!",
    "12345",
    "🙂🙂🙂",
    "?!",
    "StartHub Hessen und Technologieland 수",
    "Привет, как дела",
    "你好，你能做什么",
    "مرحبا كيف حالك",
]


@pytest.mark.parametrize("current", LANGUAGES, ids=str)
@pytest.mark.parametrize(("text", "language"), CLEAR)
def test_a_clear_message_is_answered_in_its_own_language(
    detector: Any, text: str, language: Language, current: Language
) -> None:
    assert identify(text, current, detector) is language


@pytest.mark.parametrize("current", LANGUAGES, ids=str)
@pytest.mark.parametrize("text", SHORT_OR_MIXED)
def test_a_short_or_mixed_message_keeps_the_language(detector: Any, text: str, current: Language) -> None:
    assert identify(text, current, detector) is current


@pytest.mark.parametrize("current", LANGUAGES, ids=str)
@pytest.mark.parametrize(("text", "language"), CLEAR)
def test_a_language_that_was_chosen_stays(detector: Any, text: str, language: Language, current: Language) -> None:
    assert identify(text, current, detector, pinned=True) is current


@pytest.mark.parametrize("field", sorted(NAME_FIELDS))
@pytest.mark.parametrize("text", ["김민수", "Minsu Kim from the Hydrogen Company", "Gesellschaft für Beratung mbH"])
def test_a_name_does_not_change_the_language(detector: Any, field: str, text: str) -> None:
    for current in LANGUAGES:
        assert identify(text, current, detector, asks=field) is current


@pytest.mark.parametrize("text", ["StartHub Hessen이 뭐예요?", "Technologieland Hessen 비용은요?"])
def test_a_korean_sentence_about_a_german_name_is_korean(detector: Any, text: str) -> None:
    assert identify(text, DE, detector) is KO


def test_the_message_of_an_inquiry_may_change_the_language(detector: Any) -> None:
    assert identify("독일 진출을 상담하고 싶어요", DE, detector, asks="message") is KO


@pytest.mark.parametrize(
    "text",
    ["kim.minsu@example-company.com", "https://www.the-company-website.com/about-us", "www.firma-und-partner.de"],
)
def test_an_address_tells_no_language(detector: Any, text: str) -> None:
    for current in LANGUAGES:
        assert identify(text, current, detector) is current


def test_an_address_in_a_sentence_does_not_hide_its_language(detector: Any) -> None:
    assert identify("제 이메일은 kim.minsu.company@example.com 이에요", DE, detector) is KO


def test_the_component_gives_the_language_on_as_an_entity() -> None:
    message = Message({"text": mark_text("Was kostet die Beratung?"), "metadata": {"language": "en"}})

    LanguageIdentifier().process([message])
    assert message.get("language") == "de"
    assert [(entity["entity"], entity["value"]) for entity in message.get("entities")] == [("language", "de")]


def test_a_pressed_button_keeps_the_language() -> None:
    metadata = {"language": "ko", "payload": '/faq{"entry": "starthub-what"}'}
    message = Message({"text": mark_text("Was ist StartHub Hessen eigentlich genau?"), "metadata": metadata})

    LanguageIdentifier().process([message])
    assert message.get("language") == "ko"
