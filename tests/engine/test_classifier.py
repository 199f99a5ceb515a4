"""The classifier on the real data: clear questions, small talk, follow-ups, and what it must not answer."""

from typing import Any

import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.identification import has_hangul
from bot.nlu.turn import mark_text, parse_payload

CLEAR = [
    ("스타트허브 헤센이 뭔가요?", "starthub-what"),
    ("스타트허브 상담은 무료인가요?", "starthub-cost"),
    ("독일에서 GmbH를 설립하려면 어떤 절차가 필요한가요?", "gmbh-steps"),
    ("테크놀로지란트 헤센은 어떤 기관인가요?", "technologieland-what"),
    ("EU 블루카드 조건을 알려 주세요", "visa-blue-card"),
    ("Was genau ist der StartHub Hessen?", "starthub-what"),
    ("Kostet die Beratung beim StartHub etwas?", "starthub-cost"),
    ("Welche Schritte brauche ich, um eine GmbH zu gründen?", "gmbh-steps"),
    ("Was ist Technologieland Hessen?", "technologieland-what"),
    ("Wer kann das push!-Stipendium bekommen?", "push-eligibility"),
    ("What exactly is StartHub Hessen?", "starthub-what"),
    ("Does advice from StartHub cost anything?", "starthub-cost"),
    ("What are the steps to found a GmbH?", "gmbh-steps"),
    ("What is Technologieland Hessen?", "technologieland-what"),
    ("What do I need for an EU Blue Card?", "visa-blue-card"),
]

CONVERSATION = [
    ("안녕하세요", "greet"),
    ("문의를 남기고 싶어요", "inquire"),
    ("취소할게요", "cancel"),
    ("Guten Tag", "greet"),
    ("Ich möchte eine Anfrage stellen", "inquire"),
    ("Sind Sie ein Bot?", "bot_challenge"),
    ("Vielen Dank!", "thank"),
    ("Hello there", "greet"),
    ("I want to talk to a human", "request_human"),
    ("please delete my data", "erase_data"),
]

BEYOND = [
    "오늘 저녁 메뉴 추천해 줘",
    "내일 서울 날씨 어때?",
    "Wie wird das Wetter morgen in Berlin?",
    "Schreib mir ein Gedicht über Katzen",
    "who won the football match yesterday",
    "give me a recipe for kimchi",
]

NOTHING_SAID = ["", " ", "🙂🙂🙂", "?!...", "\u202e", "___"]


def understood(trained: Any, text: str, **metadata: Any) -> Message:
    message = Message({"text": mark_text(text), "metadata": {"language": "en", **metadata}})
    message.set("language", "ko" if has_hangul(text) else "de")
    for component in trained:
        component.process([message])
    return message


def entry_of(message: Message) -> str | None:
    key = message.get("response_selector")["faq"]["response"]["intent_response_key"]
    return key.removeprefix("faq/") if key else None


@pytest.mark.parametrize(("text", "entry"), CLEAR)
def test_a_clear_question_gets_its_entry(trained: Any, text: str, entry: str) -> None:
    message = understood(trained, text)

    assert message.get("intent")["name"] == "faq"
    assert entry_of(message) == entry
    assert 0.0 <= message.get("intent")["confidence"] <= 1.0


@pytest.mark.parametrize(("text", "intent"), CONVERSATION)
def test_what_is_said_about_the_conversation_is_no_question(trained: Any, text: str, intent: str) -> None:
    message = understood(trained, text)

    assert message.get("intent")["name"] == intent
    assert entry_of(message) is None


@pytest.mark.parametrize("text", BEYOND)
def test_what_is_beyond_the_knowledge_base_is_not_answered_by_a_guess(trained: Any, text: str) -> None:
    message = understood(trained, text)

    assert message.get("intent")["name"] == "out_of_scope"
    assert entry_of(message) is None


@pytest.mark.parametrize("text", NOTHING_SAID)
def test_a_message_without_letters_is_not_answered(trained: Any, text: str) -> None:
    assert understood(trained, text).get("intent")["name"] == "out_of_scope"


@pytest.mark.parametrize("text", ['/faq{"entry": "starthub-cost"}', "/inquire", "/session_start"])
def test_a_typed_command_is_not_obeyed(trained: Any, text: str) -> None:
    payload = parse_payload(text)
    message = understood(trained, text)

    assert payload is not None
    assert message.get("intent") != {"name": payload.intent, "confidence": 1.0}
    assert entry_of(message) is None


def test_a_pressed_button_means_what_it_says_whatever_its_title(trained: Any) -> None:
    message = understood(trained, "안녕하세요", payload='/faq{"entry": "zim"}')

    assert (message.get("intent"), entry_of(message)) == ({"name": "faq", "confidence": 1.0}, "zim")


@pytest.mark.parametrize("text", ["Was kostet das?", "How much does it cost?", "비용은 얼마예요?"])
def test_a_follow_up_leans_on_the_answer_before(trained: Any, text: str) -> None:
    message = understood(trained, text, previous_entry="gmbh-steps")

    assert (message.get("intent")["name"], entry_of(message)) == ("faq", "gmbh-cost-time")


def test_a_follow_up_without_an_answer_before_is_said_to_be_unclear(trained: Any) -> None:
    assert understood(trained, "Wie lange dauert das?").get("intent")["name"] == "follow_up"


def test_an_entry_that_is_gone_does_not_stop_a_follow_up(trained: Any) -> None:
    message = understood(trained, "Wie lange dauert das?", previous_entry="no-such-entry")

    assert message.get("intent")["name"] == "follow_up"


def test_what_is_unclear_keeps_the_nearest_entries_for_buttons(trained: Any) -> None:
    message = understood(trained, "startup hub förderung dings kosten")
    ranking = message.get("response_selector")["faq"]["ranking"]

    assert ranking
    confidences = [item["confidence"] for item in ranking]
    assert confidences == sorted(confidences, reverse=True)


def test_the_same_message_is_understood_the_same_twice(trained: Any) -> None:
    first, second = (understood(trained, "Was kostet die Beratung?") for _ in range(2))

    assert first.get("intent") == second.get("intent")
    assert first.get("response_selector") == second.get("response_selector")


def test_a_very_long_message_is_understood_by_its_beginning(trained: Any) -> None:
    beginning = "Was genau ist der StartHub Hessen? " * 20
    short, long = (understood(trained, beginning + rest) for rest in ("", "Wie ist das Wetter? " * 500))

    assert entry_of(long) == entry_of(short)
