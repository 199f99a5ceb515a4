"""Each field of the inquiry form: what is taken, what is refused and why, and what is something else."""

from __future__ import annotations

import pytest

from actions.inquiry_answers import FIELDS, NO_COMPANY, QUESTION_MAX_CHARACTERS
from actions.inquiry_form import ValidateInquiryForm
from bot.knowledge import LANGUAGES, KnowledgeBase, Language
from tests.unit.actions.trackers import UNSURE, Performed, Said, asked, perform, pressed, tracker

QUESTION = asked("Was kostet die Beratung?")


def answer(form: ValidateInquiryForm, field: str, *messages: Said, language: Language = Language.GERMAN) -> Performed:
    return perform(form, tracker(*messages, form="inquiry_form", requested=field, language=language))


def typed(text: str, intent: str = "nlu_fallback", confidence: float = UNSURE) -> Said:
    return Said(text, intent, confidence)


TAKEN = [
    ("topic", pressed('/choose_topic{"topic": "funding"}'), "funding"),
    ("topic", pressed('/choose_topic{"topic": "other"}'), "other"),
    ("topic", typed("Anderes Thema"), "other"),
    ("topic", typed("기타"), "other"),
    ("topic", typed("Something else"), "other"),
    ("topic", typed("visa"), "visa"),
    ("topic", Said("Wasserstoff", "nlu_fallback", UNSURE, {"technology": "hydrogen"}), "technologieland"),
    ("message", typed("Wir suchen einen Partner für Elektrolyse."), "Wir suchen einen Partner für Elektrolyse."),
    ("message", typed("협력 문의합니다"), "협력 문의합니다"),
    ("message", typed("  Zwei Zeilen,\nbeide wichtig.  "), "Zwei Zeilen,\nbeide wichtig."),
    ("name", typed("Minsu Kim"), "Minsu Kim"),
    ("name", typed("김민수"), "김민수"),
    ("name", typed("Jörg O'Neill-Šimić"), "Jörg O'Neill-Šimić"),
    ("name", Said("Hallo", "greet"), "Hallo"),
    ("company", typed("Hyundai GmbH & Co. KG"), "Hyundai GmbH & Co. KG"),
    ("company", asked("StartHub Hessen"), "StartHub Hessen"),
    ("company", typed("keine"), NO_COMPANY),
    ("company", typed("없어요"), NO_COMPANY),
    ("company", pressed("/skip"), NO_COMPANY),
    ("email", typed("kim@example.com"), "kim@example.com"),
    ("email", typed("Meine Adresse ist kim@example.com."), "kim@example.com"),
    ("email", asked("was kostet es? kim@example.com"), "kim@example.com"),
    ("country", pressed('/choose_country{"country": "KR"}'), "KR"),
    ("country", typed("Südkorea"), "KR"),
    ("country", typed("독일에서 왔어요"), "DE"),
    ("country", asked("Germany"), "DE"),
    ("consent", pressed("/affirm"), "yes"),
    ("consent", Said("Ja, einverstanden", "affirm"), "yes"),
]

REFUSED = [
    ("topic", typed("irgendwas"), "say_invalid_topic_unknown"),
    ("topic", pressed('/choose_topic{"topic": "nowhere"}'), "say_invalid_topic_unknown"),
    ("message", typed("Hilfe"), "say_invalid_message_too_short"),
    ("message", typed("a" * 4001), "say_invalid_message_too_long"),
    ("message", pressed("/use_question"), "say_invalid_message_too_short"),
    ("name", typed(" \u200b "), "say_invalid_name_empty"),
    ("name", typed("12345"), "say_invalid_name_no_letters"),
    ("name", typed("🙂🙂"), "say_invalid_name_no_letters"),
    ("name", typed("kim@example.com"), "say_invalid_name_looks_like_email"),
    ("name", typed("K" * 101), "say_invalid_name_too_long"),
    ("company", typed("K" * 201), "say_invalid_company_too_long"),
    ("email", typed("kim"), "say_invalid_email_format"),
    ("email", asked("kim@"), "say_invalid_email_domain"),
    ("email", typed("kim@example"), "say_invalid_email_domain"),
    ("email", typed("k" * 65 + "@example.com"), "say_invalid_email_too_long"),
    ("country", typed("Atlantis"), "say_invalid_country_unknown"),
    ("consent", typed("hm"), "say_invalid_consent_unclear"),
    ("confirm", typed("hm"), "say_invalid_confirm_unclear"),
]

SOMETHING_ELSE = [
    ("topic", QUESTION),
    ("topic", Said("Bist du ein Bot?", "bot_challenge")),
    ("message", QUESTION),
    ("message", Said("Was passiert mit meinen Daten?", "privacy")),
    ("name", QUESTION),
    ("name", Said("Wozu brauchen Sie das?", "privacy")),
    ("company", QUESTION),
    ("email", QUESTION),
    ("email", Said("Datenschutz", "privacy")),
    ("country", QUESTION),
    ("country", Said("Menü", "menu")),
    ("consent", QUESTION),
    ("consent", Said("Was passiert mit meinen Daten?", "privacy")),
    ("confirm", QUESTION),
    *((field, Said("Deutsch bitte", "switch_language", entities={"target_language": "de"})) for field in FIELDS),
    *((field, pressed('/faq{"entry": "starthub-cost"}', "Was kostet die Beratung?")) for field in FIELDS),
]


