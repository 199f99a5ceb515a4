"""Staff take a conversation over: the assistant is silent, messages flow both ways, and it goes back."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.conversations.clocks import tell_overdue
from bot.delivery.inquiries import InquiryOutbox
from bot.errors import ConversationHeld, ConversationNotHeld, InvalidField, NotFound
from bot.inquiries import staff
from bot.knowledge import LANGUAGES, Language
from bot.store import DeliveryKind, Hold, InquiryState, Sender
from tests.unit.delivery.conftest import Office

pytestmark = pytest.mark.asyncio

MINUTE = 60.0


async def said(office: Office, conversation: str) -> list[tuple[str, str]]:
    """Who said what, after the greeting."""
    messages = await office.conversations.messages(conversation)
    return [(message.sender.value, message.text) for message in messages[1:]]


@pytest.mark.parametrize("language", LANGUAGES, ids=str)
async def test_the_asker_is_told_who_answers_now_in_their_language(office: Office, language: Language) -> None:
    conversation = await office.start(language)
    office.staff.take_over(conversation, "anna")
    await office.deliver()
    office.staff.release(conversation)
    await office.deliver()
    (taken, released) = await said(office, conversation)
    expected = {
        "ko": ("담당자가 이 대화에서 직접", "다시 답해"),
        "de": ("Person aus dem Team", "Ab jetzt antwortet wieder"),
        "en": ("a person from the team", "answers again"),
    }
    assert expected[language.value][0] in taken[1]
    assert expected[language.value][1] in released[1]
    assert {taken[0], released[0]} == {"bot"}


async def test_the_assistant_is_silent_while_staff_hold_a_conversation(office: Office) -> None:
    conversation = await office.start()
    office.staff.take_over(conversation, "anna")
    await office.deliver()
    follower = office.conversations.broker.subscribe(conversation)

    assert await office.say(conversation, "Hallo?") == []
    office.staff.say(conversation, "anna", "Guten Tag!")
    await office.deliver()

    assert office.engine.turns == []
    assert (await said(office, conversation))[1:] == [("user", "Hallo?"), ("staff", "Guten Tag!")]
    follower.close()
    events = [event async for event in follower]
    assert [event.message.text for event in events] == ["Hallo?", "Guten Tag!"]  # type: ignore[union-attr]

    office.staff.release(conversation)
    await office.deliver()
    (answer,) = await office.say(conversation, "Was ist StartHub?")
    assert answer.text == "echo: Was ist StartHub?"


async def test_what_the_asker_writes_is_kept_once_and_never_recovered_to_the_engine(office: Office) -> None:
    conversation = await office.start()
    office.staff.take_over(conversation, "anna")
    client_id = "5f0c0a52-6a55-4b0e-9d6e-0f3a3f0d7f11"
    for _ in range(2):
        assert await office.say(conversation, "Hallo?", client_id) == []
    assert await said(office, conversation) == [("user", "Hallo?")]
    assert await office.another_process().recover() == 0
    view = office.staff.view(conversation)
    assert [message.text for message in view.messages][1:] == ["Hallo?"]


async def test_what_is_said_is_kept_with_the_case_which_waits_for_us_again(office: Office) -> None:
    conversation = await office.start()
    reference = office.log(conversation)
    office.reply(reference)
    await office.deliver()
    office.staff.take_over(conversation, "anna")
    await office.say(conversation, "Passt Dienstag?")
    office.staff.say(conversation, "anna", "Ja, um zehn.")
    await office.deliver()

    detail = office.inquiries.get(reference)
    assert [(line.sender, line.text) for line in detail.transcript][-2:] == [
        ("user", "Passt Dienstag?"),
        ("staff", "Ja, um zehn."),
    ]
    assert detail.summary.state is InquiryState.OPEN


async def test_an_answer_that_was_under_way_still_comes_and_the_notice_after_it(office: Office) -> None:
    conversation = await office.start()
    gate = office.engine.hang()
    posting = asyncio.create_task(office.say(conversation, "Was ist StartHub?"))
    await office.engine.wait_for_turns(1)
    office.staff.take_over(conversation, "anna")
    delivering = asyncio.create_task(office.deliver())
    gate.set()
    await asyncio.gather(posting, delivering)
    assert [sender for sender, _ in await said(office, conversation)] == ["user", "bot", "bot"]


async def test_a_colleague_cannot_take_over_or_speak_but_may_give_back(office: Office) -> None:
    conversation = await office.start()
    office.staff.take_over(conversation, "anna")
    with pytest.raises(ConversationHeld) as caught:
        office.staff.take_over(conversation, "ben")
    assert caught.value.staff == "anna"
    with pytest.raises(ConversationHeld):
        office.staff.say(conversation, "ben", "Hallo")
    office.staff.release(conversation)
    assert office.staff.take_over(conversation, "ben").staff == "ben"


async def test_taking_over_again_goes_on_for_the_full_time_and_tells_nobody_twice(office: Office) -> None:
    conversation = await office.start()
    first = office.staff.take_over(conversation, "anna")
    office.clock.go_on(5 * MINUTE)
    again = office.staff.take_over(conversation, "anna")
    assert (again.since, again.until) == (first.since, office.clock() + (first.until - first.since))
    await office.deliver()
    assert len(await said(office, conversation)) == 1


async def test_who_speaks_keeps_the_conversation(office: Office) -> None:
    conversation = await office.start()
    office.staff.take_over(conversation, "anna")
    office.clock.go_on(9 * MINUTE)
    office.staff.say(conversation, "anna", "Einen Moment bitte.")
    office.clock.go_on(9 * MINUTE)
    assert office.staff.release_expired() == 0
    assert [hold.conversation_id for hold in office.staff.held()] == [conversation]


async def test_after_the_set_time_it_goes_back_and_the_asker_is_told_once(office: Office) -> None:
    conversation = await office.start()
    office.staff.take_over(conversation, "anna")
    office.clock.go_on(10 * MINUTE)
    with pytest.raises(ConversationNotHeld):
        office.staff.say(conversation, "anna", "Zu spät")
    assert [office.staff.release_expired() for _ in range(2)] == [1, 0]
    await office.deliver()
    notices = [text for _, text in await said(office, conversation)]
    assert len(notices) == 2
    assert office.staff.held() == ()


async def test_the_assistant_answers_once_the_time_is_up_whoever_has_noticed(office: Office) -> None:
    conversation = await office.start()
    office.clock.go_on(-20 * MINUTE)
    office.staff.take_over(conversation, "anna")
    (answer,) = await office.say(conversation, "Was ist StartHub?")
    assert answer.text == "echo: Was ist StartHub?"


async def test_who_takes_over_what_a_colleague_left_is_told_of_anew(office: Office) -> None:
    conversation = await office.start()
    office.staff.take_over(conversation, "anna")
    office.clock.go_on(11 * MINUTE)
    assert office.staff.take_over(conversation, "ben").staff == "ben"
    await office.deliver()
    assert len(await said(office, conversation)) == 3


async def test_of_many_who_take_over_at_once_one_does_and_the_asker_hears_of_one(office: Office) -> None:
    conversation = await office.start()

    def take(number: int) -> bool:
        try:
            office.staff.take_over(conversation, f"staff {number}")
        except Exception as error:
            assert getattr(error, "code", "") in {"conversation_held", "conflict"}, error
            return False
        return True

    with ThreadPoolExecutor(6) as threads:
        assert list(threads.map(take, range(6))).count(True) == 1
    assert [row.kind for row in office.deliveries()] == [DeliveryKind.TAKEN_OVER]


async def test_the_same_words_handed_in_twice_are_said_once(office: Office) -> None:
    conversation = await office.start()
    office.staff.take_over(conversation, "anna")
    for _ in range(2):
        office.staff.say(conversation, "anna", "Guten Tag!", key="one")
    await office.deliver()
    assert [text for sender, text in await said(office, conversation) if sender == Sender.STAFF] == ["Guten Tag!"]


@pytest.mark.parametrize("text", ["", "   ", "\u200b", "x" * 4001])
async def test_what_says_nothing_or_too_much_is_refused(office: Office, text: str) -> None:
    conversation = await office.start()
    office.staff.take_over(conversation, "anna")
    with pytest.raises(InvalidField):
        office.staff.say(conversation, "anna", text)


@pytest.mark.parametrize("name", ["", "  ", "x" * 201, "a\x00b"])
async def test_staff_have_a_name(office: Office, name: str) -> None:
    conversation = await office.start()
    with pytest.raises(InvalidField):
        office.staff.take_over(conversation, name)


async def test_a_conversation_is_found_by_its_id_or_an_inquirys_reference(office: Office) -> None:
    conversation = await office.start()
    reference = office.log(conversation)
    assert office.staff.find(reference.lower()) == office.staff.find(conversation) == conversation
    assert office.staff.view(conversation).references == (reference,)
    for nothing in ("HE-2026-2222222", "c" * 32, ""):
        with pytest.raises(NotFound):
            office.staff.find(nothing)
    with pytest.raises(NotFound):
        office.staff.take_over("c" * 32, "anna")
    with pytest.raises(ConversationNotHeld):
        office.staff.release(conversation)


async def test_erasing_a_held_conversation_leaves_nothing(office: Office) -> None:
    conversation = await office.start()
    office.staff.take_over(conversation, "anna")
    office.staff.say(conversation, "anna", "Guten Tag!")
    await office.conversations.erase(conversation)
    with office.store.reading() as session:
        assert session.scalars(select(Hold)).all() == []
    assert office.deliveries() == []
    assert await office.deliver() == 0


# Overdue


async def test_staff_are_told_of_an_overdue_reply_once_for_each_due_date(office: Office) -> None:
    settings = office.settings.model_copy(update={"webhook_url": "https://example.org/"})
    outbox = InquiryOutbox(settings, office.clock)
    reference = office.log(await office.start())
    office.log(await office.start())

    def look() -> list[str | None]:
        tell_overdue(office.store, outbox, office.clock)
        rows = office.deliveries()
        return [row.reference for row in rows if row.kind is DeliveryKind.INQUIRY_OVERDUE]

    assert look() == []
    due = office.inquiries.get(reference).summary.due_at
    assert due is not None
    office.clock.now = due
    office.clock.go_on(1)
    assert len(look()) == 2
    assert len(look()) == 2
    # Staff set another date, which passes as well.
    office.inquiries.get(reference)
    with office.inquiries.change(reference, staff("anna")) as case:
        case.set_due(due + timedelta(days=30))
    office.clock.now = due + timedelta(days=30, seconds=1)
    assert look()[2:] == [reference]
    # Who was answered waits no longer.
    with office.inquiries.change(reference, staff("anna")) as case:
        case.reply("Gern.", "de")
    office.clock.go_on(1)
    assert len(look()) == 3
