"""Replies of staff's reach the conversation that they are for, once, and askers can answer them."""

import asyncio

import pytest
from sqlalchemy import select

from bot.conversations import Message, MessageEvent
from bot.delivery.outbox import claim
from bot.errors import InvalidField, LeaseLost
from bot.inquiries import staff
from bot.knowledge import LANGUAGES, Language
from bot.store import (
    EMAIL_CHANNEL,
    TELEGRAM_CHANNEL,
    WEB_CHANNEL,
    DeliveryKind,
    DeliveryState,
    InquiryState,
    MessageState,
    Sender,
)
from bot.store import Message as MessageRow
from tests.unit.delivery.conftest import LEASE_SECONDS, POLICY, Office

pytestmark = pytest.mark.asyncio

ANSWER = "Dem Team antworten"
PASS_ON = "Meine Nachricht an das Team geben"


def from_staff(messages: list[Message]) -> list[str]:
    return [message.text for message in messages if message.sender is Sender.STAFF]


async def test_a_reply_is_said_in_its_conversation_with_the_reference_and_waits_for_a_mail_server(
    office: Office,
) -> None:
    conversation = await office.start()
    reference = office.log(conversation)
    follower = office.conversations.broker.subscribe(conversation)
    office.reply(reference, "Gern.\n\nAnna Beck")
    assert from_staff(await office.conversations.messages(conversation)) == []

    assert await office.deliver() == 1

    message = (await office.conversations.messages(conversation))[-1]
    assert message.sender is Sender.STAFF
    assert reference in message.text
    assert message.text.endswith("\n\nGern.\n\nAnna Beck")
    assert [button.title for button in message.buttons] == [ANSWER]
    follower.close()
    assert [event async for event in follower] == [MessageEvent(message)]
    (mail,) = office.deliveries(EMAIL_CHANNEL)
    assert (mail.kind, mail.state, mail.reference) == (DeliveryKind.REPLY, DeliveryState.PENDING, reference)


@pytest.mark.parametrize("language", LANGUAGES, ids=str)
async def test_a_reply_is_introduced_in_the_language_that_it_is_written_in(office: Office, language: Language) -> None:
    conversation = await office.start(Language.ENGLISH)
    office.reply(office.log(conversation), "text", language.value)
    await office.deliver()
    message = (await office.conversations.messages(conversation))[-1]
    assert message.language is language
    expected = {"ko": "문의에 대한 답변", "de": "Antwort auf Ihre Anfrage", "en": "Reply to your inquiry"}
    assert expected[language.value] in message.text


async def test_a_reply_of_another_channel_waits_for_who_serves_that(office: Office) -> None:
    conversation = await office.start(channel=TELEGRAM_CHANNEL)
    office.reply(office.log(conversation))

    assert await office.deliver() == 0

    with office.store.session() as session:
        (claimed,) = claim(session, TELEGRAM_CHANNEL, office.clock(), limit=5, lease_seconds=60, policy=POLICY)
    message = await office.conversations.record(claimed)
    assert message == await office.conversations.record(claimed)
    assert from_staff(await office.conversations.messages(conversation)) == [message.text]


async def test_a_reply_without_a_conversation_goes_by_email_alone(office: Office) -> None:
    office.reply(office.log(None))
    assert [row.channel for row in office.deliveries()] == [EMAIL_CHANNEL]


async def test_what_a_worker_has_shown_before_it_ended_is_not_shown_again(office: Office) -> None:
    conversation = await office.start()
    office.reply(office.log(conversation))
    with office.store.session() as session:
        (claimed,) = claim(session, WEB_CHANNEL, office.clock(), limit=5, lease_seconds=LEASE_SECONDS, policy=POLICY)
    shown = await office.conversations.record(claimed)
    # It ends here: what it has shown is not marked, and comes back with the end of its lease.
    assert await office.deliver() == 0
    office.clock.go_on(LEASE_SECONDS)
    other = office.another_process()
    follower = other.broker.subscribe(conversation)

    assert await office.worker(other).deliver_due() == 1

    assert from_staff(await other.messages(conversation)) == [shown.text]
    follower.close()
    assert [event async for event in follower] == []
    assert office.deliveries(WEB_CHANNEL)[0].state is DeliveryState.DELIVERED


