"""The console with people who are signed in, on a real database, called without a network."""

import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import httpx
import pyotp
from sqlalchemy import select
from starlette.applications import Starlette

from bot.console import Console
from bot.console.cookies import LOOPBACK_NAME
from bot.delivery.inquiries import inquiry_service
from bot.inquiries import CONSENT_VERSION, Inquiries, InquiryDraft
from bot.knowledge import KnowledgeBase, Language, Responses, load_knowledge, load_responses
from bot.settings import Settings
from bot.staff import Accounts, Enrolment, SavedViews, SecondFactor, Sessions, StaffMember
from bot.store import AuditRecord, Conversation, Message, Sender, StaffRole, Store, hash_token

DATA = Path(__file__).parents[2] / "data"
ADDRESS = "http://127.0.0.1"
PASSWORD = "Ein Satz, den sich jemand merkt."
TOKEN = re.compile(r'name="form_token" value="([0-9a-f]{64})"')

KIM = InquiryDraft(
    conversation_id=None,
    language="ko",
    topic="funding",
    message="수소 기술 협력과 push! 지원금을 문의합니다.",
    name="김민수",
    company="한빛수소",
    email="kim@example.com",
    country="KR",
    consent_version=CONSENT_VERSION,
    idempotency_key="kim",
)


def draft(key: str, **fields: str | None) -> InquiryDraft:
    """Another inquiry than Kim's."""
    values = {name: getattr(KIM, name) for name in KIM.__dataclass_fields__} | {"idempotency_key": key} | fields
    return InquiryDraft(**values)


@dataclass
class Colleague:
    """A member of staff at a browser; signed in if `token` is set."""

    http: httpx.AsyncClient
    member: StaffMember | None = None

    async def get(self, path: str) -> httpx.Response:
        return await self.http.get(path)

    async def see(self, path: str) -> str:
        """The text of a page that is there."""
        response = await self.http.get(path)
        assert response.status_code == 200, (response.status_code, response.headers.get("location"))
        return unescape(response.text)

    async def form_token(self, path: str = "/staff/inquiries") -> str:
        """What forms on a page bring back."""
        found = TOKEN.search((await self.http.get(path)).text)
        assert found is not None
        return found[1]

    async def post(self, path: str, **fields: str | list[str]) -> httpx.Response:
        """Send a form as a page of ours would."""
        page = "/staff/inquiries" if self.member else "/staff/sign-in"
        return await self.http.post(path, data={"form_token": await self.form_token(page), **fields})


class Office:
    """The console, its database, and who works there."""

    def __init__(self, console: Console, settings: Settings, store: Store) -> None:
        self.console = console
        self.settings = settings
        self.store = store
        self.accounts = Accounts(store)
        self.second_factor = SecondFactor(store, settings)
        self.saved_views = SavedViews(store)
        self.inquiries: Inquiries = inquiry_service(store, settings)
        self._outer = Starlette()
        self._outer.mount("/staff", console.app)
        self._clients: list[httpx.AsyncClient] = []

    def stranger(self, address: str = ADDRESS) -> Colleague:
        """A browser that nobody is signed in with."""
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(self._outer, client=("127.0.0.1", 1)), base_url=address
        )
        self._clients.append(client)
        return Colleague(client)

    def employ(self, name: str, role: StaffRole, language: Language = Language.GERMAN) -> StaffMember:
        """Make an account with the usual password."""
        return self.accounts.add(name, role, language, PASSWORD)

    def sign_in(self, member: StaffMember) -> Colleague:
        """A browser that somebody is signed in with."""
        with self.store.session() as session:
            opened = Sessions(self.store, self.settings).open(session, member.id, is_pending=False)
        colleague = self.stranger()
        colleague.member = member
        colleague.http.cookies.set(LOOPBACK_NAME, opened.token, domain="127.0.0.1")
        return colleague

    def colleague(self, name: str, role: StaffRole, language: Language = Language.GERMAN) -> Colleague:
        """Somebody with an account who is signed in."""
        return self.sign_in(self.employ(name, role, language))

    def code(self, enrolment: Enrolment, steps_on: int = 0) -> str:
        """What a device shows that was set up so, now or some steps of half a minute on."""
        return pyotp.TOTP(enrolment.secret).at(int(time.time()) + 30 * steps_on)

    def converse(self, conversation_id: str = "c" * 32, language: str = "ko") -> str:
        """A conversation with a question and its answer; returns its id."""
        with self.store.session() as session:
            session.add(Conversation(id=conversation_id, token_hash=hash_token(conversation_id), language=language))
            session.flush()
            for sender, text, entry in ((Sender.USER, "수소 지원금이 있나요?", None), (Sender.BOT, "네.", "push-what")):
                session.add(
                    Message(
                        conversation_id=conversation_id,
                        sender=sender,
                        text=text,
                        language=language,
                        entry=entry,
                        sources=[{"title": "StartHub Hessen", "url": "https://example.org/", "as_of": "2026-01"}]
                        if entry
                        else [],
                        confidence=None if entry else 0.87,
                        entities=None if entry else [{"entity": "technology", "value": "hydrogen"}],
                    )
                )
                session.flush()
        return conversation_id

    def audited(self) -> list[tuple[str | None, str, dict[str, int]]]:
        """What the audit says: who did what with how much."""
        with self.store.reading() as session:
            records = session.scalars(select(AuditRecord).order_by(AuditRecord.id))
            return [(record.actor_name, record.action.value, record.counts) for record in records]

    async def close(self) -> None:
        for client in self._clients:
            await client.aclose()


@asynccontextmanager
async def open_office(
    settings: Settings, store: Store, knowledge: KnowledgeBase | None = None, responses: Responses | None = None
) -> AsyncIterator[Office]:
    """The console on a database as long as the block lasts."""
    console = Console(settings)
    knowledge = knowledge or load_knowledge(DATA / "knowledge")
    responses = responses or load_responses(DATA / "responses")
    async with console.opened(store, knowledge, responses):
        office = Office(console, settings, store)
        try:
            yield office
        finally:
            await office.close()
