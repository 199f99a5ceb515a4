"""The meanings of new inquiries and of questions answered badly are asked for, once each, and kept."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import func, inspect, select

from bot.conversations import EngineClient, open_engine_connections
from bot.errors import EngineError
from bot.inquiries import Inquiries
from bot.meanings.keeper import BATCH, LOOK_BACK, MeaningKeeper
from bot.store import Inquiry, InquiryVector, Outcome, QuestionVector, Store, Transactions
from tests.support.assistant import make_settings, no_pause
from tests.support.scripted_engine import ScriptedEngine
from tests.support.talk import Talk
from tests.unit.inquiries.cases import draft

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def engine() -> AsyncIterator[ScriptedEngine]:
    async with ScriptedEngine() as scripted:
        yield scripted


@pytest_asyncio.fixture
async def keeper(tmp_path: Path, store: Store, engine: ScriptedEngine) -> AsyncIterator[MeaningKeeper]:
    settings = make_settings(tmp_path, engine.port)
    async with open_engine_connections(settings) as connections:
        yield MeaningKeeper(Transactions(store), EngineClient(connections, settings, pause=no_pause))


def count(store: Store, table: type[QuestionVector] | type[InquiryVector]) -> int:
    with store.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


async def test_each_is_asked_for_once_and_masked(keeper: MeaningKeeper, store: Store, engine: ScriptedEngine) -> None:
    Talk(store).ask("Schreibt mir: kim@example.kr", Outcome.REFUSED)
    Talk(store).ask("gut beantwortet", Outcome.ANSWERED)
    Inquiries(store).log(draft("1", message="Wasserstoff in Hessen"))

    assert await keeper.fill() == 2
    assert await keeper.fill() == 0
    assert engine.meanings == [["Schreibt mir: [e-mail]"], ["Wasserstoff in Hessen"]]
    assert (count(store, QuestionVector), count(store, InquiryVector)) == (1, 1)


async def test_many_are_done_a_few_at_a_time(keeper: MeaningKeeper, store: Store, engine: ScriptedEngine) -> None:
    inquiries = Inquiries(store)
    for number in range(BATCH + 3):
        inquiries.log(draft(str(number)))

    assert [await keeper.fill() for _ in range(3)] == [BATCH, 3, 0]
    assert count(store, InquiryVector) == BATCH + 3


async def test_an_engine_that_is_down_loses_nothing(
    keeper: MeaningKeeper, store: Store, engine: ScriptedEngine
) -> None:
    Talk(store).ask("Frage", Outcome.REFUSED)
    engine.is_ready = False
    with pytest.raises(EngineError):
        await keeper.fill()

    engine.is_ready = True
    assert await keeper.fill() == 1


async def test_with_another_encoder_all_are_made_again(
    keeper: MeaningKeeper, store: Store, engine: ScriptedEngine
) -> None:
    inquiries = Inquiries(store)
    inquiries.log(draft("1"))
    await keeper.fill()
    engine.encoder = "second"
    inquiries.log(draft("2"))

    while await keeper.fill():
        pass
    with store.reading() as session:
        made = session.scalars(select(InquiryVector.encoder)).all()
    assert made == ["second", "second"]


async def test_so_are_those_of_the_oldest_inquiries_however_many_came_after(
    keeper: MeaningKeeper, store: Store, engine: ScriptedEngine
) -> None:
    inquiries = Inquiries(store)
    inquiries.log(draft("old"))
    with store.session() as session:
        old = session.scalars(select(Inquiry)).one()
        later = later_inquiry(old, old.id + LOOK_BACK + 1)
        session.add(later)
        session.flush()
        session.add_all(InquiryVector(inquiry_id=each.id, encoder="first", vector=b"0") for each in (old, later))
        session.add(later_inquiry(old, later.id + 1))
    engine.encoder = "second"

    while await keeper.fill():
        pass
    with store.reading() as session:
        made = session.scalars(select(InquiryVector.encoder)).all()
    assert made == ["second"] * 3


def later_inquiry(old: Inquiry, identifier: int) -> Inquiry:
    values = {column.key: getattr(old, column.key) for column in inspect(Inquiry).column_attrs}
    own = {"id": identifier, "reference": f"HE-2026-{identifier:07}", "idempotency_key": str(identifier)}
    return Inquiry(**(values | own))


async def test_what_was_erased_stays_away(keeper: MeaningKeeper, store: Store, engine: ScriptedEngine) -> None:
    reference = Inquiries(store).log(draft("1")).reference
    await keeper.fill()
    with store.session() as session:
        session.delete(session.scalars(select(Inquiry).where(Inquiry.reference == reference)).one())

    assert count(store, InquiryVector) == 0
    assert await keeper.fill() == 0
