from uuid import uuid4

import pytest
from sqlalchemy import select

from bot.conversations import Conversations
from bot.errors import EngineError, NotFound, Unauthorized
from bot.knowledge import Language
from bot.privacy.pseudonyms import Pseudonyms
from bot.proposals import Questions
from bot.settings import Settings
from bot.store import (
    ActorKind,
    AuditAction,
    AuditRecord,
    Button,
    Conversation,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Feedback,
    Inquiry,
    Message,
    Proposal,
    ProposalKind,
    SettledQuestion,
    Store,
    utc_now,
)
from tests.support.scripted_engine import ScriptedEngine, reply

pytestmark = pytest.mark.asyncio

REFERENCE = "HE-2026-7K3F9QX"


def log_inquiry(store: Store, conversation_id: str) -> None:
    with store.session() as session:
        session.add(
            Inquiry(
                reference=REFERENCE,
                idempotency_key="key",
                conversation_id=conversation_id,
                channel="web",
                language="de",
                topic="starthub",
                message="Bitte melden Sie sich.",
                name="Kim",
                email="kim@example.org",
                country="KR",
                consent_version="1",
                consented_at=utc_now(),
            )
        )


@pytest.mark.parametrize("language", list(Language))
async def test_erasing_removes_everything_but_logged_inquiries_and_names_both(
    conversations: Conversations, engine: ScriptedEngine, store: Store, settings: Settings, language: Language
) -> None:
    started = await conversations.start(language)
    (reply,) = await conversations.post(started.id, str(uuid4()), text="hello")
    await conversations.feedback(started.id, reply.id, helpful=True)
    log_inquiry(store, started.id)
    await conversations.authorize(started.id, started.token)
    follower = conversations.broker.subscribe(started.id)

    report = await conversations.erase(started.id)

    assert "3" in report.erased[0]
    assert len(report.erased) == 3
    with store.reading() as session:
        record = session.scalars(select(AuditRecord)).one()
    assert (record.action, record.actor) == (AuditAction.ERASED, ActorKind.ASKER)
    assert record.counts["messages"] == 3
    assert record.subject == Pseudonyms(settings).of_conversation(started.id)
    (kept,) = report.kept
    assert REFERENCE in kept
    assert engine.forgotten == [started.id]
    assert [event async for event in follower] == []
    with store.reading() as session:
        for table in (Conversation, Message, Button, Feedback):
            assert session.scalars(select(table)).all() == []
        assert session.scalars(select(Inquiry)).one().conversation_id is None
    with pytest.raises(Unauthorized):
        await conversations.authorize(started.id, started.token)


async def test_what_was_on_its_way_goes_with_an_erasure_said_in_the_conversation(
    conversations: Conversations, engine: ScriptedEngine, store: Store, settings: Settings
) -> None:
    started = await conversations.start()
    with store.session() as session:
        session.add(
            Delivery(
                key="1",
                kind=DeliveryKind.STAFF_MESSAGE,
                channel="web",
                language="en",
                text="Kim?",
                conversation_id=started.id,
                state=DeliveryState.FAILED,
            )
        )
    engine.answer(reply("All erased.", erase_conversation=True))
    await conversations.post(started.id, str(uuid4()), text="delete my data")
    with store.reading() as session:
        assert session.scalars(select(Delivery)).all() == []
        record = session.scalars(select(AuditRecord)).one()
    assert record.subject == Pseudonyms(settings).of_conversation(started.id)
    assert record.counts["deliveries"] == 1


@pytest.mark.parametrize("said", [True, False])
async def test_what_was_asked_leaves_the_proposals_that_wait(
    conversations: Conversations, engine: ScriptedEngine, store: Store, said: bool
) -> None:
    started = await conversations.start()
    await conversations.post(started.id, str(uuid4()), text="Where do I go?")
    with store.session() as session:
        content = Questions(by_language={Language.ENGLISH: ("Where do I go?",)}).model_dump(mode="json")
        proposal = Proposal(kind=ProposalKind.QUESTIONS, topic="visa", entry="visa-one", content=content, author="anna")
        session.add(proposal)
        session.flush()
        asked = session.scalars(select(Message).where(Message.text == "Where do I go?")).one()
        session.add(SettledQuestion(message_id=asked.id, proposal_id=proposal.id, staff="anna"))

    if said:
        engine.answer(reply("All erased.", erase_conversation=True))
        await conversations.post(started.id, str(uuid4()), text="delete my data")
    else:
        await conversations.erase(started.id)
    with store.reading() as session:
        assert session.scalars(select(Proposal)).all() == []


async def test_without_an_inquiry_nothing_is_kept_and_others_are_untouched(
    conversations: Conversations, store: Store
) -> None:
    started, other = await conversations.start(), await conversations.start()
    log_inquiry(store, other.id)
    report = await conversations.erase(started.id)
    assert report.kept == ()
    assert len(await conversations.messages(other.id)) == 1
    with pytest.raises(NotFound):
        await conversations.erase(started.id)


async def test_if_the_engine_cannot_forget_nothing_is_erased(
    conversations: Conversations, engine: ScriptedEngine
) -> None:
    started = await conversations.start()
    engine.can_forget = False
    with pytest.raises(EngineError):
        await conversations.erase(started.id)
    assert len(await conversations.messages(started.id)) == 1