async def test_two_workers_at_once_never_both_show_one(office: Office) -> None:
    conversations = [await office.start() for _ in range(6)]
    for conversation in conversations:
        reference = office.log(conversation)
        for number in range(5):
            office.reply(reference, f"reply {number}")
    workers = [office.worker(), office.worker(office.another_process())]

    async def work(index: int) -> None:
        while any(row.state is DeliveryState.PENDING for row in office.deliveries(WEB_CHANNEL)):
            await workers[index].deliver_due()

    async with asyncio.timeout(60):
        await asyncio.gather(work(0), work(1))

    for conversation in conversations:
        said = from_staff(await office.conversations.messages(conversation))
        assert [text.rpartition("\n")[2] for text in said] == [f"reply {number}" for number in range(5)]


async def test_two_processes_that_record_the_same_at_the_same_time_record_it_once(office: Office) -> None:
    conversation = await office.start()
    office.reply(office.log(conversation))
    with office.store.session() as session:
        (claimed,) = claim(session, WEB_CHANNEL, office.clock(), limit=5, lease_seconds=60, policy=POLICY)
    services = [office.another_process() for _ in range(4)]
    await asyncio.gather(*(service.record(claimed) for service in services), return_exceptions=True)
    assert len(from_staff(await office.conversations.messages(conversation))) == 1


async def test_a_reply_comes_between_turns_not_into_one(office: Office) -> None:
    conversation = await office.start()
    office.reply(office.log(conversation))
    gate = office.engine.hang()
    posting = asyncio.create_task(office.say(conversation, "Was ist StartHub?"))
    await office.engine.wait_for_turns(1)
    delivering = asyncio.create_task(office.deliver())
    gate.set()
    await asyncio.gather(posting, delivering)
    senders = [message.sender.value for message in await office.conversations.messages(conversation)]
    assert senders == ["bot", "user", "bot", "staff"]


async def test_erasing_a_conversation_takes_its_deliveries_but_not_the_email(office: Office) -> None:
    conversation = await office.start()
    office.reply(office.log(conversation))
    with office.store.session() as session:
        (claimed,) = claim(session, WEB_CHANNEL, office.clock(), limit=5, lease_seconds=60, policy=POLICY)
    await office.conversations.erase(conversation)
    with pytest.raises(LeaseLost):
        await office.conversations.record(claimed)
    assert await office.deliver() == 0
    assert [row.channel for row in office.deliveries()] == [EMAIL_CHANNEL]


async def test_erasing_an_inquiry_takes_all_that_was_to_be_said_of_it(office: Office) -> None:
    conversation = await office.start()
    reference = office.log(conversation)
    office.reply(reference)
    office.inquiries.erase(reference, conversation, None)
    assert office.deliveries() == []


# Answering


async def answered_case(office: Office) -> tuple[str, str]:
    """A conversation in which staff have replied, and the reference."""
    conversation = await office.start()
    reference = office.log(conversation)
    office.reply(reference)
    await office.deliver()
    return conversation, reference


def transcript(office: Office, reference: str) -> list[tuple[str, str]]:
    return [(line.sender, line.text) for line in office.inquiries.get(reference).transcript]


async def test_the_next_message_after_the_button_is_the_answer_and_reopens_the_case(office: Office) -> None:
    conversation, reference = await answered_case(office)

    (prompt,) = await office.press(conversation, ANSWER)
    (passed_on,) = await office.say(conversation, "Passt Dienstag?")
    await office.say(conversation, "Was ist StartHub?")

    assert reference in prompt.text
    assert prompt.asks == "message"
    assert reference in passed_on.text
    assert [turn["text"] for turn in office.engine.turns] == ["Was ist StartHub?"]
    assert ("user", "Passt Dienstag?") in transcript(office, reference)
    detail = office.inquiries.get(reference)
    assert detail.summary.state is InquiryState.OPEN
    assert detail.summary.due_at is not None


