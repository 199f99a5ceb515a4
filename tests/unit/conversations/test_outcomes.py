"""What becomes of a question is recorded with it, and only of questions that somebody typed outside a form."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from bot.knowledge import Language
from bot.store import Message, Outcome, Sender
from tests.support.scripted_engine import reply
from tests.unit.conversations.conftest import Assistant

pytestmark = pytest.mark.asyncio


async def outcome_after(assistant: Assistant, text: str = "Frage?") -> list[Outcome | None]:
    started = await assistant.conversations.start(Language.GERMAN)
    await assistant.conversations.post(started.id, str(uuid4()), text=text)
    with assistant.store.reading() as session:
        return list(session.scalars(select(Message.outcome).where(Message.sender == Sender.USER).order_by(Message.id)))


@pytest.mark.parametrize(
    ("intent", "entry", "outcome"),
    [
        ("faq", "cost", Outcome.ANSWERED),
        ("follow_up", "cost", Outcome.ANSWERED),
        ("nlu_fallback", None, Outcome.CLARIFIED),
        ("out_of_scope", None, Outcome.REFUSED),
        ("greet", None, None),
    ],
)
async def test_a_typed_question_is_answered_clarified_or_refused(
    assistant: Assistant, intent: str, entry: str | None, outcome: Outcome | None
) -> None:
    assistant.engine.answer(reply("Antwort", entry=entry), intent=intent)

    assert await outcome_after(assistant) == [outcome]


async def test_what_is_typed_into_a_form_has_none(assistant: Assistant) -> None:
    assistant.engine.answer(reply("Wie heißen Sie?", asks="name"), intent="nlu_fallback", in_form=True)

    assert await outcome_after(assistant, "Anna Zwyqvist") == [None]


async def test_what_a_form_asked_for_has_none_even_if_an_entry_answers_it(assistant: Assistant) -> None:
    started = await assistant.conversations.start(Language.GERMAN)
    assistant.engine.answer(reply("Was möchten Sie wissen?", asks="message"), intent="inquire", in_form=True)
    await assistant.conversations.post(started.id, str(uuid4()), text="Ich möchte eine Anfrage stellen")
    assistant.engine.answer(reply("Antwort", entry="cost"), intent="faq", in_form=True)
    await assistant.conversations.post(started.id, str(uuid4()), text="Visum für Kim Minsu?")

    with assistant.store.reading() as session:
        assert set(session.scalars(select(Message.outcome).where(Message.sender == Sender.USER))) == {None}


async def test_a_question_without_an_answer_has_failed(assistant: Assistant) -> None:
    assistant.engine.fail()

    assert await outcome_after(assistant) == [Outcome.FAILED]


async def test_a_question_that_is_asked_again_by_button_bears_what_became_of_it(assistant: Assistant) -> None:
    """The button is called "try again": that is no question, and staff must not see it as one."""
    started = await assistant.conversations.start(Language.GERMAN)
    assistant.engine.fail()
    apology = (await assistant.conversations.post(started.id, str(uuid4()), text="Was kostet das?"))[-1]
    assistant.engine.answer(reply("Das weiß ich nicht"), intent="out_of_scope")
    await assistant.conversations.post(started.id, str(uuid4()), button=apology.buttons[0].id)

    with assistant.store.reading() as session:
        asked = select(Message.text, Message.outcome).where(Message.sender == Sender.USER).order_by(Message.id)
        (question, first), (_, second) = session.execute(asked).all()
    assert (question, first, second) == ("Was kostet das?", Outcome.REFUSED, None)
