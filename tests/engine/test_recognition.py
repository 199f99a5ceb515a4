"""Terms, addresses and references in texts of three languages, particles and mixed scripts included."""

from pathlib import Path
from typing import Any

import pytest
import spacy
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.knowledge import LANGUAGES, Language, load_terms
from bot.nlu.entities import TERMS
from bot.nlu.korean import ParticleTokenizer
from bot.nlu.recognition import RECOGNISED
from bot.nlu.turn import mark_text

ROOT = Path(__file__).parents[2]
KO, DE, EN = Language.KOREAN, Language.GERMAN, Language.ENGLISH


@pytest.fixture(scope="module")
def tokenizer() -> ParticleTokenizer:
    return ParticleTokenizer(spacy.blank("en").vocab)


def found(recognizer: Any, text: str, language: Language) -> list[tuple[str, str]]:
    return [(mention.label, mention.value) for mention in recognizer.recognise(text, language)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("스타트허브는 무료예요", ["스타트허브", "는"]),
        ("GmbH를 설립하고", ["GmbH", "를"]),
        ("프랑크푸르트에서 일해요", ["프랑크푸르트", "에서"]),
        ("헤센에서는 어때요", ["헤센", "에서는"]),
        ("한국의 기업", ["한국", "의", "기업"]),
    ],
)
def test_particles_are_split_off(tokenizer: ParticleTokenizer, text: str, words: list[str]) -> None:
    assert [token.text for token in tokenizer(text)][: len(words)] == words


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "스타트허브는  무료예요?\n네!",
        " 앞뒤 공백 ",
        "GmbH&Co. KG를\t(설립)",
        "🙂헤센🙂",
        "a\u2060b",
        "e-mail: a@b.de",
    ],
)
def test_tokens_lie_at_their_places_in_the_text(tokenizer: ParticleTokenizer, text: str) -> None:
    """Offsets of entities are counted in the text; wherever one space separates words, they agree."""
    doc = tokenizer(text)

    assert "".join(token.text for token in doc) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "language", "mention"),
    [
        ("스타트허브는 무료예요?", KO, ("organisation", "starthub-hessen")),
        ("테크놀로지란트에서 뭘 해요?", KO, ("organisation", "technologieland-hessen")),
        ("GmbH를 설립하고 싶어요", KO, ("legal_form", "gmbh")),
        ("유한책임회사 설립", KO, ("legal_form", "gmbh")),
        ("프랑크푸르트에 가요", KO, ("place", "frankfurt")),
        ("수소 사업을 해요", KO, ("technology", "hydrogen")),
        ("중진공이 뭐예요?", KO, ("organisation", "kosme")),
        ("Was macht der Starthub?", DE, ("organisation", "starthub-hessen")),
        ("grüner Wasserstoff in Hessen", DE, ("technology", "hydrogen")),
        ("Gesellschaft mit beschränkter Haftung", DE, ("legal_form", "gmbh")),
        ("Frankfurt am Main", DE, ("place", "frankfurt")),
        ("fuel cell projects", EN, ("technology", "hydrogen")),
        ("a limited liability company", EN, ("legal_form", "gmbh")),
        ("HESSEN TRADE & INVEST", EN, ("organisation", "htai")),
        ("what does htai do", EN, ("organisation", "htai")),
    ],
)
def test_a_spelling_stands_for_its_canonical_id(
    recognizer: Any, text: str, language: Language, mention: tuple[str, str]
) -> None:
    assert mention in found(recognizer, text, language)


def missed(recognizer: Any, language: Language) -> set[str]:
    """Spellings in the file of terms that are not recognised as the term whose spelling they are."""
    owners: dict[str, set[tuple[str, str]]] = {}
    for term in load_terms(ROOT / "data" / "terms.yml"):
        for spelling in term.spellings if term.label in RECOGNISED else ():
            owners.setdefault(spelling, set()).add((term.label, term.id))
    return {spelling for spelling, wanted in owners.items() if not wanted & set(found(recognizer, spelling, language))}


