"""The inquiry form opens with what the asker has already said, and with nothing else."""

from __future__ import annotations

import pytest

from actions.inquiry_answers import FIELDS
from actions.inquiry_form import TELLING_CHARACTERS, ValidateInquiryForm
from tests.unit.actions.trackers import Said, asked, perform, pressed, tracker

LONG_REQUEST = "Ich möchte eine Anfrage stellen: Wir entwickeln Elektrolyseure in Busan und suchen ein Grundstück."


def opened(form: ValidateInquiryForm, *messages: Said, **slots: object) -> dict[str, object]:
    return perform(form, tracker(*messages, **slots)).slots


def test_nothing_said_nothing_known(form: ValidateInquiryForm) -> None:
    slots = opened(form, Said("Anfrage stellen", "inquire"))

    assert {field: slots[field] for field in FIELDS} == dict.fromkeys(FIELDS)


def test_opening_says_nothing_itself(form: ValidateInquiryForm) -> None:
    assert perform(form, tracker(Said("Anfrage stellen", "inquire"))).replies == []


def test_each_opening_has_a_key_of_its_own(form: ValidateInquiryForm) -> None:
    keys = {opened(form, Said("Anfrage", "inquire"))["inquiry_key"] for _ in range(3)}

    assert len(keys) == 3
    assert None not in keys


def test_answers_of_an_earlier_inquiry_are_forgotten(form: ValidateInquiryForm) -> None:
    slots = opened(form, pressed("/inquire"), name="Kim", email="kim@example.com", consent="yes", topic="visa")

    assert [field for field in FIELDS if slots[field] is not None] == []


def test_an_address_in_the_first_sentence_is_not_asked_again(form: ValidateInquiryForm) -> None:
    said = Said("Anfrage, bitte an kim@example.com", "inquire", entities={"email": "kim@example.com"})

    assert opened(form, said)["email"] == "kim@example.com"


def test_an_address_that_cannot_be_one_is_asked_for(form: ValidateInquiryForm) -> None:
    said = Said("Anfrage, bitte an kim@nowhere", "inquire", entities={"email": "kim@-.x"})

    assert opened(form, said)["email"] is None


@pytest.mark.parametrize(("place", "country"), [("korea", "KR"), ("germany", "DE"), ("frankfurt", None)])
def test_a_country_that_was_named_is_not_asked_again(
    form: ValidateInquiryForm, place: str, country: str | None
) -> None:
    assert opened(form, Said("Anfrage aus ...", "inquire", entities={"place": place}))["country"] == country


@pytest.mark.parametrize(
    ("entity", "topic"),
    [
        ({"technology": "hydrogen"}, "technologieland"),
        ({"programme": "push"}, "funding"),
        ({"legal_form": "gmbh"}, "landing"),
        ({"organisation": "starthub-hessen"}, "starthub"),
        ({"organisation": "technologieland-hessen"}, "technologieland"),
        ({"organisation": "htai"}, "htai"),
        ({"organisation": "kotra"}, None),
        ({"place": "frankfurt"}, None),
    ],
)
def test_a_term_tells_the_topic(form: ValidateInquiryForm, entity: dict[str, str], topic: str | None) -> None:
    assert opened(form, Said("Anfrage", "inquire", entities=entity))["topic"] == topic


def test_the_entry_answered_before_tells_the_topic(form: ValidateInquiryForm) -> None:
    assert opened(form, asked("Welche Visa gibt es?", "visa-overview"), pressed("/inquire"))["topic"] == "visa"


def test_what_was_said_last_tells_the_topic_first(form: ValidateInquiryForm) -> None:
    messages = (asked("Welche Visa gibt es?", "visa-overview"), asked("Was kostet StartHub?"), pressed("/inquire"))

    assert opened(form, *messages)["topic"] == "starthub"


@pytest.mark.parametrize("intent", ["nlu_fallback", "out_of_scope"])
def test_a_question_without_an_answer_becomes_the_message(form: ValidateInquiryForm, intent: str) -> None:
    messages = (Said("Gibt es Zuschüsse für Windräder in Fulda?", intent), pressed("/inquire"))

    assert opened(form, *messages)["message"] == "Gibt es Zuschüsse für Windräder in Fulda?"


def test_a_question_that_was_answered_does_not(form: ValidateInquiryForm) -> None:
    assert opened(form, asked("Was kostet die Beratung bei StartHub?"), pressed("/inquire"))["message"] is None


def test_a_question_too_short_for_a_message_does_not(form: ValidateInquiryForm) -> None:
    assert opened(form, Said("Hm?", "nlu_fallback"), pressed("/inquire"))["message"] is None


def test_a_request_that_says_what_it_is_about_is_the_message(form: ValidateInquiryForm) -> None:
    assert len(LONG_REQUEST) >= TELLING_CHARACTERS

    assert opened(form, Said(LONG_REQUEST, "inquire"))["message"] == LONG_REQUEST


def test_a_short_request_is_not(form: ValidateInquiryForm) -> None:
    assert opened(form, Said("Ich möchte eine Anfrage stellen", "inquire"))["message"] is None


def test_the_mark_that_the_engine_puts_before_texts_is_in_no_answer(form: ValidateInquiryForm) -> None:
    slots = opened(form, Said(LONG_REQUEST, "inquire"))

    assert "\u2060" not in str(slots)