async def test_an_answer_sent_twice_is_taken_once(office: Office) -> None:
    conversation, reference = await answered_case(office)
    await office.press(conversation, ANSWER)
    client_id = "5f0c0a52-6a55-4b0e-9d6e-0f3a3f0d7f11"
    first = await office.say(conversation, "Passt Dienstag?", client_id)
    second = await office.say(conversation, "Passt Dienstag?", client_id)
    assert first == second
    assert transcript(office, reference).count(("user", "Passt Dienstag?")) == 1


async def test_who_thinks_better_of_it_talks_to_the_assistant_again(office: Office) -> None:
    conversation, reference = await answered_case(office)
    await office.press(conversation, ANSWER)
    await office.press(conversation, "Abbrechen")
    await office.say(conversation, "Was ist StartHub?")
    assert [turn["text"] for turn in office.engine.turns] == ["Was ist StartHub?"]
    assert office.inquiries.get(reference).summary.state is InquiryState.ANSWERED


async def test_more_can_be_added(office: Office) -> None:
    conversation, reference = await answered_case(office)
    await office.press(conversation, ANSWER)
    await office.say(conversation, "Eins")
    await office.press(conversation, "Noch etwas ergänzen")
    await office.say(conversation, "Zwei")
    assert [text for _, text in transcript(office, reference)][-2:] == ["Eins", "Zwei"]


async def test_what_was_typed_right_after_a_reply_can_be_passed_on(office: Office) -> None:
    conversation, reference = await answered_case(office)

    (answer,) = await office.say(conversation, "Danke, Dienstag passt.")
    assert [button.title for button in answer.buttons] == [PASS_ON]
    (passed_on,) = await office.press(conversation, PASS_ON)
    await office.press(conversation, PASS_ON)

    assert reference in passed_on.text
    assert transcript(office, reference).count(("user", "Danke, Dienstag passt.")) == 1
    assert len([turn for turn in office.engine.turns if turn["payload"]]) == 0


async def test_it_is_offered_right_after_a_reply_only(office: Office) -> None:
    conversation, _ = await answered_case(office)
    await office.say(conversation, "eins")
    (later,) = await office.say(conversation, "zwei")
    assert later.buttons == ()


async def test_a_case_that_is_done_with_takes_no_answer_and_says_so(office: Office) -> None:
    conversation, reference = await answered_case(office)
    with office.inquiries.change(reference, staff("anna")) as case:
        case.change_state(InquiryState.CLOSED)
    await office.press(conversation, ANSWER)
    (said,) = await office.say(conversation, "Passt Dienstag?")
    assert "abgeschlossen" in said.text
    assert [button.title for button in said.buttons] == ["Anfrage stellen"]


async def test_a_case_that_was_erased_takes_no_answer_and_says_so(office: Office) -> None:
    conversation, reference = await answered_case(office)
    await office.press(conversation, ANSWER)
    office.inquiries.erase(reference, conversation, None)
    (said,) = await office.say(conversation, "Passt Dienstag?")
    assert "abgeschlossen" in said.text


async def test_a_button_of_another_conversation_passes_nothing_on(office: Office) -> None:
    conversation, _ = await answered_case(office)
    other = await office.start()
    (answer,) = await office.say(conversation, "Danke.")
    with pytest.raises(InvalidField):
        await office.conversations.post(other, None, button=answer.buttons[0].id)


async def test_typed_text_that_looks_like_a_payload_is_text(office: Office) -> None:
    conversation, reference = await answered_case(office)
    await office.say(conversation, f"answer_staff:{reference}")
    await office.say(conversation, "und jetzt?")
    assert len(office.engine.turns) == 2
    assert office.inquiries.get(reference).summary.state is InquiryState.ANSWERED


async def test_an_answer_is_marked_as_for_staff_and_never_recovered_to_the_engine(office: Office) -> None:
    conversation, _ = await answered_case(office)
    await office.press(conversation, ANSWER)
    await office.say(conversation, "Passt Dienstag?")
    with office.store.reading() as session:
        row = session.scalars(select(MessageRow).where(MessageRow.text == "Passt Dienstag?")).one()
    assert row.state is MessageState.FOR_STAFF
    assert await office.another_process().recover() == 0
