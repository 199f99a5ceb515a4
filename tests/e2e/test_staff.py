"""From an inquiry to its answer, with every real part: engine, gateway, command line and a mail server."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from bot.knowledge import Language
from bot.store import Delivery, DeliveryState, Store, utc_now
from tests.conftest import STAFF_ADDRESS
from tests.e2e.test_inquiries import REFERENCE
from tests.support.mail_box import MailBox
from tests.support.running_assistant import RunningAssistant
from tests.support.visitor import Visitor


@dataclass(frozen=True)
class Words:
    """What an asker says and staff answer in one language, and what is said around it."""

    ask: str
    topic: str
    message: str
    name: str
    no_company: str
    country: str
    agree: str
    send: str
    reply: str
    subject: str
    answer: str
    answer_text: str
    held: str
    question: str


KOREAN = Words(
    ask="문의를 남기고 싶어요",
    topic="자금 지원",
    message="헤센주에 수소 실증 공장을 세우려고 합니다. 협력할 파트너를 찾고 있습니다.",
    name="김민수",
    no_company="회사 없음",
    country="한국",
    agree="동의합니다",
    send="보내기",
    reply="안녕하세요, 김민수 님.\n다음 주 화요일에 상담해 드릴 수 있습니다.",
    subject="에 대한 답변입니다",
    answer="담당자에게 답하기",
    answer_text="화요일 오전 10시가 좋아요.",
    held="담당자가 이 대화에서 직접 답해",
    question="스타트허브 헤센이 뭐예요?",
)
GERMAN = Words(
    ask="Ich möchte eine Anfrage stellen",
    topic="Förderung",
    message="Wir möchten in Hessen eine Pilotanlage für Wasserstoff bauen und suchen dafür Partner.",
    name="Jana Groß",
    no_company="Keine Firma",
    country="Deutschland",
    agree="Ich bin einverstanden",
    send="Absenden",
    reply="Guten Tag, Frau Groß,\nam Dienstag können wir Sie gern beraten.",
    subject="Antwort auf Ihre Anfrage",
    answer="Dem Team antworten",
    answer_text="Dienstag um zehn passt gut.",
    held="schreibt Ihnen hier eine Person aus dem Team",
    question="Was ist StartHub Hessen?",
)
each_language = pytest.mark.parametrize(
    ("language", "words"), [(Language.KOREAN, KOREAN), (Language.GERMAN, GERMAN)], ids=["ko", "de"]
)


@dataclass
class Stream:
    """Messages of a visitor's event stream as they come."""

    messages: list[dict[str, Any]] = field(default_factory=list)

    def of_staff(self) -> list[str]:
        return [message["text"] for message in self.messages if message["sender"] == "staff"]


@contextmanager
def followed(assistant: RunningAssistant, visitor: Visitor) -> Iterator[Stream]:
    """The visitor's event stream, read in a thread as long as the block lasts."""
    stream, opened = Stream(), threading.Event()
    client = assistant.client()

    def read() -> None:
        try:
            with client.stream("GET", f"{visitor.url}/events", headers=visitor.headers) as response:
                event = ""
                for line in response.iter_lines():
                    opened.set()
                    name, _, value = line.partition(": ")
                    event = value if name == "event" else event
                    if name == "data" and event == "message":
                        stream.messages.append(json.loads(value))
        except (httpx.HTTPError, httpx.StreamError):
            opened.set()

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    assert opened.wait(30)
    yield stream
    client.close()


def log(visitor: Visitor, words: Words, email: str) -> str:
    """Log an inquiry by talking; its reference."""
    if visitor.say(words.ask)["asks"] == "topic":
        visitor.press(words.topic)
    visitor.say(words.message)
    visitor.say(words.name)
    visitor.press(words.no_company)
    visitor.say(email)
    visitor.press(words.country)
    visitor.press(words.agree)
    found = REFERENCE.search(visitor.press(words.send)["text"])
    assert found is not None
    return found[0]


def command(assistant: RunningAssistant, *arguments: str) -> str:
    result = assistant.run(*arguments)
    assert result.returncode == 0, result.stderr
    return result.stdout


