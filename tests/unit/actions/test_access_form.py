"""Status, withdrawal and erasure: for the conversation or the address that logged an inquiry, and for nobody else."""

from __future__ import annotations

import itertools

import pytest

from actions.access_form import ATTEMPTS_MAX, FIELDS, NOT_NEEDED, AccessInquiry, AskAccessConfirm, ValidateAccessForm
from actions.speech import Speech
from bot.inquiries import CONSENT_VERSION, Inquiries, InquiryDraft, new_reference
from bot.knowledge import LANGUAGES, Language
from bot.store import Conversation, InquiryState, Store, hash_token, utc_now
from tests.unit.actions.trackers import CONVERSATION, Performed, Said, asked, perform, pressed, tracker

OTHER_CONVERSATION = "d" * 32
EMAIL = "kim@example.com"
STATUS = Said("Wie ist der Stand meiner Anfrage?", "inquiry_status")
WITHDRAW = Said("Anfrage zurückziehen", "inquiry_withdraw")
ERASE = Said("Meine Daten löschen", "erase_data")


class Logbook:
    """Logs inquiries in one of two conversations."""

    def __init__(self, inquiries: Inquiries) -> None:
        self._inquiries = inquiries
        self._keys = itertools.count()

    def __call__(self, conversation: str = CONVERSATION) -> str:
        draft = InquiryDraft(
            conversation_id=conversation,
            language="de",
            topic="visa",
            message="Wir suchen ein Büro.",
            name="Minsu Kim",
            company=None,
            email=EMAIL,
            country="KR",
            consent_version=CONSENT_VERSION,
            idempotency_key=str(next(self._keys)),
        )
        return self._inquiries.log(draft).reference


@pytest.fixture
def log(store: Store, inquiries: Inquiries) -> Logbook:
    with store.session() as session:
        for conversation in (CONVERSATION, OTHER_CONVERSATION):
            now = utc_now()
            session.add(
                Conversation(
                    id=conversation,
                    token_hash=hash_token(conversation),
                    channel="web",
                    language="de",
                    language_pinned=False,
                    created_at=now,
                    updated_at=now,
                )
            )
    return Logbook(inquiries)


@pytest.fixture
def access(inquiries: Inquiries, speech: Speech) -> ValidateAccessForm:
    return ValidateAccessForm(inquiries, speech)


@pytest.fixture
def carry_out(inquiries: Inquiries, speech: Speech) -> AccessInquiry:
    return AccessInquiry(inquiries, speech)


def opened(access: ValidateAccessForm, said: Said) -> tuple[object, ...]:
    """Purpose, reference, e-mail and confirmation as the form knows them when it opens."""
    slots = perform(access, tracker(said)).slots
    return tuple(slots[name] for name in ("access_purpose", *FIELDS))


def answer(access: ValidateAccessForm, field: str, said: Said, **slots: object) -> Performed:
    slots = {"access_purpose": "status", **slots}
    return perform(access, tracker(said, form="access_form", requested=f"access_{field}", **slots))


def typed(text: str) -> Said:
    return Said(text, "nlu_fallback", 0.3)


def is_closed(done: Performed) -> bool:
    return done.last_slot == "requested_slot" and not any(done.slots.values()) and set(FIELDS) <= set(done.slots)


# Opening


def test_the_status_of_ones_own_inquiries_needs_no_question(access: ValidateAccessForm, log: Logbook) -> None:
    log()

    assert opened(access, STATUS) == ("status", NOT_NEEDED, NOT_NEEDED, NOT_NEEDED)


def test_elsewhere_the_status_needs_reference_and_address(access: ValidateAccessForm, log: Logbook) -> None:
    log(OTHER_CONVERSATION)

    assert opened(access, STATUS) == ("status", None, None, NOT_NEEDED)


def test_a_reference_in_the_request_is_not_asked_again(access: ValidateAccessForm, log: Logbook) -> None:
    reference = log(OTHER_CONVERSATION)
    said = Said(f"Wie steht es um {reference.lower()}?", "inquiry_status")

    assert opened(access, said) == ("status", reference, None, NOT_NEEDED)


def test_ones_own_reference_in_the_request_needs_no_address(access: ValidateAccessForm, log: Logbook) -> None:
    reference = log()
    log()

    assert opened(access, Said(reference, "inquiry_status")) == ("status", reference, NOT_NEEDED, NOT_NEEDED)


def test_withdrawing_the_only_inquiry_needs_a_confirmation_only(access: ValidateAccessForm, log: Logbook) -> None:
    reference = log()

    assert opened(access, WITHDRAW) == ("withdraw", reference, NOT_NEEDED, None)


def test_withdrawing_one_of_two_needs_to_know_which(access: ValidateAccessForm, log: Logbook) -> None:
    log()
    log()

    assert opened(access, WITHDRAW) == ("withdraw", None, None, None)


