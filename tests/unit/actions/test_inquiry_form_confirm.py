"""The summary, and storing the inquiry: once, whole, and never lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from actions.inquiry_answers import FIELDS, NO_COMPANY
from actions.inquiry_form import CHANGEABLE, AskConfirm, AskMessage, ValidateInquiryForm
from actions.speech import Speech
from bot.inquiries import CONSENT_VERSION, Inquiries, parse_reference
from bot.knowledge import LANGUAGES, Examples, KnowledgeBase, Language
from bot.store import Store
from tests.unit.actions.trackers import CONVERSATION, Performed, Said, asked, perform, pressed, tracker

ANSWERS: dict[str, Any] = {
    "inquiry_key": "0123456789abcdef",
    "topic": "visa",
    "message": "Wir suchen {ein} Büro in Kassel.",
    "name": "Minsu Kim",
    "company": "Kim & Söhne",
    "email": "kim@example.com",
    "country": "KR",
    "consent": "yes",
}
YES = pressed("/affirm")


def confirm(form: ValidateInquiryForm, said: Said = YES, **changes: Any) -> Performed:
    return perform(form, tracker(said, form="inquiry_form", requested="confirm", **{**ANSWERS, **changes}))


def summary(ask: AskConfirm, *, language: Language = Language.GERMAN, **changes: Any) -> Performed:
    state = tracker(
        pressed("/affirm"), form="inquiry_form", requested="consent", language=language, **{**ANSWERS, **changes}
    )
    return perform(ask, state)


@pytest.fixture
def ask_confirm(knowledge: KnowledgeBase, speech: Speech) -> AskConfirm:
    return AskConfirm(knowledge, speech)


@pytest.mark.parametrize("said", [YES, Said("ja, absenden", "affirm")], ids=["pressed", "typed"])
def test_a_confirmed_inquiry_is_stored_with_every_answer(
    form: ValidateInquiryForm, inquiries: Inquiries, said: Said
) -> None:
    done = confirm(form, said)

    (stored,) = inquiries.list().items
    detail = inquiries.get(stored.reference)
    assert (stored.topic, stored.country, stored.language) == ("visa", "KR", "de")
    assert (detail.name, detail.company, detail.email) == ("Minsu Kim", "Kim & Söhne", "kim@example.com")
    assert (detail.message, detail.consent_version) == (ANSWERS["message"], CONSENT_VERSION)
    assert done.said == ["say_inquiry_logged"]
    assert parse_reference(done.text) == stored.reference


def test_the_form_then_ends_with_its_answers_forgotten_and_its_reference_kept(
    form: ValidateInquiryForm, inquiries: Inquiries
) -> None:
    done = confirm(form)

    assert done.slots["inquiry_reference"] == inquiries.list().items[0].reference
    assert {field: done.slots[field] for field in FIELDS} == dict.fromkeys(FIELDS)
    assert done.last_slot == "requested_slot"
    assert done.slots["requested_slot"] is None


def test_confirmed_twice_it_is_stored_once_under_one_reference(form: ValidateInquiryForm, inquiries: Inquiries) -> None:
    first, second = confirm(form), confirm(form)

    assert len(inquiries.list().items) == 1
    assert first.text == second.text


def test_a_form_opened_again_is_another_inquiry(form: ValidateInquiryForm, inquiries: Inquiries) -> None:
    first, second = confirm(form), confirm(form, inquiry_key="fedcba9876543210")

    assert len(inquiries.list().items) == 2
    assert first.text != second.text


def test_no_company_is_stored_as_none(form: ValidateInquiryForm, inquiries: Inquiries) -> None:
    confirm(form, company=NO_COMPANY)

    assert inquiries.get(inquiries.list().items[0].reference).company is None


@pytest.mark.parametrize("said", [Said("nein", "deny"), Said("hm", "nlu_fallback"), asked("Was kostet es?")], ids=str)
def test_anything_but_yes_stores_nothing(form: ValidateInquiryForm, inquiries: Inquiries, said: Said) -> None:
    confirm(form, said)

    assert inquiries.list().items == ()


@pytest.fixture
def broken_form(tmp_path: Path, knowledge: KnowledgeBase, examples: Examples, speech: Speech) -> ValidateInquiryForm:
    """A form whose database has no tables."""
    store = Store(f"sqlite:///{tmp_path / 'without_tables.sqlite3'}")
    return ValidateInquiryForm(Inquiries(store), knowledge, examples, speech)


def test_a_store_that_fails_leaves_the_form_open_with_every_answer(broken_form: ValidateInquiryForm) -> None:
    done = confirm(broken_form)

    assert done.said == ["say_inquiry_store_failed"]
    assert done.payloads == ["/affirm"]
    assert done.slots == {"confirm": None, "requested_slot": "confirm"}


def test_a_failure_is_logged_without_personal_data(
    broken_form: ValidateInquiryForm, caplog: pytest.LogCaptureFixture
) -> None:
    confirm(broken_form)

    assert "could not be stored" in caplog.text
    for private in (ANSWERS["name"], ANSWERS["email"], ANSWERS["message"], CONVERSATION):
        assert private not in caplog.text


@pytest.mark.parametrize("language", LANGUAGES, ids=str)
def test_the_summary_shows_every_answer(ask_confirm: AskConfirm, knowledge: KnowledgeBase, language: Language) -> None:
    done = summary(ask_confirm, language=language)
    topic = knowledge.topic("visa")

    assert done.said == ["say_inquiry_summary"]
    for field in ("message", "name", "company", "email"):
        assert ANSWERS[field] in done.text
    assert topic is not None
    assert topic.title[language] in done.text
    assert {"ko": "대한민국", "de": "Südkorea", "en": "South Korea"}[language.value] in done.text
    assert done.payloads == ["/affirm", "/change_answer", "/cancel"]


@pytest.mark.parametrize(
    ("language", "title"),
    [(Language.KOREAN, "기타"), (Language.GERMAN, "Anderes Thema"), (Language.ENGLISH, "Something else")],
)
def test_another_topic_has_a_title_too(ask_confirm: AskConfirm, language: Language, title: str) -> None:
    assert title in summary(ask_confirm, language=language, topic="other").text


@pytest.mark.parametrize("said", [pressed("/change_answer"), Said("nein", "deny")], ids=["change", "no"])
def test_the_summary_is_not_shown_again_right_after_asking_what_to_change(ask_confirm: AskConfirm, said: Said) -> None:
    state = tracker(said, form="inquiry_form", requested="confirm", **ANSWERS, confirm=None)

    assert perform(ask_confirm, state).did_nothing


def test_the_message_is_asked_for(speech: Speech) -> None:
    done = perform(AskMessage(speech), tracker(pressed("/inquire"), form="inquiry_form", requested="topic"))

    assert done.said == ["say_ask_inquiry_form_message"]


def test_after_a_question_in_the_middle_that_question_is_offered_as_the_message(speech: Speech) -> None:
    state = tracker(asked("Was kostet es?"), form="inquiry_form", requested="message", interrupted=True)

    assert perform(AskMessage(speech), state).payloads == ["/use_question"]


def test_every_field_that_can_be_changed_stands_in_the_summary(ask_confirm: AskConfirm) -> None:
    """A field that is asked for but not shown could not be found wrong."""
    lines = summary(ask_confirm).text.splitlines()

    assert len([line for line in lines if ": " in line]) == len(CHANGEABLE)