@pytest.mark.parametrize(("field", "said", "value"), TAKEN)
def test_an_answer_is_taken(form: ValidateInquiryForm, field: str, said: Said, value: str) -> None:
    done = answer(form, field, said)

    assert done.slots == {field: value}
    assert done.replies == []


@pytest.mark.parametrize("language", LANGUAGES, ids=str)
def test_each_topic_is_taken_by_its_title(
    form: ValidateInquiryForm, knowledge: KnowledgeBase, language: Language
) -> None:
    for topic in knowledge.topics:
        done = answer(form, "topic", typed(f" {topic.title[language]}. "), language=language)
        assert done.slots == {"topic": topic.id}


@pytest.mark.parametrize("language", LANGUAGES, ids=str)
@pytest.mark.parametrize(("field", "said", "reason"), REFUSED)
def test_a_refusal_gives_its_reason_in_the_conversations_language(
    form: ValidateInquiryForm, field: str, said: Said, reason: str, language: Language
) -> None:
    done = answer(form, field, said, language=language)

    assert done.slots == {field: None}
    assert done.said == [reason]
    assert "{" not in done.text


TOO_LONG = [("name", "K" * 101, "100"), ("company", "K" * 201, "200"), ("message", "a" * 4001, "4000")]


@pytest.mark.parametrize(("field", "text", "limit"), TOO_LONG)
def test_a_text_too_long_is_told_the_limit(form: ValidateInquiryForm, field: str, text: str, limit: str) -> None:
    assert limit in answer(form, field, typed(text)).text


@pytest.mark.parametrize(("field", "said"), SOMETHING_ELSE)
def test_something_else_is_left_to_the_rules(form: ValidateInquiryForm, field: str, said: Said) -> None:
    assert answer(form, field, said).did_nothing


@pytest.mark.parametrize("field", FIELDS)
def test_after_an_interruption_the_form_waits(form: ValidateInquiryForm, field: str) -> None:
    state = tracker(QUESTION, form="inquiry_form", requested=field, interrupted=True)

    assert perform(form, state).did_nothing


def test_a_longer_question_is_the_message_itself(form: ValidateInquiryForm) -> None:
    text = "Welche Förderung passt zu unserem Wasserstoffprojekt in Kassel?"
    assert len(text) > QUESTION_MAX_CHARACTERS

    assert answer(form, "message", asked(text)).slots == {"message": text}


def test_two_sentences_are_the_message_even_if_short(form: ValidateInquiryForm) -> None:
    assert answer(form, "message", asked("Wir sind aus Seoul. Was kostet es?")).slots == {
        "message": "Wir sind aus Seoul. Was kostet es?"
    }


def test_a_question_that_may_be_meant_otherwise_is_an_answer(form: ValidateInquiryForm) -> None:
    said = asked("Können wir reden?", confidence=UNSURE)

    assert answer(form, "message", said).slots == {"message": "Können wir reden?"}


@pytest.mark.parametrize("intent", ["faq", "follow_up", "nlu_fallback"])
def test_the_question_just_asked_is_taken_by_its_button(form: ValidateInquiryForm, intent: str) -> None:
    done = answer(form, "message", Said("Was kostet die Beratung?", intent), pressed("/use_question"))

    assert done.slots == {"message": "Was kostet die Beratung?"}


def test_a_pressed_question_is_not_the_one_that_was_asked(form: ValidateInquiryForm) -> None:
    messages = (QUESTION, pressed('/faq{"entry": "visa-overview"}', "Welche Visa?"), pressed("/use_question"))

    assert answer(form, "message", *messages).slots == {"message": QUESTION.text}


def test_html_and_commands_are_plain_text(form: ValidateInquiryForm) -> None:
    text = '/inquire{"name": "x"} <script>alert(1)</script>\'; DROP TABLE inquiries;--'

    assert answer(form, "message", typed(text)).slots == {"message": text}


@pytest.mark.parametrize("field", ["name", "company"])
@pytest.mark.parametrize(
    "button",
    [
        pressed('/faq{"entry": "starthub-what"}', "StartHub Hessen"),
        pressed("/menu", "Themen ansehen"),
        pressed("/privacy", "Datenschutz"),
        pressed("/use_question", "Meine Frage übernehmen"),
        pressed("/affirm", "Absenden"),
        pressed('/choose_topic{"topic": "funding"}', "Förderung"),
        pressed('/choose_country{"country": "KR"}', "Südkorea"),
    ],
    ids=lambda button: button.intent,
)
def test_a_button_of_another_message_is_no_answer(form: ValidateInquiryForm, field: str, button: Said) -> None:
    assert answer(form, field, button).slots.get(field) is None
