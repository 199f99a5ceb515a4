"""An inquiry is logged once, shown only to its asker, and gone when erased."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from pydantic import SecretStr
from sqlalchemy import delete, func, select

from bot.errors import Conflict, InquiryAccessDenied, InvalidReference, NotFound
from bot.inquiries import ASKER, CONSENT_VERSION, Desk, EntityValue, Inquiries, InquiryDraft, new_reference
from bot.inquiries.service import LOG_ATTEMPTS
from bot.privacy.pseudonyms import Pseudonyms
from bot.settings import Settings
from bot.store import (
    ActorKind,
    AuditAction,
    AuditRecord,
    Conversation,
    EntityRecord,
    Inquiry,
    InquiryEvent,
    InquiryState,
    Message,
    MessageState,
    Sender,
    Store,
    hash_token,
)

CONVERSATION = "c" * 32
OTHER_CONVERSATION = "d" * 32
EMAIL = "Kim@example.com"
PSEUDONYMS = Pseudonyms(Settings(secret_key=SecretStr("k" * 32)))
START = datetime(2026, 3, 1, 12, tzinfo=UTC)
HYDROGEN: EntityRecord = {"entity": "technology", "value": "hydrogen"}
FRANKFURT: EntityRecord = {"entity": "place", "value": "frankfurt"}

DRAFT = InquiryDraft(
    conversation_id=CONVERSATION,
    language="ko",
    topic="starthub",
    message="수소 기술 협력을 문의합니다",
    name="김민수",
    company=None,
    email=EMAIL,
    country="KR",
    consent_version=CONSENT_VERSION,
    idempotency_key="form-1",
)


class Clock:
    """A clock that moves on by a minute each time it is read."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    store = Store(url)
    with store.session() as session:
        for identity in (CONVERSATION, OTHER_CONVERSATION):
            session.add(Conversation(id=identity, token_hash=hash_token(identity), language="ko", channel="telegram"))
        session.flush()
        session.add_all(
            [
                message(CONVERSATION, Sender.BOT, "Guten Tag", language="de", entry="starthub-cost"),
                message(CONVERSATION, Sender.USER, "수소", entities=[HYDROGEN], state=MessageState.ANSWERED),
                message(OTHER_CONVERSATION, Sender.USER, "not mine"),
                message(CONVERSATION, Sender.USER, "또", entities=[FRANKFURT, HYDROGEN], state=MessageState.PENDING),
            ]
        )
    yield store
    store.close()


@pytest.fixture
def inquiries(store: Store) -> Inquiries:
    return Inquiries(store, Clock())


def message(
    conversation: str,
    sender: Sender,
    text: str,
    language: str = "ko",
    entry: str | None = None,
    entities: list[EntityRecord] | None = None,
    state: MessageState | None = None,
) -> Message:
    return Message(
        conversation_id=conversation,
        sender=sender,
        text=text,
        language=language,
        entry=entry,
        entities=entities,
        state=state,
    )


def rows(store: Store, table: type[Inquiry] | type[InquiryEvent]) -> int:
    with store.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_everything_about_a_logged_inquiry_is_kept(inquiries: Inquiries) -> None:
    logged = inquiries.log(DRAFT)
    assert not logged.already_logged
    assert logged.reference.startswith("HE-2026-")
    detail = inquiries.get(logged.reference)
    assert (detail.message, detail.name, detail.company, detail.email) == (DRAFT.message, "김민수", None, EMAIL)
    assert (detail.consent_version, detail.consented_at) == (CONSENT_VERSION, START + timedelta(minutes=1))
    summary = detail.summary
    assert (summary.state, summary.channel, summary.language) == (InquiryState.NEW, "telegram", "ko")
    assert (summary.topic, summary.country, summary.created_at) == ("starthub", "KR", START + timedelta(minutes=1))
    assert [(event.actor, event.event) for event in detail.history] == [(ASKER, "logged")]


