"""Past inquiries of like meaning, in whatever language, with what their askers were answered."""

import numpy as np
import pytest

from bot.errors import InvalidReference
from bot.inquiries import Inquiries
from bot.inquiries.similar import EXCERPT_CHARACTERS, SimilarInquiry, similar_to
from bot.store import Inquiry, InquiryState, InquiryVector, Store
from tests.unit.inquiries.cases import ANNA, draft, move

HYDROGEN, VISA = (1.0, 0.05, 0.0), (0.0, 0.1, 1.0)


def log(store: Store, inquiries: Inquiries, key: str, direction: tuple[float, ...], **fields: str | None) -> str:
    reference = inquiries.log(draft(key, **fields)).reference
    vector = np.rint(np.array(direction) * 127).astype(np.int8).tobytes()
    with store.session() as session:
        identifier = session.query(Inquiry.id).filter(Inquiry.reference == reference).scalar()
        session.add(InquiryVector(inquiry_id=identifier, encoder="e", vector=vector))
    return reference


def similar(store: Store, reference: str) -> list[SimilarInquiry]:
    with store.reading() as session:
        return similar_to(session, reference)


def test_the_likest_come_first_whatever_their_language_and_topic(store: Store, inquiries: Inquiries) -> None:
    own = log(store, inquiries, "1", HYDROGEN, language="ko")
    german = log(store, inquiries, "2", HYDROGEN, language="de", topic="funding", message="Wasserstoff in Hessen?")
    log(store, inquiries, "3", VISA, language="ko")
    near = log(store, inquiries, "4", (0.8, 0.6, 0.0), language="en")

    found = similar(store, own)
    assert [each.reference for each in found] == [german, near]
    assert (found[0].language, found[0].topic, found[0].message) == ("de", "funding", "Wasserstoff in Hessen?")
    assert found[0].alike > found[1].alike


def test_the_last_reply_is_shown_shortened(store: Store, inquiries: Inquiries) -> None:
    own, other = (log(store, inquiries, key, HYDROGEN) for key in "12")
    for text in ("Zuerst dies.", "Dann\ndas. " * 100):
        with inquiries.change(other, ANNA) as case:
            case.reply(text, "de")

    (found,) = similar(store, own)
    assert found.reply is not None
    assert found.reply.startswith("Dann das. Dann das.")
    assert len(found.reply) <= EXCERPT_CHARACTERS + 1


def test_spam_and_duplicates_are_left_out(store: Store, inquiries: Inquiries) -> None:
    own, spam, duplicate = (log(store, inquiries, key, HYDROGEN) for key in "123")
    move(inquiries, spam, InquiryState.SPAM)
    with inquiries.change(duplicate, ANNA) as case:
        case.mark_duplicate_of(own)

    assert similar(store, own) == []


def test_before_its_meaning_is_known_nothing_is_similar(store: Store, inquiries: Inquiries) -> None:
    own = inquiries.log(draft("1")).reference
    log(store, inquiries, "2", HYDROGEN)

    assert similar(store, own) == []
    with pytest.raises(InvalidReference):
        similar(store, "nonsense")


def test_an_erased_inquiry_is_similar_to_nothing_any_more(store: Store, inquiries: Inquiries) -> None:
    own = log(store, inquiries, "1", HYDROGEN)
    other = log(store, inquiries, "2", HYDROGEN, email="other@example.org")
    inquiries.erase(other, None, "other@example.org")

    assert similar(store, own) == []
    with store.reading() as session:
        assert session.query(InquiryVector).count() == 1