def test_erasing_needs_a_confirmation_only(access: ValidateAccessForm, log: Logbook) -> None:
    assert opened(access, ERASE) == ("erase", NOT_NEEDED, NOT_NEEDED, None)
    log()
    assert opened(access, ERASE) == ("erase", NOT_NEEDED, NOT_NEEDED, None)


# Answers


def test_ones_own_reference_is_enough(access: ValidateAccessForm, log: Logbook) -> None:
    reference = log()

    done = answer(access, "reference", typed(reference))
    assert done.slots == {"access_reference": reference, "access_email": NOT_NEEDED}


def test_another_conversations_reference_needs_its_address(access: ValidateAccessForm, log: Logbook) -> None:
    reference = log(OTHER_CONVERSATION)

    done = answer(access, "reference", typed(f"  {reference.lower()} "))
    assert done.slots == {"access_reference": reference, "access_email": None}


def test_a_reference_with_a_typo_is_refused_as_one(access: ValidateAccessForm) -> None:
    wrong = "HE-2026-2222222"

    done = answer(access, "reference", typed(wrong))
    assert done.said == ["say_invalid_reference_check"]
    assert done.slots == {"access_reference": None}


def test_what_is_no_reference_is_refused_as_such(access: ValidateAccessForm) -> None:
    assert answer(access, "reference", typed("12345")).said == ["say_invalid_reference_format"]


@pytest.mark.parametrize("email", [EMAIL, "KIM@EXAMPLE.COM", "Meine Adresse ist kim@example.com."])
def test_the_address_that_logged_it_opens_it(access: ValidateAccessForm, log: Logbook, email: str) -> None:
    done = answer(access, "email", typed(email), access_reference=log(OTHER_CONVERSATION))

    assert done.slots["access_email"].casefold() == EMAIL
    assert done.replies == []


def test_another_address_does_not(access: ValidateAccessForm, log: Logbook) -> None:
    done = answer(access, "email", typed("lee@example.com"), access_reference=log(OTHER_CONVERSATION))

    assert done.said == ["say_access_denied"]
    assert done.slots == {
        "access_attempts": 1,
        "access_reference": None,
        "access_email": None,
        "requested_slot": "access_reference",
    }


def test_nobody_learns_which_references_exist(access: ValidateAccessForm, log: Logbook) -> None:
    known = log(OTHER_CONVERSATION)
    unknown = new_reference(1999)  # of a year in which nothing was logged

    first = answer(access, "email", typed("lee@example.com"), access_reference=known)
    second = answer(access, "email", typed("lee@example.com"), access_reference=unknown)
    assert (first.slots, first.text) == (second.slots, second.text)


def test_attempts_are_counted_and_limited(access: ValidateAccessForm, log: Logbook) -> None:
    reference = log(OTHER_CONVERSATION)
    attempts = 0
    for _ in range(ATTEMPTS_MAX):
        done = answer(access, "email", typed("lee@example.com"), access_reference=reference, access_attempts=attempts)
        attempts = done.slots["access_attempts"]
    assert attempts == ATTEMPTS_MAX

    # After that the right address does not help either.
    done = answer(access, "email", typed(EMAIL), access_reference=reference, access_attempts=attempts)
    assert done.said == ["say_access_too_many"]
    assert is_closed(done)


def test_opening_the_form_again_does_not_reset_the_attempts(access: ValidateAccessForm, log: Logbook) -> None:
    log(OTHER_CONVERSATION)

    assert "access_attempts" not in perform(access, tracker(STATUS, access_attempts=ATTEMPTS_MAX)).slots


def test_closing_the_form_does_not_reset_the_attempts(access: ValidateAccessForm) -> None:
    assert "access_attempts" not in answer(access, "reference", pressed("/cancel")).slots


def test_what_is_no_address_is_refused_with_its_reason(access: ValidateAccessForm, log: Logbook) -> None:
    done = answer(access, "email", typed("kim"), access_reference=log(OTHER_CONVERSATION))

    assert done.said == ["say_invalid_email_format"]
    assert done.slots == {"access_email": None}


@pytest.mark.parametrize("field", ["reference", "email", "confirm"])
def test_a_question_in_the_middle_is_left_to_the_rules(access: ValidateAccessForm, field: str) -> None:
    assert answer(access, field, asked("Was kostet es?"), access_reference="HE-2026-2222222").did_nothing


@pytest.mark.parametrize("field", ["reference", "email", "confirm"])
@pytest.mark.parametrize("said", [Said("abbrechen", "cancel"), pressed("/cancel")], ids=["typed", "pressed"])
def test_cancelling_ends_the_form_anywhere(access: ValidateAccessForm, field: str, said: Said) -> None:
    done = answer(access, field, said)

    assert done.said == ["say_access_cancelled"]
    assert is_closed(done)


def test_no_at_the_confirmation_changes_nothing(access: ValidateAccessForm, inquiries: Inquiries, log: Logbook) -> None:
    log()
    done = answer(access, "confirm", pressed("/deny"), access_purpose="erase")

    assert done.said == ["say_access_cancelled"]
    assert is_closed(done)
    assert len(inquiries.list().items) == 1


