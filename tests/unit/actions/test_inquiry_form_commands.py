"""Back, change and cancel in the inquiry form; consent that is refused."""

from __future__ import annotations

import pytest

from actions.inquiry_answers import FIELDS
from actions.inquiry_form import CHANGEABLE, ValidateInquiryForm
from bot.inquiries import Inquiries
from bot.knowledge import LANGUAGES, Language
from tests.unit.actions.trackers import UNSURE, Performed, Said, perform, pressed, tracker


def at(
    form: ValidateInquiryForm, field: str, said: Said, *, language: Language = Language.GERMAN, **slots: str
) -> Performed:
    return perform(form, tracker(said, form="inquiry_form", requested=field, language=language, **slots))


def is_closed(done: Performed) -> bool:
    return done.last_slot == "requested_slot" and not any(done.slots.values()) and set(FIELDS) <= set(done.slots)


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("said", [Said("abbrechen", "cancel"), pressed("/cancel")], ids=["typed", "pressed"])
def test_cancelling_ends_the_form_anywhere(form: ValidateInquiryForm, field: str, said: Said) -> None:
    done = at(form, field, said, name="Kim")

    assert is_closed(done)
    assert done.said == ["say_inquiry_cancelled"]


def test_what_may_be_meant_otherwise_does_not_cancel(form: ValidateInquiryForm) -> None:
    assert at(form, "name", Said("Abel Stop", "cancel", UNSURE)).slots == {"name": "Abel Stop"}


@pytest.mark.parametrize(("field", "before"), list(zip(FIELDS[1:], FIELDS[:-1], strict=True)))
def test_back_asks_the_field_before_again(form: ValidateInquiryForm, field: str, before: str) -> None:
    done = at(form, field, Said("zurück", "go_back"))

    assert done.slots == {before: None, "requested_slot": before}
    assert done.last_slot == "requested_slot"


def test_back_at_the_first_field_says_so(form: ValidateInquiryForm) -> None:
    done = at(form, FIELDS[0], Said("zurück", "go_back"))

    assert done.slots == {FIELDS[0]: None}
    assert done.said == ["say_back_at_start"]


@pytest.mark.parametrize("changed", CHANGEABLE)
@pytest.mark.parametrize("at_field", ["email", "confirm"])
def test_a_change_asks_the_named_field_again(form: ValidateInquiryForm, changed: str, at_field: str) -> None:
    done = at(form, at_field, Said("Ich möchte das ändern", "change_answer", entities={"field": changed}))

    assert done.slots == {changed: None, "confirm": None, "requested_slot": changed}
    assert done.last_slot == "requested_slot"
    assert done.replies == []


def test_a_change_by_button_asks_the_named_field_again(form: ValidateInquiryForm) -> None:
    done = at(form, "confirm", pressed('/change_answer{"field": "name"}'))

    assert done.slots["requested_slot"] == "name"


@pytest.mark.parametrize(
    "said", [Said("etwas ändern", "change_answer"), pressed("/change_answer"), Said("nein", "deny")], ids=str
)
def test_a_change_that_names_no_field_offers_them_all(form: ValidateInquiryForm, said: Said) -> None:
    done = at(form, "confirm", said)

    assert done.said == ["say_ask_change"]
    assert [payload.partition("{")[2] for payload in done.payloads] == [f'"field": "{name}"}}' for name in CHANGEABLE]
    assert done.slots == {"confirm": None, "requested_slot": "confirm"}


@pytest.mark.parametrize("intent", ["deny", "nlu_fallback", "affirm"])
def test_a_field_named_at_the_summary_is_what_is_wrong(form: ValidateInquiryForm, intent: str) -> None:
    said = Said("nein, die E-Mail stimmt nicht", intent, entities={"field": "email"})

    assert at(form, "confirm", said).slots == {"email": None, "confirm": None, "requested_slot": "email"}


def test_no_field_but_the_askers_own_can_be_changed(form: ValidateInquiryForm) -> None:
    done = at(form, "confirm", pressed('/change_answer{"field": "consent"}'))

    assert done.said == ["say_ask_change"]


@pytest.mark.parametrize("intent", ["inquire", "request_human"])
def test_asking_for_an_inquiry_in_the_middle_of_one_asks_the_field_again(
    form: ValidateInquiryForm, intent: str
) -> None:
    done = at(form, "email", Said("Ich will eine Anfrage stellen", intent))

    assert done.slots == {"email": None}
    assert done.replies == []


def test_asking_for_a_person_may_be_the_message(form: ValidateInquiryForm) -> None:
    said = Said("Ich möchte mit jemandem sprechen", "request_human")

    assert at(form, "message", said).slots == {"message": said.text}


@pytest.mark.parametrize("language", LANGUAGES, ids=str)
@pytest.mark.parametrize("said", [Said("nein", "deny"), pressed("/deny")], ids=["typed", "pressed"])
def test_without_consent_nothing_is_stored_and_the_form_ends(
    form: ValidateInquiryForm, inquiries: Inquiries, said: Said, language: Language
) -> None:
    done = at(form, "consent", said, language=language, name="Kim", email="kim@example.com")

    assert is_closed(done)
    assert done.said == ["say_inquiry_consent_refused"]
    assert inquiries.list().items == ()
