"""A whole visit through Telegram with every real part, in three languages: asking, an inquiry, its answer, erasure."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from bot.knowledge import Language
from tests.e2e.conftest import LoggedBy
from tests.support.bot_api import BotApi, Person, bot_api_app
from tests.support.local_server import LocalServer
from tests.support.running_assistant import RunningAssistant
from tests.support.telegram_process import telegram_process

pytestmark = pytest.mark.asyncio

REFERENCE = re.compile(r"HE-\d{4}-[0-9A-Z]{7}")


@dataclass(frozen=True)
class Words:
    """What is pressed and typed in one language, and what is heard."""

    name: str
    machine: str
    question: str
    dated: str
    message: str
    asks_message: str
    asks_name: str
    asks_company: str
    no_company: str
    country: str
    agree: str
    change: str
    name_field: str
    new_name: str
    send: str
    reply: str
    answer: str
    answer_text: str
    passed_on: str
    erase: str
    erased: str


WORDS = {
    Language.KOREAN: Words(
        name="김민지",
        machine="자동 안내 시스템",
        question="push! 지원금은 얼마예요?",
        dated="기준",
        message="헤센주에 수소 실증 공장을 세우려고 합니다. 협력할 파트너를 찾고 있습니다.",
        asks_message="무엇을 도와드리면",
        asks_name="성함을",
        asks_company="회사나 팀",
        no_company="회사 없음",
        country="한국",
        agree="동의합니다",
        change="수정하기",
        name_field="이름",
        new_name="김수진",
        send="보내기",
        reply="안녕하세요. 다음 주 화요일에 상담해 드릴 수 있습니다.",
        answer="담당자에게 답하기",
        answer_text="화요일 오전 10시가 좋아요.",
        passed_on="담당자에게 전달했어요",
        erase="네, 삭제할게요",
        erased="삭제",
    ),
    Language.GERMAN: Words(
        name="Jens Weber",
        machine="automatisiertes System",
        question="Wie viel zahlt push!?",
        dated="Stand",
        message="Wir möchten in Hessen eine Pilotanlage für Wasserstoff bauen und suchen dafür Partner.",
        asks_message="Was ist Ihr Anliegen",
        asks_name="Wie ist Ihr Name",
        asks_company="Ihre Firma",
        no_company="Keine Firma",
        country="Deutschland",
        agree="Ich bin einverstanden",
        change="Etwas ändern",
        name_field="Name",
        new_name="Jens Weber-Groß",
        send="Absenden",
        reply="Guten Tag, am Dienstag können wir Sie gern beraten.",
        answer="Dem Team antworten",
        answer_text="Dienstag um zehn passt gut.",
        passed_on="ist beim Team",
        erase="Ja, endgültig löschen",
        erased="gelöscht",
    ),
    Language.ENGLISH: Words(
        name="Mary Miller",
        machine="automated system",
        question="How much does push! pay?",
        dated="as of",
        message="We are looking for partners for a hydrogen pilot plant in Hessen. We have funding of our own.",
        asks_message="What would you like to ask",
        asks_name="What is your name",
        asks_company="your company",
        no_company="No company",
        country="South Korea",
        agree="I agree",
        change="Change something",
        name_field="Name",
        new_name="Mary Ann Miller",
        send="Send",
        reply="Hello, we can advise you next Tuesday.",
        answer="Reply to the team",
        answer_text="Tuesday at ten would be fine.",
        passed_on="is with the team",
        erase="Yes, erase for good",
        erased="erased",
    ),
}


@dataclass(frozen=True)
class Telegram:
    """An emulated Telegram with the bot of the real assistant in it."""

    api: BotApi
    assistant: RunningAssistant


@pytest_asyncio.fixture
async def telegram(assistant: RunningAssistant, tmp_path: Path) -> AsyncIterator[Telegram]:
    assistant.wait_until_ready()
    api = BotApi()
    async with (
        LocalServer(bot_api_app(api)) as server,
        telegram_process(assistant.environment, server.url, tmp_path / "telegram.log"),
    ):
        yield Telegram(api, assistant)


@dataclass
class Chat:
    """One person's side of a chat: each step waits for what the bot says to it, and returns the last message."""

    person: Person

    async def writes(self, text: str, wanted: str = "") -> str:
        """Type a text; wait for a new message that contains `wanted`."""
        return await self._hears(wanted, self.person.writes(text))

    async def presses(self, title: str, wanted: str = "") -> str:
        """Press a button; wait for a new message that contains `wanted`."""
        return await self._hears(wanted, self.person.presses(title))

    async def hears(self, wanted: str, already: int) -> str:
        """Wait for a message that contains `wanted`, of those after the first `already`."""
        try:
            await self.person.api.wait_for(lambda: any(wanted in text for text in self.person.texts[already:]))
        except TimeoutError:
            raise AssertionError(f"waited in vain for {wanted!r}; heard {self.person.texts[already:]}") from None
        return self.person.texts[-1]

    async def _hears(self, wanted: str, act: Awaitable[object]) -> str:
        already = len(self.person.heard)
        await act
        return await self.hears(wanted, already)