@pytest.mark.parametrize("language", LANGUAGES, ids=str)
def test_every_spelling_of_every_term_is_recognised_in_every_language(recognizer: Any, language: Language) -> None:
    assert missed(recognizer, language) == set()


@pytest.mark.parametrize("language", LANGUAGES, ids=str)
def test_languages_may_be_mixed_in_one_message(recognizer: Any, language: Language) -> None:
    mentions = found(recognizer, "Wasserstoff 수소 hydrogen , GmbH 프랑크푸르트", language)

    assert mentions.count(("technology", "hydrogen")) == 3
    assert ("legal_form", "gmbh") in mentions
    assert ("place", "frankfurt") in mentions


@pytest.mark.parametrize(
    ("text", "language", "email"),
    [
        ("Meine Adresse ist Kim.Minsu+test@Example-Firma.co.kr.", DE, "kim.minsu+test@example-firma.co.kr"),
        ("이메일은 kim@example.com입니다", KO, "kim@example.com"),
        ("mail me at <kim@example.com>, please", EN, "kim@example.com"),
    ],
)
def test_an_address_is_found_without_what_surrounds_it(
    recognizer: Any, text: str, language: Language, email: str
) -> None:
    assert ("email", email) in found(recognizer, text, language)


@pytest.mark.parametrize("text", ["kim@", "@example.com", "kim at example.com", "kim@example"])
def test_what_is_no_address_is_none(recognizer: Any, text: str) -> None:
    assert [label for label, _ in found(recognizer, text, EN) if label == "email"] == []


def test_words_inside_an_address_are_no_terms(recognizer: Any) -> None:
    assert found(recognizer, "info@gmbh.hessen.de", DE) == [("email", "info@gmbh.hessen.de")]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Was ist mit HE-2026-7K3F9QX?", DE),
        ("he-2026-7k3f9qx", EN),
        ("HE–2026–7K3F9QX 어떻게 됐어요?", KO),
    ],
)
def test_a_reference_is_found(recognizer: Any, text: str, language: Language) -> None:
    assert [label for label, _ in found(recognizer, text, language) if label == "reference"] == ["reference"]


def test_a_reference_before_a_particle_is_found(recognizer: Any) -> None:
    assert ("reference", "HE-2026-7K3F9QX") in found(recognizer, "HE-2026-7K3F9QX는 어떻게 됐어요?", KO)


def test_the_component_counts_offsets_in_the_marked_text(extractor: Any) -> None:
    text = mark_text("Was macht StartHub Hessen?")
    message = Message({"text": text, "language": "de", "metadata": {}})

    extractor.process([message])
    (entity,) = [entity for entity in message.get("entities") if entity["entity"] == "organisation"]
    assert text[entity["start"] : entity["end"]] == "StartHub Hessen"


def test_a_button_brings_its_own_entities_and_its_title_none(extractor: Any) -> None:
    metadata = {"payload": '/choose_topic{"topic": "funding"}'}
    message = Message({"text": mark_text("StartHub Hessen"), "language": "de", "metadata": metadata})

    extractor.process([message])
    assert [(entity["entity"], entity["value"]) for entity in message.get("entities")] == [("topic", "funding")]


def test_examples_tell_the_classifier_their_terms_and_learn_no_entities(extractor: Any) -> None:
    examples = [
        Message({"text": "수소 사업을 하는 GmbH를 설립하고 싶어요", "intent": "faq"}),
        Message({"text": "Was ist Distr@l?", "intent": "faq"}),
        Message({"text": "Hallo", "intent": "greet"}),
    ]

    extractor.process_training_data(TrainingData(examples))
    assert [[bool(terms) for terms in example.get(TERMS)] for example in examples] == [[True], [True], [False]]
    assert [example.get("entities") for example in examples] == [None, None, None]