def test_the_transcript_holds_this_conversation_in_order(inquiries: Inquiries) -> None:
    lines = inquiries.get(inquiries.log(DRAFT).reference).transcript
    assert [(line.sender, line.text) for line in lines] == [("bot", "Guten Tag"), ("user", "수소"), ("user", "또")]
    assert (lines[0].language, lines[0].entry) == ("de", "starthub-cost")
    assert lines[0].at.tzinfo is not None


def test_each_entity_is_kept_once(inquiries: Inquiries) -> None:
    assert inquiries.get(inquiries.log(DRAFT).reference).entities == (
        EntityValue("technology", "hydrogen"),
        EntityValue("place", "frankfurt"),
    )


def test_handing_in_the_same_inquiry_again_gives_the_same_reference(inquiries: Inquiries, store: Store) -> None:
    first = inquiries.log(DRAFT)
    again = inquiries.log(DRAFT)
    assert (again.reference, again.already_logged) == (first.reference, True)
    assert rows(store, Inquiry) == rows(store, InquiryEvent) == 1


def test_handing_in_the_same_inquiry_at_the_same_moment_logs_it_once(store: Store) -> None:
    together = Barrier(4)
    inquiries = Inquiries(store)

    def log(_: int) -> tuple[str, bool]:
        together.wait()
        logged = inquiries.log(DRAFT)
        return logged.reference, logged.already_logged

    with ThreadPoolExecutor(4) as threads:
        results = list(threads.map(log, range(4)))
    assert len({reference for reference, _ in results}) == 1
    assert [already for _, already in results].count(False) == 1
    assert rows(store, Inquiry) == 1


def test_a_reference_that_is_taken_is_replaced(store: Store) -> None:
    taken, free = new_reference(2026), new_reference(2025)
    made = iter([taken, taken, taken, free])
    inquiries = Inquiries(store, Clock(), lambda year: next(made))
    assert inquiries.log(DRAFT).reference == taken
    assert inquiries.log(replace(DRAFT, idempotency_key="form-2")).reference == free
    assert rows(store, InquiryEvent) == 2


def test_references_that_are_always_taken_are_an_error_and_log_nothing(store: Store) -> None:
    taken = new_reference(2026)
    attempts = []

    def make_reference(year: int) -> str:
        attempts.append(year)
        return taken

    inquiries = Inquiries(store, Clock(), make_reference)
    inquiries.log(DRAFT)
    with pytest.raises(Conflict):
        inquiries.log(replace(DRAFT, idempotency_key="form-2"))
    assert len(attempts) == 1 + LOG_ATTEMPTS
    assert rows(store, Inquiry) == 1


@pytest.mark.parametrize("conversation_id", [None, "e" * 32])
def test_an_inquiry_without_a_conversation_on_record_is_not_lost(
    inquiries: Inquiries, conversation_id: str | None
) -> None:
    logged = inquiries.log(replace(DRAFT, conversation_id=conversation_id))
    detail = inquiries.get(logged.reference)
    assert (detail.summary.channel, detail.transcript) == ("unknown", ())


def test_an_inquiry_outlives_its_conversation(inquiries: Inquiries, store: Store) -> None:
    reference = inquiries.log(DRAFT).reference
    with store.session() as session:
        session.execute(delete(Conversation))
    assert len(inquiries.get(reference).transcript) == 3
    assert inquiries.open(reference, None, EMAIL).reference == reference
    with pytest.raises(InquiryAccessDenied):
        inquiries.open(reference, CONVERSATION, None)


def test_a_conversation_knows_its_inquiries(inquiries: Inquiries) -> None:
    first = inquiries.log(DRAFT).reference
    inquiries.log(replace(DRAFT, conversation_id=OTHER_CONVERSATION, idempotency_key="form-2"))
    second = inquiries.log(replace(DRAFT, idempotency_key="form-3")).reference
    assert [summary.reference for summary in inquiries.of_conversation(CONVERSATION)] == [first, second]