async def ask(chat: Chat, words: Words) -> None:
    """The first contact and a question whose answer helps."""
    person = chat.person
    assert words.machine in await chat.writes("/start")
    assert len(person.buttons()) >= 4
    assert "push!" in await chat.writes(words.question, words.dated)
    entities = person.heard[-1]["entities"]
    assert {entity["type"] for entity in entities} == {"text_link"}
    await person.presses("👍")
    await person.api.wait_for(lambda: "✓ 👍" in person.buttons())


async def inquire(chat: Chat, words: Words, email: str) -> str:
    """The form as people fill it in here, with another name before it is sent; the reference."""
    person = chat.person
    await chat.writes("/inquiry", words.asks_message)
    await chat.writes(words.message, words.asks_name)
    [[name], _] = person.api.keyboards[person.id]["keyboard"]
    assert name["text"] == words.name
    await chat.writes(name["text"], words.asks_company)
    await chat.presses(words.no_company)
    await chat.writes(email)
    await chat.presses(words.country)
    assert words.name in await chat.presses(words.agree)
    await chat.presses(words.change)
    await chat.presses(words.name_field)
    assert words.new_name in await chat.writes(words.new_name, email)
    found = REFERENCE.search(await chat.presses(words.send, "HE-"))
    assert found is not None
    assert {"type": "code", "offset": found.start(), "length": len(found[0])} in person.heard[-1]["entities"]
    assert person.id not in person.api.keyboards
    return found[0]


async def command(assistant: RunningAssistant, *arguments: str) -> str:
    """What a `bot` command prints; in a thread, so that the emulated Telegram goes on meanwhile."""
    process = await asyncio.to_thread(assistant.run, *arguments)
    assert process.returncode == 0, process.stderr
    return process.stdout


@pytest.mark.parametrize("language", WORDS)
async def test_a_visit_from_the_first_word_to_the_last(
    telegram: Telegram, language: Language, email: str, logged_by: LoggedBy
) -> None:
    words, assistant = WORDS[language], telegram.assistant
    chat = Chat(Person(telegram.api, words.name, language.value))
    await ask(chat, words)

    reference = await inquire(chat, words, email)
    [inquiry] = logged_by(email)
    assert (inquiry.summary.reference, inquiry.summary.channel) == (reference, "telegram")
    assert (inquiry.name, inquiry.message, inquiry.summary.language) == (words.new_name, words.message, language)

    heard = len(chat.person.heard)
    await command(assistant, "inquiries", "reply", reference, "--text", words.reply, "--by", "Anna")
    assert reference in await chat.hears(words.reply, heard)
    await chat.presses(words.answer, reference)
    assert words.passed_on in await chat.writes(words.answer_text, reference)
    assert words.answer_text in await command(assistant, "inquiries", "show", reference)

    await chat.writes("/delete", reference)
    await chat.presses(words.erase, words.erased)
    assert logged_by(email) == []
