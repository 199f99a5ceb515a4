"""A message that was not understood: first the nearest entries as buttons, then a person."""

from __future__ import annotations

import pytest

from actions.fallback import CLOSEST_ENTRIES, OfferClosest
from actions.privacy import SayPrivacy
from actions.questions import AskField
from actions.speech import Speech
from bot.knowledge import LANGUAGES, KnowledgeBase, Language
from tests.unit.actions.trackers import Said, asked, perform, pressed, tracker

NEAR = ("starthub-cost", "no-such-entry", "starthub-who", "push-what", "visa-overview")


@pytest.fixture
def offer(knowledge: KnowledgeBase, speech: Speech) -> OfferClosest:
    return OfferClosest(knowledge, speech)


def unclear(*entries: str) -> Said:
    return Said("starthub dings", "nlu_fallback", 0.3, entries=entries)


@pytest.mark.parametrize("language", LANGUAGES, ids=str)
def test_the_nearest_known_entries_are_offered_best_first(
    offer: OfferClosest, knowledge: KnowledgeBase, language: Language
) -> None:
    done = perform(offer, tracker(unclear(*NEAR), language=language))

    assert done.said == ["say_offer_closest"]
    expected = ["starthub-cost", "starthub-who", "push-what"]
    assert len(expected) == CLOSEST_ENTRIES
    assert done.payloads == [f'/faq{{"entry": "{entry}"}}' for entry in expected]
    titles = [button["title"] for button in done.replies[0]["buttons"]]
    assert titles == [knowledge.entries[entry].title(language) for entry in expected]


@pytest.mark.parametrize("language", LANGUAGES, ids=str)
def test_not_understood_twice_in_a_row_leads_to_a_person(offer: OfferClosest, language: Language) -> None:
    done = perform(offer, tracker(unclear(*NEAR), unclear(*NEAR), language=language))

    assert done.said == ["say_offer_inquiry"]
    assert "/inquire" in done.payloads


@pytest.mark.parametrize("between", [asked("Was kostet es?"), pressed('/faq{"entry": "push-what"}')], ids=str)
def test_after_an_answer_in_between_the_nearest_are_offered_again(offer: OfferClosest, between: Said) -> None:
    assert perform(offer, tracker(unclear(*NEAR), between, unclear(*NEAR))).said == ["say_offer_closest"]


def test_where_nothing_is_near_a_person_is_offered_at_once(offer: OfferClosest) -> None:
    assert perform(offer, tracker(unclear())).said == ["say_offer_inquiry"]
    assert perform(offer, tracker(unclear("no-such-entry"))).said == ["say_offer_inquiry"]


@pytest.mark.parametrize("language", LANGUAGES, ids=str)
def test_privacy_is_told_with_this_installations_days(speech: Speech, language: Language) -> None:
    done = perform(SayPrivacy(speech, 33, 77), tracker(Said("Datenschutz", "privacy"), language=language))

    assert done.said == ["say_privacy"]
    assert "77" in done.text
    assert "{" not in done.text


@pytest.mark.parametrize("language", LANGUAGES, ids=str)
def test_consent_is_asked_with_this_installations_days(speech: Speech, language: Language) -> None:
    ask = AskField(speech, "inquiry_form", "consent", retention_days="77")

    done = perform(ask, tracker(pressed("/inquire"), form="inquiry_form", requested="country", language=language))
    assert done.replies[0]["custom"] == {"response": "say_ask_inquiry_form_consent", "asks": "consent"}
    assert "77" in done.text
    assert done.payloads == ["/affirm", "/deny"]


def test_a_conversation_without_a_language_is_answered_in_english(speech: Speech) -> None:
    state = tracker(Said("?", "privacy"))
    state.slots["language"] = None

    assert "33 days after the last message" in perform(SayPrivacy(speech, 33, 77), state).text