@pytest.mark.parametrize(
    ("conversation_id", "email"),
    [
        (CONVERSATION, None),
        (None, EMAIL),
        (None, " kIM@EXAMPLE.COM "),
        (OTHER_CONVERSATION, EMAIL),
        (CONVERSATION, "x"),
    ],
)
def test_the_asker_is_let_in(inquiries: Inquiries, conversation_id: str | None, email: str | None) -> None:
    reference = inquiries.log(DRAFT).reference
    typed = reference.lower().replace("-", " ")
    assert inquiries.open(typed, conversation_id, email).reference == reference


@pytest.mark.parametrize("action", ["open", "withdraw", "erase"])
@pytest.mark.parametrize(
    ("conversation_id", "email"),
    [(None, None), ("", ""), (OTHER_CONVERSATION, "lee@example.com"), (None, "kim@example.org"), (EMAIL, CONVERSATION)],
)
def test_nobody_else_is_let_in_or_learns_which_references_exist(
    inquiries: Inquiries, action: str, conversation_id: str | None, email: str | None
) -> None:
    reference = inquiries.log(DRAFT).reference
    with pytest.raises(InquiryAccessDenied) as known:
        getattr(inquiries, action)(reference, conversation_id, email)
    with pytest.raises(InquiryAccessDenied) as unknown:
        getattr(inquiries, action)(new_reference(2026), conversation_id, email)
    assert str(known.value) == str(unknown.value)
    assert inquiries.get(reference).summary.state is InquiryState.NEW


def test_an_inquiry_without_a_conversation_is_not_open_to_those_without_one(inquiries: Inquiries) -> None:
    reference = inquiries.log(replace(DRAFT, conversation_id=None)).reference
    for conversation_id in (None, ""):
        with pytest.raises(InquiryAccessDenied):
            inquiries.open(reference, conversation_id, None)


def test_a_mistyped_reference_is_told_from_a_wrong_one(inquiries: Inquiries) -> None:
    with pytest.raises(InvalidReference):
        inquiries.open("HE-2026", CONVERSATION, None)


def test_withdrawing_twice_is_withdrawing_once(inquiries: Inquiries) -> None:
    reference = inquiries.log(DRAFT).reference
    first = inquiries.withdraw(reference, CONVERSATION, None)
    second = inquiries.withdraw(reference, None, EMAIL)
    assert first == second
    assert first.state is InquiryState.WITHDRAWN
    assert first.updated_at == START + timedelta(minutes=2)
    history = [(event.event, event.old_value, event.new_value) for event in inquiries.get(reference).history]
    assert history == [("logged", None, None), ("state", "new", "withdrawn")]


def test_erasing_leaves_nothing(inquiries: Inquiries, store: Store) -> None:
    reference = inquiries.log(DRAFT).reference
    inquiries.withdraw(reference, CONVERSATION, None)
    inquiries.erase(reference, CONVERSATION, None)
    assert rows(store, Inquiry) == rows(store, InquiryEvent) == 0
    with pytest.raises(NotFound):
        inquiries.get(reference)
    with pytest.raises(InquiryAccessDenied):
        inquiries.erase(reference, CONVERSATION, None)


def test_an_erasure_by_its_asker_is_recorded_without_the_asker(store: Store) -> None:
    inquiries = Inquiries(store, desk=Desk(pseudonyms=PSEUDONYMS))
    reference = inquiries.log(DRAFT).reference
    inquiries.erase(reference, CONVERSATION, None)
    with store.reading() as session:
        record = session.scalars(select(AuditRecord)).one()
    assert (record.action, record.actor) == (AuditAction.ERASED, ActorKind.ASKER)
    assert record.subject == PSEUDONYMS.of_email(EMAIL)
    assert record.counts["inquiries"] == 1