@each_language
def test_an_inquiry_is_answered_where_it_was_asked_and_by_email(
    assistant: RunningAssistant, http: httpx.Client, mail: MailBox, email: str, language: Language, words: Words
) -> None:
    visitor = Visitor.start(http, language)
    reference = log(visitor, words, email)
    (confirmation,) = mail.wait_for(email, 1)
    assert reference in confirmation.message["Subject"]
    with followed(assistant, visitor) as stream:
        command(assistant, "inquiries", "reply", reference, "--text", words.reply, "--by", "anna")
        assistant.wait_until(lambda: bool(stream.of_staff()), "the reply is in the event stream")
    (said,) = stream.of_staff()
    assert reference in said
    assert words.reply in said

    reply = mail.wait_for(email, 2)[-1]
    assert words.subject in reply.message["Subject"]
    assert reference in reply.message["Subject"]
    assert words.reply in reply.text.replace("\r\n", "\n")
    assert reply.message["Content-Language"] == language.value
    notices = [notice for notice in mail.to(STAFF_ADDRESS) if reference in notice.text]
    assert len(notices) == 1
    assert words.message not in notices[0].text
    assert email not in notices[0].text

    # Back on the page, the reply is there, and can be answered.
    visitor.replies = visitor.history()
    visitor.press(words.answer)
    assert reference in visitor.say(words.answer_text)["text"]
    assert words.answer_text in command(assistant, "inquiries", "show", reference)
    assert visitor.say(words.question)["entry"] == "starthub-what"


@each_language
def test_a_person_takes_over_and_the_assistant_is_silent_until_they_leave(
    assistant: RunningAssistant, http: httpx.Client, language: Language, words: Words
) -> None:
    visitor = Visitor.start(http, language)
    visitor.say(words.question)
    with followed(assistant, visitor) as stream:
        command(assistant, "conversations", "take", visitor.id, "--by", "anna")
        assistant.wait_until(
            lambda: any(words.held in message["text"] for message in stream.messages), "the asker is told"
        )
        assert visitor.post(text=words.answer_text).json() == {"messages": []}
        assert words.answer_text in command(assistant, "conversations", "show", visitor.id)
        command(assistant, "conversations", "say", visitor.id, "--text", words.reply, "--by", "anna")
        assistant.wait_until(lambda: stream.of_staff() == [words.reply], "what staff say is in the event stream")
        told = len(stream.messages)
        command(assistant, "conversations", "release", visitor.id)
        assistant.wait_until(lambda: len(stream.messages) > told, "the asker is told again")
    assert visitor.say(words.question)["entry"] == "starthub-what"


def test_no_reply_is_lost_or_shown_twice_when_the_gateway_is_killed_again_and_again(
    assistant: RunningAssistant, http: httpx.Client, mail: MailBox, email: str
) -> None:
    visitor = Visitor.start(http, Language.GERMAN)
    reference = log(visitor, GERMAN, email)
    replies = [f"Antwort Nummer {number}." for number in range(6)]
    for number, text in enumerate(replies):
        command(assistant, "inquiries", "reply", reference, "--text", text, "--by", "anna")
        if number % 2:
            assistant.kill("gateway")
            assistant.wait_until_ready()

    def shown() -> list[str]:
        history = visitor.history()
        return [message["text"].rpartition("\n")[2] for message in history if message["sender"] == "staff"]

    # What a killed worker had claimed comes back when its lease ends; the queue is told that time has passed.
    expire_leases(assistant)
    assistant.wait_until(lambda: len(shown()) >= len(replies), "every reply is shown")
    assert shown() == replies
    mails = mail.wait_for(email, 1 + len(replies))
    texts = {text for text in replies if any(text in arrived.text for arrived in mails)}
    assert texts == set(replies)
    # One that was sent twice has the same id, by which mail programs show it once.
    assert len({arrived.message["Message-ID"] for arrived in mails}) == 1 + len(replies)


def expire_leases(assistant: RunningAssistant) -> None:
    """Let what is claimed be due again, as it would be soon."""
    store = Store(assistant.environment["BOT_DATABASE_URL"])
    with store.session() as session:
        session.execute(update(Delivery).where(Delivery.state == DeliveryState.PENDING).values(due_at=utc_now()))
    store.close()
