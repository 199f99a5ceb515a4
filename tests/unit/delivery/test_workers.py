"""E-mails and webhooks from the outbox to real servers: everything arrives, or is seen not to have arrived."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from pydantic import SecretStr

from bot.delivery import ClaimedDelivery, Worker
from bot.delivery.couriers import EmailCourier, WebhookCourier
from bot.delivery.inquiries import InquiryOutbox
from bot.delivery.letters import Letters
from bot.delivery.overdue import notify_overdue
from bot.delivery.smtp import SmtpSender
from bot.delivery.webhook import WebhookSender, open_webhook_connections
from bot.delivery.worker import DELIVERY_SECONDS, LEASE_MARGIN_SECONDS
from bot.errors import StoreError
from bot.inquiries import CONSENT_VERSION, Desk, Inquiries, InquiryDraft, staff
from bot.knowledge import LANGUAGES, Language, load_responses
from bot.settings import Settings
from bot.store import EMAIL_CHANNEL, WEBHOOK_CHANNEL, DeliveryKind, DeliveryState, Store, Transactions
from tests.support.assistant import RESPONSES, make_settings, no_pause, sample_knowledge
from tests.support.mail_server import MailServer
from tests.support.webhook_receiver import SECRET, WebhookReceiver
from tests.unit.delivery.conftest import POLICY, Box, Clock

pytestmark = pytest.mark.asyncio

ASKER = "kim@example.com"
TEAM = "team@example.org"
QUESTION = "Wir suchen Partner für eine Wasserstoffanlage."
ANSWER = "Gern beraten wir Sie.\n수소 사업도요.\n\nAnna Beck"


class Post:
    """Two workers of a process, for e-mail and webhooks, and the inquiries that give them work."""

    def __init__(self, settings: Settings, store: Store, clock: Clock, webhooks: WebhookSender) -> None:
        self.settings = settings
        self.store = store
        self.clock = clock
        self.outbox = InquiryOutbox(settings, clock)
        self.inquiries = Inquiries(store, clock, desk=Desk.of(settings, self.outbox))
        self.box = Box(store, clock)
        transactions = Transactions(store)
        letters = Letters(load_responses(RESPONSES), sample_knowledge(), settings)
        email = EmailCourier(transactions, letters, SmtpSender(settings), settings)
        webhook = WebhookCourier(transactions, letters, webhooks, clock)
        self.email = Worker(transactions, EMAIL_CHANNEL, email, POLICY, clock=clock)
        self.webhook = Worker(transactions, WEBHOOK_CHANNEL, webhook, POLICY, clock=clock)

    def log(self, language: str = "de", topic: str = "starthub") -> str:
        draft = InquiryDraft(
            conversation_id=None,
            language=language,
            topic=topic,
            message=QUESTION,
            name="Minsu Kim",
            company="Hydro\r\nBcc: all@example.com",
            email=ASKER,
            country="KR",
            consent_version=CONSENT_VERSION,
            idempotency_key=f"{language}{topic}",
        )
        return self.inquiries.log(draft).reference

    def reply(self, reference: str, language: str = "de") -> None:
        with self.inquiries.change(reference, staff("anna")) as case:
            case.reply(ANSWER, language)

    def states(self, kind: DeliveryKind) -> list[DeliveryState]:
        return [row.state for row in self.box.all() if row.kind is kind]


@pytest_asyncio.fixture
async def server() -> AsyncIterator[MailServer]:
    async with MailServer() as running:
        yield running


@pytest_asyncio.fixture
async def receiver() -> AsyncIterator[WebhookReceiver]:
    async with WebhookReceiver() as running:
        yield running


@pytest.fixture
def settings(tmp_path: Path, url: str, server: MailServer, receiver: WebhookReceiver) -> Settings:
    return make_settings(
        tmp_path,
        database_url=url,
        public_url="https://inquiries.example.org",
        smtp_url=SecretStr(server.url),
        mail_from="Hessen <inquiries@example.org>",
        mail_reply_to="answers@example.org",
        staff_notify=f"Team <{TEAM}>",
        webhook_url=receiver.url,
        webhook_secret=SecretStr(SECRET),
    )


@pytest_asyncio.fixture
async def post(settings: Settings, store: Store, clock: Clock) -> AsyncIterator[Post]:
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(open_webhook_connections())
        yield Post(settings, store, clock, WebhookSender(client, settings))


@pytest.mark.parametrize("language", LANGUAGES, ids=str)
async def test_an_asker_gets_confirmation_and_reply_in_their_language_with_the_reference(
    post: Post, server: MailServer, language: Language
) -> None:
    reference = post.log(language.value)
    post.reply(reference, language.value)
    await post.email.deliver_due()

    to_asker = [mail for mail in server.arrived if mail.recipients == [ASKER]]
    (confirmation,) = (mail for mail in to_asker if mail.message["Auto-Submitted"])
    (reply,) = (mail for mail in to_asker if not mail.message["Auto-Submitted"])
    for mail in (confirmation, reply):
        assert reference in mail.message["Subject"]
        assert reference in mail.text
        assert mail.message["Content-Language"] == language.value
        assert mail.message["Reply-To"] == "answers@example.org"
    assert ANSWER in reply.text.replace("\r\n", "\n")
    subjects = {
        "ko": ("문의가 접수되었습니다", "문의에 대한 답변입니다"),
        "de": ("ist eingegangen", "Antwort auf Ihre Anfrage"),
        "en": ("We have received your inquiry", "Reply to your inquiry"),
    }[language.value]
    assert subjects[0] in confirmation.message["Subject"]
    dates = {"ko": "2026년 11월 24일", "de": "24. November 2026", "en": "24 November 2026"}
    assert dates[language.value] in reply.text
    assert confirmation.message["References"] == reply.message["References"]


async def test_a_confirmation_repeats_nothing_that_was_typed(post: Post, server: MailServer) -> None:
    post.log()
    await post.email.deliver_due()
    for mail in server.arrived:
        for typed in (QUESTION, "Minsu", "Hydro", "all@example.com"):
            assert typed not in mail.text
            assert typed not in mail.message.as_string()


async def test_staff_hear_of_a_new_inquiry_without_who_asked_or_what(
    post: Post, server: MailServer, receiver: WebhookReceiver
) -> None:
    reference = post.log("ko", "other")
    await post.email.deliver_due()
    await post.webhook.deliver_due()

    (mail,) = (mail for mail in server.arrived if mail.recipients == [TEAM])
    assert mail.message["Subject"] == f"Neue Anfrage {reference}: Anderes Thema"
    assert mail.message["Reply-To"] is None
    link = f"https://inquiries.example.org/staff/inquiries/{reference}"
    for part in (reference, "Koreanisch", "26.11.2026", link):
        assert part in mail.text
    (hook,) = receiver.hooks
    assert hook.is_genuine
    assert hook.content["type"] == "inquiry.logged"
    due = post.inquiries.get(reference).summary.due_at
    assert due is not None
    assert hook.content["data"] == {
        "reference": reference,
        "topic": "other",
        "language": "ko",
        "created_at": datetime(2026, 11, 24, 12, tzinfo=UTC).isoformat(),
        "due_at": due.isoformat(),
        "url": link,
    }
    for personal in (ASKER, "Minsu", QUESTION):
        assert personal not in mail.text
        assert personal.encode() not in hook.body


async def test_staff_hear_of_an_overdue_reply(post: Post, server: MailServer, receiver: WebhookReceiver) -> None:
    reference = post.log()
    due = post.inquiries.get(reference).summary.due_at
    assert due is not None
    post.clock.now = due
    post.clock.go_on(1)
    with post.store.session() as session:
        notify_overdue(session, post.outbox, post.clock())
    await post.email.deliver_due()
    await post.webhook.deliver_due()
    subjects = [mail.message["Subject"] for mail in server.arrived if mail.recipients == [TEAM]]
    assert any(f"Überfällig: Anfrage {reference}" in subject for subject in subjects)
    assert {hook.content["type"] for hook in receiver.hooks} == {"inquiry.logged", "inquiry.overdue"}


async def test_a_greylisted_email_arrives_later_and_once(post: Post, server: MailServer) -> None:
    post.reply(post.log())
    server.refuse_recipient("451 4.7.1 Greylisted", 3)
    assert await post.email.deliver_due() == 3
    assert await post.email.deliver_due() == 0
    post.clock.go_on(10)
    assert await post.email.deliver_due() == 3
    assert len({mail.message["Message-ID"] for mail in server.arrived}) == len(server.arrived) == 3
    assert {row.error for row in post.box.all() if row.channel == EMAIL_CHANNEL} == {None}


async def test_an_address_that_does_not_exist_is_seen_to_have_failed(post: Post, server: MailServer) -> None:
    server.refuse_recipient(f"550 5.1.1 <{ASKER}> unknown", 1)
    post.log()
    await post.email.deliver_due()
    (failed,) = (row for row in post.box.all() if row.state is DeliveryState.FAILED)
    assert failed.error == "the mail server answered 550 to the recipient"
    post.clock.go_on(10**6)
    assert await post.email.deliver_due() == 0


async def test_a_server_that_stays_away_ends_in_a_failed_delivery_with_its_text(post: Post, server: MailServer) -> None:
    reference = post.log()
    await post.email.deliver_due()
    post.reply(reference)
    for _ in range(POLICY.attempts):
        server.drop()
        assert await post.email.deliver_due() == 1
        post.clock.go_on(1000)
    assert post.states(DeliveryKind.REPLY) == [DeliveryState.FAILED]
    assert await post.email.deliver_due() == 0


async def test_a_worker_that_ends_between_sending_and_marking_sends_the_same_again(
    post: Post, server: MailServer
) -> None:
    reference = post.log()
    await post.email.deliver_due()
    server.arrived.clear()
    post.reply(reference)
    # The server takes the e-mail and the connection breaks: nobody knows that it has arrived.
    server.drop(accepted=True)
    await post.email.deliver_due()
    post.clock.go_on(10)
    await post.email.deliver_due()
    first, second = server.arrived
    assert first.message["Message-ID"] == second.message["Message-ID"]
    assert first.content == second.content


async def test_a_worker_that_is_cancelled_finishes_what_the_server_has_and_marks_it(
    post: Post, server: MailServer
) -> None:
    reference = post.log()
    await post.email.deliver_due()
    post.reply(reference)
    gate = asyncio.Event()
    server.hang(gate)
    running = asyncio.create_task(post.email.run())
    await server.wait_for_attempts(3)
    running.cancel()
    await asyncio.sleep(0)
    gate.set()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert post.states(DeliveryKind.REPLY) == [DeliveryState.DELIVERED]


async def test_a_slow_server_holds_up_neither_webhooks_nor_the_end_of_a_lease(
    post: Post, server: MailServer, receiver: WebhookReceiver
) -> None:
    post.email._delivery_seconds = 0.2
    for_ever = asyncio.Event()
    for _ in range(2):
        server.hang(for_ever)
    post.log()
    mailing = asyncio.create_task(post.email.deliver_due())
    await post.webhook.deliver_due()
    assert len(receiver.hooks) == 1
    await mailing
    assert set(post.states(DeliveryKind.CONFIRMATION)) == {DeliveryState.PENDING}
    for_ever.set()


async def test_an_unexpected_fault_stops_neither_the_worker_nor_the_others(store: Store, clock: Clock) -> None:
    class Faulty:
        async def deliver(self, delivery: ClaimedDelivery) -> None:
            if delivery.text == "bad":
                raise RuntimeError("bad")

    box = Box(store, clock)
    for key in ("good", "bad", "fine"):
        box.put(key, channel=EMAIL_CHANNEL, text=key)
    worker = Worker(Transactions(store), EMAIL_CHANNEL, Faulty(), POLICY, clock=clock)
    assert await worker.deliver_due() == 3
    states = {row.id: row.state for row in box.all()}
    assert list(states.values()).count(DeliveryState.DELIVERED) == 2
    (bad,) = (row for row in box.all() if row.state is DeliveryState.PENDING)
    assert bad.error == "unexpected RuntimeError"


async def test_a_lease_that_another_worker_has_by_now_is_left_alone(store: Store, clock: Clock) -> None:
    box = Box(store, clock)
    box.put("a", channel=EMAIL_CHANNEL)

    class Late:
        async def deliver(self, delivery: ClaimedDelivery) -> None:
            clock.go_on(DELIVERY_SECONDS + LEASE_MARGIN_SECONDS)
            assert len(box.claim(EMAIL_CHANNEL)) == 1

    worker = Worker(Transactions(store), EMAIL_CHANNEL, Late(), POLICY, clock=clock)
    await worker.deliver_due()
    (row,) = box.all()
    assert (row.state, row.attempts) == (DeliveryState.PENDING, 2)


async def test_a_worker_goes_on_after_the_database_was_away(store: Store, clock: Clock) -> None:
    looks = 0

    class Away(Transactions):
        async def read(self, work: object) -> object:  # type: ignore[override]
            nonlocal looks
            looks += 1
            if looks == 1:
                raise StoreError("away")
            return await super().read(work)  # type: ignore[arg-type]

    delivered = asyncio.Event()

    class Good:
        async def deliver(self, delivery: ClaimedDelivery) -> None:
            delivered.set()

    box = Box(store, clock)
    box.put("a", channel=EMAIL_CHANNEL)

    worker = Worker(Away(store), EMAIL_CHANNEL, Good(), POLICY, clock=clock, pause=no_pause)
    running = asyncio.create_task(worker.run())
    async with asyncio.timeout(20):
        await delivered.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_without_ways_to_tell_only_replies_are_kept_for_later(
    tmp_path: Path, url: str, store: Store, clock: Clock
) -> None:
    settings = make_settings(tmp_path, database_url=url)
    inquiries = Inquiries(store, clock, desk=Desk.of(settings, InquiryOutbox(settings, clock)))
    draft = InquiryDraft(None, "de", "visa", QUESTION, "Kim", None, ASKER, "KR", CONSENT_VERSION, "key")
    reference = inquiries.log(draft).reference
    with inquiries.change(reference, staff("anna")) as case:
        case.reply(ANSWER, "de")
    assert [row.kind for row in Box(store, clock).all()] == [DeliveryKind.REPLY]
