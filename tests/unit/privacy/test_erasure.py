"""Who is erased is nowhere any more; who is not stays untouched."""

import asyncio
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.errors import EngineError, InvalidField, InvalidReference, NotFound
from bot.knowledge import Language
from bot.privacy.pseudonyms import Pseudonyms
from bot.privacy.service import FindSubject, Privacy
from bot.privacy.subject import subject_of_conversation, subject_of_email, subject_of_reference
from bot.proposals import Questions
from bot.proposals.erasure import ERASED
from bot.settings import Settings
from bot.store import (
    ActorKind,
    AuditAction,
    AuditRecord,
    Conversation,
    Message,
    Outcome,
    Proposal,
    ProposalKind,
    ProposalState,
    Sender,
    SettledQuestion,
    Store,
    Training,
    TrainingState,
)
from bot.store.search_text import pieces_of, searchable
from tests.support.assistant import make_settings
from tests.support.person import ANNA, BORIS, everything, found_in, found_in_files
from tests.support.scripted_engine import ScriptedEngine
from tests.support.talk import Talk

BY_EMAIL = partial(subject_of_email, email="  ANNA.Zwyqvist@xqfirma.example ")


def finders(reference: str) -> dict[str, FindSubject]:
    return {
        "email": BY_EMAIL,
        "reference": partial(subject_of_reference, reference=reference.lower()),
        "conversation": partial(subject_of_conversation, conversation_id=ANNA.conversation_id),
    }


@pytest.mark.parametrize("by", ["email", "reference", "conversation"])
def test_nothing_is_left_in_any_table_and_file(settings: Settings, store: Store, privacy: Privacy, by: str) -> None:
    reference = ANNA.live(settings, store)
    traces = (*ANNA.traces, reference)
    assert set(traces) == {trace for trace in traces if found_in(settings.database_url, (trace,))}

    erased = privacy.erase(finders(reference)[by])

    assert erased.swept
    for url in (settings.database_url, settings.tracker_url):
        assert found_in(url, traces) == []
        if url.startswith("sqlite"):
            assert found_in_files(url, traces) == []


def test_all_others_stay_as_they_are(settings: Settings, store: Store, privacy: Privacy) -> None:
    BORIS.live(settings, store)
    before = sorted(everything(settings.database_url)), sorted(everything(settings.tracker_url))
    ANNA.live(settings, store)
    privacy.erase(BY_EMAIL)
    after = sorted(everything(settings.database_url)), sorted(everything(settings.tracker_url))
    for was, stays in zip(before, after, strict=True):
        assert without_bookkeeping(was) == without_bookkeeping(stays)


def test_no_word_is_left_in_the_search_index(settings: Settings, store: Store, privacy: Privacy) -> None:
    BORIS.live(settings, store)
    ANNA.live(settings, store)
    privacy.erase(BY_EMAIL)
    own = set(pieces_of(searchable(ANNA.word)).split())
    left = {word for place, value in everything(settings.database_url) if "search" in place for word in value.split()}
    assert own
    assert not own & left


def test_the_preview_counts_what_then_goes_and_erases_nothing(
    settings: Settings, store: Store, privacy: Privacy
) -> None:
    ANNA.live(settings, store)
    before = sorted(everything(settings.database_url))
    preview = privacy.preview(BY_EMAIL)
    assert sorted(everything(settings.database_url)) == before
    assert preview.counts == {
        "conversations": 1,
        "messages": 2,
        "buttons": 1,
        "feedback": 1,
        "holds": 1,
        "inquiries": 1,
        "inquiry_entities": 1,
        "inquiry_events": 6,
        "inquiry_notes": 1,
        "inquiry_replies": 1,
        "inquiry_search": 1,
        "inquiry_tags": 1,
        "deliveries": 5,
        "telegram_chats": 1,
        "telegram_updates": 2,
        "engine_events": 2,
    }
    assert privacy.erase(BY_EMAIL).counts == preview.counts


def test_it_is_recorded_under_a_pseudonym(settings: Settings, store: Store, privacy: Privacy) -> None:
    ANNA.live(settings, store)
    counts = privacy.erase(BY_EMAIL).counts
    with store.reading() as session:
        (record,) = session.scalars(select(AuditRecord))
    assert (record.action, record.actor, record.counts) == (AuditAction.ERASED, ActorKind.STAFF, counts)
    assert record.subject == Pseudonyms(settings).of_email(ANNA.email.upper())
    other = settings.model_copy(update={"secret_key": settings.engine_token})
    assert record.subject != Pseudonyms(other).of_email(ANNA.email)


def test_what_a_person_asked_is_taken_out_of_proposals_and_what_others_asked_stays(
    store: Store, privacy: Privacy
) -> None:
    email, asked = "kim@example.kr", "Ich bin [e-mail], wohin?"
    once = Talk(store).ask(f" Ich  bin {email}, wohin?", Outcome.REFUSED)
    again = Talk(store).ask(f"Ich bin {email}, wohin?", Outcome.REFUSED)
    other = Talk(store).ask("Wo ist das Amt?", Outcome.REFUSED)
    alone = propose(store, (asked,), once)
    shared = propose(store, (asked, "Wo ist das Amt?"), again, other)
    reworded = propose(store, ("Wohin muss ich?",))
    with store.session() as session:
        failed = Training(proposals=[alone], started_by="anna", state=TrainingState.FAILED, problem=f"twice: {asked}")
        session.add_all((Training(proposals=[shared], started_by="anna", state=TrainingState.READY), failed))

    privacy.erase(partial(subject_of_email, email=email))

    with store.reading() as session:
        left = {row.id: Questions.model_validate(row.content) for row in session.scalars(select(Proposal))}
        trainings = session.scalars(select(Training)).all()
        assert [(each.state, each.problem) for each in trainings] == [(TrainingState.FAILED, ERASED)] * 2
        assert session.get_one(SettledQuestion, other).proposal_id == shared
    assert {number: questions.by_language[Language.GERMAN] for number, questions in left.items()} == {
        shared: ("Wo ist das Amt?",),
        reworded: ("Wohin muss ich?",),
    }