def test_yes_at_the_confirmation_goes_on(access: ValidateAccessForm) -> None:
    assert answer(access, "confirm", pressed("/affirm")).slots == {"access_confirm": "yes"}


def test_anything_unclear_at_the_confirmation_asks_again(access: ValidateAccessForm) -> None:
    assert answer(access, "confirm", typed("hm")).slots == {"access_confirm": None}


def test_after_an_interruption_the_form_waits(access: ValidateAccessForm) -> None:
    state = tracker(asked("Was kostet es?"), form="access_form", requested="access_email", interrupted=True)

    assert perform(access, state).did_nothing


# The confirmation's question


@pytest.mark.parametrize("language", LANGUAGES, ids=str)
def test_an_erasure_names_every_inquiry_that_goes(
    inquiries: Inquiries, speech: Speech, log: Logbook, language: Language
) -> None:
    mine, other = [log(), log()], log(OTHER_CONVERSATION)
    slots = {"access_purpose": "erase", "access_reference": other}

    done = perform(AskAccessConfirm(inquiries, speech), tracker(ERASE, form="access_form", language=language, **slots))
    assert done.said == ["say_ask_erase_confirm"]
    assert all(reference in done.text for reference in (*mine, other))


def test_a_withdrawal_names_its_inquiry_alone(inquiries: Inquiries, speech: Speech, log: Logbook) -> None:
    mine, other = log(), log()
    slots = {"access_purpose": "withdraw", "access_reference": other}

    done = perform(AskAccessConfirm(inquiries, speech), tracker(WITHDRAW, form="access_form", **slots))
    assert done.said == ["say_ask_withdraw_confirm"]
    assert other in done.text
    assert mine not in done.text


# What is done in the end


def finished(
    carry_out: AccessInquiry,
    purpose: str | None,
    reference: str | None = NOT_NEEDED,
    email: str | None = NOT_NEEDED,
    language: Language = Language.GERMAN,
) -> Performed:
    slots = {"access_purpose": purpose, "access_reference": reference, "access_email": email}
    return perform(carry_out, tracker(STATUS, language=language, **slots))


@pytest.mark.parametrize("language", LANGUAGES, ids=str)
def test_the_status_is_told_of_each_inquiry_with_its_date(
    carry_out: AccessInquiry, inquiries: Inquiries, log: Logbook, language: Language
) -> None:
    new, withdrawn = log(), log()
    inquiries.withdraw(withdrawn, CONVERSATION, None)

    done = finished(carry_out, "status", language=language)
    assert done.said == ["say_inquiry_status_new", "say_inquiry_status_withdrawn"]
    assert new in done.replies[0]["text"]
    assert str(utc_now().year) in done.replies[0]["text"]
    assert withdrawn in done.replies[1]["text"]


def test_the_status_is_told_to_the_address_that_logged_it(carry_out: AccessInquiry, log: Logbook) -> None:
    reference = log(OTHER_CONVERSATION)

    assert reference in finished(carry_out, "status", reference, EMAIL).text


def test_a_withdrawal_is_done(carry_out: AccessInquiry, inquiries: Inquiries, log: Logbook) -> None:
    kept, reference = log(), log()

    assert finished(carry_out, "withdraw", reference).said == ["say_inquiry_withdrawn"]
    assert inquiries.open(reference, CONVERSATION, None).state is InquiryState.WITHDRAWN
    assert inquiries.open(kept, CONVERSATION, None).state is InquiryState.NEW


def test_an_erasure_takes_ones_own_inquiries_and_the_named_one_and_no_other(
    carry_out: AccessInquiry, inquiries: Inquiries, log: Logbook
) -> None:
    log()
    named, kept = log(OTHER_CONVERSATION), log(OTHER_CONVERSATION)

    done = finished(carry_out, "erase", named, EMAIL)
    assert [inquiry.reference for inquiry in inquiries.list().items] == [kept]
    assert done.said == ["say_data_erased"]


def test_an_erasure_has_the_gateway_erase_the_conversation(carry_out: AccessInquiry) -> None:
    (reply,) = finished(carry_out, "erase").replies

    assert reply["custom"]["erase_conversation"] is True


@pytest.mark.parametrize("purpose", ["status", "withdraw"])
def test_nothing_else_erases_the_conversation(carry_out: AccessInquiry, log: Logbook, purpose: str) -> None:
    done = finished(carry_out, purpose, log())

    assert "erase_conversation" not in done.replies[0]["custom"]


def test_all_that_the_form_asked_is_forgotten_afterwards(carry_out: AccessInquiry, log: Logbook) -> None:
    done = finished(carry_out, "status", log(OTHER_CONVERSATION), EMAIL)

    assert done.slots == dict.fromkeys(("access_purpose", *FIELDS))


def test_a_form_that_was_cancelled_has_nothing_left_to_do(
    carry_out: AccessInquiry, inquiries: Inquiries, log: Logbook
) -> None:
    log()

    assert finished(carry_out, None).did_nothing
    assert len(inquiries.list().items) == 1
