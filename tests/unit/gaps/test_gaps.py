"""Questions that were not answered well, as staff see them: masked, in groups, until they are settled."""

from datetime import timedelta

import numpy as np
import pytest

from bot.gaps.groups import Gaps
from bot.gaps.questions import UNSURE_BELOW, Why
from bot.knowledge import Language
from bot.store import Conversation, Message, Outcome, QuestionVector, SettledQuestion, Store, utc_now
from tests.support.talk import Talk

MONEY, VISA = (1.0, 0.0, 0.1), (0.0, 1.0, 0.1)


def stored(direction: tuple[float, ...]) -> bytes:
    return np.rint(np.array(direction) * 127).astype(np.int8).tobytes()


def mean(store: Store, identifier: int, direction: tuple[float, ...]) -> None:
    with store.session() as session:
        session.add(QuestionVector(message_id=identifier, encoder="e", vector=stored(direction)))


@pytest.fixture
def gaps(store: Store) -> Gaps:
    return Gaps(store)


def texts(gaps: Gaps, **wanted: object) -> set[str]:
    overview = gaps.overview(**wanted)  # type: ignore[arg-type]
    return {question.text for group in overview.groups for question in group.questions}


def test_unanswered_unsure_and_unhelpful_questions_are_gaps_and_good_answers_are_not(store: Store, gaps: Gaps) -> None:
    talk = Talk(store)
    talk.ask("clarified", Outcome.CLARIFIED)
    talk.ask("refused", Outcome.REFUSED)
    talk.ask("unsure", Outcome.ANSWERED, confidence=UNSURE_BELOW - 0.01)
    talk.ask("disliked", Outcome.ANSWERED, helpful=False)
    talk.ask("good", Outcome.ANSWERED)
    talk.ask("liked", Outcome.ANSWERED, helpful=True)

    assert texts(gaps) == {"clarified", "refused", "unsure", "disliked"}
    assert texts(gaps, why=Why.NOT_HELPFUL) == {"disliked"}


def test_what_was_typed_into_a_form_is_no_gap_even_when_the_reply_was_disliked(store: Store, gaps: Gaps) -> None:
    Talk(store).ask("Anna Zwyqvist", None, helpful=False)

    assert texts(gaps) == set()


def test_addresses_and_numbers_are_masked_in_questions_and_comments(store: Store, gaps: Gaps) -> None:
    text = "Schreiben Sie an kim@example.kr oder 0171 5550199?"
    Talk(store).ask(text, Outcome.CLARIFIED, helpful=False, comment="ich bin anna@example.org")

    (group,) = gaps.overview().groups
    assert group.title.text == "Schreiben Sie an [e-mail] oder [phone]?"
    assert group.title.comment == "ich bin [e-mail]"


def test_questions_of_one_meaning_are_one_group_across_languages_the_largest_first(store: Store, gaps: Gaps) -> None:
    korean, german = Talk(store, "ko"), Talk(store, "de")
    visa = [german.ask("Visum?", Outcome.REFUSED, offered="visa-overview")]
    money = [
        korean.ask("얼마예요?", Outcome.CLARIFIED, offered="cost"),
        german.ask("Was kostet das?", Outcome.CLARIFIED, offered="cost"),
        korean.ask("비용은요?", Outcome.CLARIFIED, offered="who"),
    ]
    for identifier in visa:
        mean(store, identifier, VISA)
    for identifier in money:
        mean(store, identifier, MONEY)

    first, second = gaps.overview().groups
    assert {question.id for question in first.questions} == set(money)
    assert first.languages == ((Language.KOREAN, 2), (Language.GERMAN, 1))
    assert first.nearest == "cost"
    assert [question.id for question in second.questions] == visa
    assert second.nearest == "visa-overview"


def test_a_question_whose_meaning_is_not_known_yet_stands_for_itself(store: Store, gaps: Gaps) -> None:
    talk = Talk(store)
    mean(store, talk.ask("eins", Outcome.REFUSED), MONEY)
    talk.ask("zwei", Outcome.REFUSED)

    overview = gaps.overview()
    assert (overview.total, overview.questions, overview.ungrouped) == (2, 2, 1)


def test_one_language_or_a_shorter_time_can_be_asked_for(store: Store, gaps: Gaps) -> None:
    Talk(store, "ko").ask("질문입니다", Outcome.REFUSED)
    Talk(store, "de").ask("alt", Outcome.REFUSED, at=utc_now() - timedelta(days=20))
    Talk(store, "de").ask("uralt", Outcome.REFUSED, at=utc_now() - timedelta(days=200))

    assert texts(gaps) == {"질문입니다", "alt"}
    assert texts(gaps, language=Language.KOREAN) == {"질문입니다"}
    assert texts(gaps, days=7) == {"질문입니다"}


def test_a_settled_question_is_not_shown_again(store: Store, gaps: Gaps) -> None:
    identifier = Talk(store).ask("erledigt", Outcome.REFUSED)
    with store.session() as session:
        session.add(SettledQuestion(message_id=identifier, staff="anna"))

    assert texts(gaps) == set()


def test_vectors_and_decisions_go_with_the_conversation(store: Store, gaps: Gaps) -> None:
    identifier = Talk(store).ask("weg damit", Outcome.REFUSED)
    mean(store, identifier, MONEY)
    with store.session() as session:
        session.add(SettledQuestion(message_id=identifier, staff="anna"))
    with store.session() as session:
        conversation = session.get_one(Message, identifier).conversation_id
        session.delete(session.get_one(Conversation, conversation))

    with store.reading() as session:
        assert session.get(QuestionVector, identifier) is None
        assert session.get(SettledQuestion, identifier) is None


def test_of_many_questions_the_newest_are_shown_and_the_others_named_by_their_ids(store: Store, gaps: Gaps) -> None:
    talk, start = Talk(store), utc_now() - timedelta(days=1)
    asked = [talk.ask("Frage", Outcome.REFUSED, at=start + timedelta(minutes=number)) for number in range(30)]
    for identifier in asked:
        mean(store, identifier, MONEY)

    (group,) = gaps.overview().groups
    assert [question.id for question in group.questions] == asked[:4:-1]
    assert group.rest == tuple(asked[4::-1])
    assert (group.size, group.languages) == (30, ((Language.GERMAN, 30),))
    assert gaps.overview(limit=0).groups == ()