def test_an_adopted_proposal_does_not_bring_back_what_was_erased(store: Store, privacy: Privacy) -> None:
    adopted = propose(store, ("Ich bin [e-mail]",), Talk(store).ask("Ich bin kim@example.kr", Outcome.REFUSED))
    with store.session() as session:
        session.get_one(Proposal, adopted).state = ProposalState.ADOPTED

    privacy.erase(partial(subject_of_email, email="kim@example.kr"))
    with store.reading() as session:
        assert session.get(Proposal, adopted) is None


def test_a_conversation_in_which_the_address_was_only_written_down_goes_too(
    settings: Settings, store: Store, privacy: Privacy
) -> None:
    ANNA.live(settings, store)
    write(store, "c" * 32, f"Meine Adresse: {ANNA.email}로 보내 주세요")
    write(store, "d" * 32, f"Meine Adresse: joh{ANNA.email}")
    write(store, "e" * 32, f"Meine Adresse: {ANNA.email}.kr")
    assert privacy.erase(BY_EMAIL).subject.conversations == (ANNA.conversation_id, "c" * 32)


def test_an_address_is_no_pattern(settings: Settings, store: Store, privacy: Privacy) -> None:
    ANNA.live(settings, store)
    for pattern in ("%@%", "anna_zwyqvist@xqfirma.example", ".*@.*"):
        with pytest.raises(NotFound):
            privacy.preview(partial(subject_of_email, email=pattern))


def test_what_leads_to_nobody_is_an_error(store: Store, privacy: Privacy) -> None:
    with pytest.raises(NotFound):
        privacy.erase(BY_EMAIL)
    with pytest.raises(NotFound):
        privacy.erase(partial(subject_of_conversation, conversation_id="f" * 32))
    with pytest.raises(InvalidField):
        privacy.erase(partial(subject_of_email, email="anna"))
    with pytest.raises(InvalidReference):
        privacy.erase(partial(subject_of_reference, reference="HE"))


@pytest.mark.asyncio
async def test_a_running_engine_is_asked_to_forget_and_its_database_left_to_it(
    settings: Settings, store: Store
) -> None:
    ANNA.live(settings, store)
    async with ScriptedEngine() as engine:
        privacy = Privacy(store, settings.model_copy(update={"engine_port": engine.port}))
        await asyncio.to_thread(privacy.erase, BY_EMAIL)
    assert set(engine.forgotten) == {ANNA.conversation_id}
    assert found_in(settings.tracker_url, ANNA.traces)
    assert not found_in(settings.database_url, ANNA.traces)


@pytest.mark.asyncio
async def test_if_the_engine_cannot_forget_nothing_is_erased(settings: Settings, store: Store) -> None:
    ANNA.live(settings, store)
    before = sorted(everything(settings.database_url))
    async with ScriptedEngine() as engine:
        engine.can_forget = False
        privacy = Privacy(store, settings.model_copy(update={"engine_port": engine.port}))
        with pytest.raises(EngineError):
            await asyncio.to_thread(privacy.erase, BY_EMAIL)
    assert sorted(everything(settings.database_url)) == before


def test_without_the_tables_of_other_programs_the_rest_is_erased(tmp_path: Path, url: str) -> None:
    settings = make_settings(tmp_path, database_url=url, tracker_url=f"sqlite:///{tmp_path / 'none.sqlite3'}")
    store = Store(url)
    write(store, "c" * 32, f"I am {ANNA.email}")
    Privacy(store, settings).erase(BY_EMAIL)
    assert found_in(url, (ANNA.email,)) == []
    assert not (tmp_path / "none.sqlite3").exists()
    store.close()


def propose(store: Store, texts: tuple[str, ...], *settled: int) -> int:
    content = Questions(by_language={Language.GERMAN: texts})
    with store.session() as session:
        proposal = Proposal(
            kind=ProposalKind.QUESTIONS,
            topic="visa",
            entry="visa-one",
            content=content.model_dump(mode="json"),
            author="anna",
        )
        session.add(proposal)
        session.flush()
        session.add_all(SettledQuestion(message_id=each, proposal_id=proposal.id, staff="anna") for each in settled)
        return proposal.id


def write(store: Store, conversation_id: str, said: str) -> None:
    with store.session() as session:
        session.add(Conversation(id=conversation_id, token_hash="-", language="de"))
        session.flush()
        session.add(Message(conversation_id=conversation_id, sender=Sender.USER, text=said, language="de"))


def without_bookkeeping(rows: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Not the record of the erasure, counters of ids, and SQLite's own form of the index, which is merged."""
    kept_apart = ("audit_records.", "sqlite_sequence.", "inquiry_search_index_")
    return [row for row in rows if not row[0].startswith(kept_apart)]
