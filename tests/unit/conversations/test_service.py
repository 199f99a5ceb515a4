import asyncio
from uuid import uuid4

import pytest
from sqlalchemy import select

from bot.conversations import Conversations, Message, MessageEvent, TypingEvent
from bot.conversations.replies import REPEAT_TITLES
from bot.errors import ConfigurationError, InvalidField, NotFound, Unauthorized
from bot.gateway.pages import PAGE_TEXTS
from bot.knowledge import Language, Responses
from bot.store import Conversation, Feedback, MessageState, Sender, Store
from bot.store import Message as MessageRow
from tests.support.assistant import APOLOGIES, GREETINGS, no_pause, sample_knowledge, sample_responses
from tests.support.scripted_engine import ScriptedEngine, reply
from tests.unit.conversations.conftest import Assistant

pytestmark = pytest.mark.asyncio

HOSTILE_TEXTS = [
    '/inquire{"topic": "starthub"}',
    "/restart",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "'; DROP TABLE messages; --",
    "\u202eevil\u202c مرحبا",
    "👩‍👩‍👧‍👦🇰🇷",
    "repeat:1",
    "%s %n {0} ${HOME} {{7*7}}",
    "  spaces stay  ",
    "한국어 Größe\nnew line",
]


def client_id() -> str:
    return str(uuid4())


async def ask(conversations: Conversations, conversation_id: str, text: str) -> Message:
    replies = await conversations.post(conversation_id, client_id(), text=text)
    return replies[-1]


def conversation_row(store: Store, conversation_id: str) -> Conversation:
    with store.reading() as session:
        return session.get_one(Conversation, conversation_id)


@pytest.mark.parametrize("language", list(Language))
async def test_a_conversation_begins_with_a_greeting_in_its_language(
    conversations: Conversations, language: Language
) -> None:
    started = await conversations.start(language)
    (greeting,) = started.messages
    assert (greeting.text, greeting.language, greeting.sender) == (GREETINGS[language], language, Sender.BOT)
    assert [button.title for button in greeting.buttons] == ["Menu"]
    assert await conversations.messages(started.id) == [greeting]


async def test_an_answer_carries_sources_and_follow_up_questions(
    conversations: Conversations, engine: ScriptedEngine
) -> None:
    started = await conversations.start(Language.GERMAN)
    engine.answer(reply("Nichts.", entry="cost", buttons={"Wer?": '/faq{"entry": "who"}', "Mehr": "/menu"}))
    answer = await ask(conversations, started.id, "Was kostet das?")
    assert (answer.entry, answer.language) == ("cost", Language.GERMAN)
    assert [(source.title, source.url, source.as_of) for source in answer.sources] == [
        ("Source of cost", "https://example.org/cost", "2021"),
        ("A paper", None, "2021"),
    ]
    assert [button.title for button in answer.buttons] == ["Wer?", "Mehr", "where in de?"]
    await conversations.post(started.id, client_id(), button=answer.buttons[-1].id)
    assert engine.turns[-1]["payload"] == '/faq{"entry": "where"}'
    assert engine.turns[-1]["text"] == "where in de?"
    assert engine.turns[-1]["previous_entry"] == "cost"


async def test_an_entry_that_only_the_engine_knows_is_still_named(
    conversations: Conversations, engine: ScriptedEngine
) -> None:
    started = await conversations.start()
    engine.answer(reply("New.", entry="newer-than-this"))
    answer = await ask(conversations, started.id, "?!a")
    assert (answer.entry, answer.sources, answer.buttons) == ("newer-than-this", (), ())


async def test_the_language_of_the_answer_becomes_that_of_the_conversation(
    conversations: Conversations, engine: ScriptedEngine
) -> None:
    started = await conversations.start(Language.ENGLISH)
    engine.answer(reply("안녕하세요"), language="ko", pinned=True)
    answer = await ask(conversations, started.id, "한국어로 해 주세요")
    assert answer.language is Language.KOREAN
    await ask(conversations, started.id, "StartHub")
    assert (engine.turns[-1]["language"], engine.turns[-1]["pinned"]) == ("ko", True)
    messages = await conversations.messages(started.id)
    assert [message.language for message in messages] == ["en", "ko", "ko", "ko", "ko"]


async def test_a_message_is_recorded_before_the_engine_is_asked(
    conversations: Conversations, engine: ScriptedEngine, store: Store
) -> None:
    started = await conversations.start()
    gate = engine.hang()
    posting = asyncio.create_task(ask(conversations, started.id, "first"))
    await engine.wait_for_turns(1)
    recorded = await conversations.messages(started.id, after=started.messages[-1].id)
    assert [message.text for message in recorded] == ["first"]
    gate.set()
    assert (await posting).text == "echo: first"
    with store.reading() as session:
        row = session.get_one(MessageRow, recorded[0].id)
    assert (row.state, row.intent, row.confidence, row.entry) == (MessageState.ANSWERED, "faq", 0.9, None)


async def test_the_same_client_id_later_brings_the_same_answer(
    conversations: Conversations, engine: ScriptedEngine
) -> None:
    started = await conversations.start()
    same = client_id()
    engine.answer(reply("one"), reply("two", buttons={"Menu": "/menu"}))
    first = await conversations.post(started.id, same, text="hello")
    again = await conversations.post(started.id, same, text="hello")
    assert first == again
    assert [message.text for message in first] == ["one", "two"]
    assert len(engine.turns) == 1


async def test_the_same_client_id_at_the_same_time_waits_for_the_one_answer(
    conversations: Conversations, engine: ScriptedEngine
) -> None:
    started = await conversations.start()
    same = client_id()
    gate = engine.hang()
    posts = [asyncio.create_task(conversations.post(started.id, same, text="hello")) for _ in range(5)]
    await engine.wait_for_turns(1)
    gate.set()
    results = await asyncio.gather(*posts)
    assert all(result == results[0] for result in results)
    assert len(engine.turns) == 1
    assert len(await conversations.messages(started.id)) == 3


async def test_the_same_client_id_in_two_conversations_is_two_messages(
    conversations: Conversations, engine: ScriptedEngine
) -> None:
    one, other = await conversations.start(), await conversations.start()
    same = client_id()
    await conversations.post(one.id, same, text="hello")
    await conversations.post(other.id, same, text="hello")
    assert [turn["conversation"] for turn in engine.turns] == [one.id, other.id]


async def test_messages_of_one_conversation_are_answered_in_the_order_they_came(
    conversations: Conversations, engine: ScriptedEngine
) -> None:
    started = await conversations.start()
    texts = [f"number {number}" for number in range(8)]
    posts = [asyncio.create_task(ask(conversations, started.id, text)) for text in texts]
    await asyncio.gather(*posts)
    assert [turn["text"] for turn in engine.turns] == texts
    said = [message.text for message in await conversations.messages(started.id)][1:]
    assert said == [line for text in texts for line in (text, f"echo: {text}")]


async def test_one_conversation_does_not_wait_for_another(conversations: Conversations, engine: ScriptedEngine) -> None:
    slow, fast = await conversations.start(), await conversations.start()
    gate = engine.hang()
    waiting = asyncio.create_task(ask(conversations, slow.id, "slow"))
    await engine.wait_for_turns(1)
    assert (await ask(conversations, fast.id, "fast")).text == "echo: fast"
    assert not waiting.done()
    gate.set()
    await waiting


async def test_a_turn_is_finished_even_if_its_caller_goes_away(
    conversations: Conversations, engine: ScriptedEngine
) -> None:
    started = await conversations.start()
    gate = engine.hang()
    posting = asyncio.create_task(ask(conversations, started.id, "hello"))
    await engine.wait_for_turns(1)
    posting.cancel()
    gate.set()
    await conversations.close()
    assert (await conversations.messages(started.id))[-1].text == "echo: hello"


async def test_a_button_works_only_in_its_conversation(conversations: Conversations, engine: ScriptedEngine) -> None:
    one, other = await conversations.start(), await conversations.start()
    button = one.messages[0].buttons[0].id
    for conversation_id, pressed in [(other.id, button), (one.id, "/menu"), (one.id, ""), (one.id, "\x00")]:
        with pytest.raises(InvalidField) as refused:
            await conversations.post(conversation_id, client_id(), button=pressed)
        assert (refused.value.field, refused.value.code) == ("button", "unknown_button")
    assert engine.turns == []
    assert len(await conversations.messages(other.id)) == 1


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
async def test_text_is_data(conversations: Conversations, engine: ScriptedEngine, text: str) -> None:
    started = await conversations.start()
    answer = await ask(conversations, started.id, text)
    assert (engine.turns[0]["text"], engine.turns[0]["payload"]) == (text, None)
    assert answer.text == f"echo: {text}"
    assert (await conversations.messages(started.id))[1].text == text


async def test_control_characters_are_left_out(conversations: Conversations, engine: ScriptedEngine) -> None:
    started = await conversations.start()
    await ask(conversations, started.id, "a\x00b\x1bc")
    assert engine.turns[0]["text"] == "abc"


@pytest.mark.parametrize(("text", "code"), [("", "empty"), (" \x00\n", "empty"), ("x" * 2001, "too_long")])
async def test_a_text_that_says_nothing_or_too_much_is_refused(
    conversations: Conversations, engine: ScriptedEngine, text: str, code: str
) -> None:
    started = await conversations.start()
    with pytest.raises(InvalidField) as refused:
        await ask(conversations, started.id, text)
    assert refused.value.code == code
    assert engine.turns == []


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("trouble", ["hang", "crash", "empty"])
async def test_when_the_engine_fails_the_reply_is_an_apology(
    assistant: Assistant, language: Language, trouble: str
) -> None:
    conversations, engine = assistant.conversations, assistant.engine
    started = await conversations.start(language)
    match trouble:
        case "hang":
            conversations = assistant.restarted()
            conversations._engine._timeout = 0.05
            engine.hang()
        case "crash":
            engine.fail(500)
        case "empty":
            engine.say_nothing(times=2)
    apology = await ask(conversations, started.id, "hello")
    assert (apology.text, apology.language, apology.entry) == (APOLOGIES[language], language, None)
    assert [button.title for button in apology.buttons] == [REPEAT_TITLES[language]]


async def test_asking_again_sends_the_first_message_again(conversations: Conversations, engine: ScriptedEngine) -> None:
    started = await conversations.start()
    engine.fail(times=2)
    first = await ask(conversations, started.id, "What does it cost?")
    second = (await conversations.post(started.id, client_id(), button=first.buttons[0].id))[-1]
    assert second.text == APOLOGIES[Language.ENGLISH]
    third = (await conversations.post(started.id, client_id(), button=second.buttons[0].id))[-1]
    assert third.text == "echo: What does it cost?"
    assert [(turn["text"], turn["payload"]) for turn in engine.turns] == [("What does it cost?", None)] * 3
    assert len({turn["message_id"] for turn in engine.turns}) == 1
    said = [message.text for message in await conversations.messages(started.id) if message.sender is Sender.USER]
    assert said == ["What does it cost?", REPEAT_TITLES[Language.ENGLISH], REPEAT_TITLES[Language.ENGLISH]]


async def test_asking_again_after_a_button_presses_it_again(
    conversations: Conversations, engine: ScriptedEngine
) -> None:
    started = await conversations.start()
    engine.fail()
    apology = (await conversations.post(started.id, client_id(), button=started.messages[0].buttons[0].id))[-1]
    await conversations.post(started.id, client_id(), button=apology.buttons[0].id)
    assert [(turn["text"], turn["payload"]) for turn in engine.turns] == [("Menu", "/menu")] * 2


async def test_a_failure_leaves_the_open_question_open(conversations: Conversations, engine: ScriptedEngine) -> None:
    started = await conversations.start()
    engine.answer(reply("Your name?", asks="name"), in_form=True)
    await ask(conversations, started.id, "log an inquiry")
    engine.fail()
    await ask(conversations, started.id, "Kim")
    await ask(conversations, started.id, "Kim")
    assert [turn["asks"] for turn in engine.turns] == [None, "name", "name"]


async def test_an_answer_in_the_middle_of_a_form_leaves_its_question_open(
    conversations: Conversations, engine: ScriptedEngine
) -> None:
    started = await conversations.start()
    engine.answer(reply("Your name?", asks="name"), in_form=True)
    engine.answer(reply("Nothing.", entry="cost"), in_form=True)
    engine.answer(reply("Thank you."))
    for text in ("inquire", "what does it cost?", "Kim", "bye"):
        await ask(conversations, started.id, text)
    assert [turn["asks"] for turn in engine.turns] == [None, "name", "name", None]


async def test_the_engine_begins_a_new_session_every_few_turns(
    conversations: Conversations, engine: ScriptedEngine
) -> None:
    started = await conversations.start()
    for number in range(8):
        await ask(conversations, started.id, f"number {number}")
    assert [turn["new_session"] for turn in engine.turns] == [False, False, False, True, False, False, True, False]


async def test_the_engine_never_begins_a_new_session_inside_a_form(
    conversations: Conversations, engine: ScriptedEngine
) -> None:
    started = await conversations.start()
    for _ in range(5):
        engine.answer(reply("Your name?", asks="name"), in_form=True)
    engine.answer(reply("Logged."))
    for number in range(8):
        await ask(conversations, started.id, f"number {number}")
    assert [turn["new_session"] for turn in engine.turns] == [False] * 6 + [True, False]


async def test_a_failed_new_session_is_asked_for_again(conversations: Conversations, engine: ScriptedEngine) -> None:
    started = await conversations.start()
    for number in range(3):
        await ask(conversations, started.id, f"number {number}")
    engine.fail()
    await ask(conversations, started.id, "fails")
    await ask(conversations, started.id, "works")
    await ask(conversations, started.id, "goes on")
    assert [turn["new_session"] for turn in engine.turns] == [False, False, False, True, True, False]


async def test_messages_that_a_crash_left_are_answered_in_order_after_the_restart(
    assistant: Assistant, store: Store, engine: ScriptedEngine
) -> None:
    one, other = await assistant.conversations.start(), await assistant.conversations.start(Language.GERMAN)
    left = [(one.id, "first"), (other.id, "zweite"), (one.id, "third")]
    crashed = client_id()
    with store.session() as session:
        for conversation_id, text in left:
            session.add(
                MessageRow(
                    conversation_id=conversation_id,
                    sender=Sender.USER,
                    text=text,
                    language="en",
                    state=MessageState.PENDING,
                    client_id=crashed if text == "first" else None,
                    sources=[],
                )
            )
            session.flush()
    conversations = assistant.restarted()
    follower = conversations.broker.subscribe(one.id)
    assert await conversations.recover() == 3
    assert [turn["text"] for turn in engine.turns] == ["first", "zweite", "third"]
    said = [message.text for message in await conversations.messages(one.id)][1:]
    assert said == ["first", "third", "echo: first", "echo: third"]
    conversations.broker.close_all()
    events = [event async for event in follower]
    told = [event.message.text for event in events if isinstance(event, MessageEvent)]
    assert told == ["echo: first", "echo: third"]
    assert await conversations.recover() == 0
    # The face that never got its answer asks for it.
    assert [m.text for m in await conversations.post(one.id, crashed, text="first")] == ["echo: first"]


async def test_recovery_waits_for_the_engine(assistant: Assistant, engine: ScriptedEngine, store: Store) -> None:
    started = await assistant.conversations.start()
    with store.session() as session:
        session.add(
            MessageRow(
                conversation_id=started.id,
                sender=Sender.USER,
                text="left",
                language="en",
                state=MessageState.PENDING,
                sources=[],
            )
        )
    engine.is_ready = False
    looks: list[float] = []

    async def pause(seconds: float) -> None:
        looks.append(seconds)
        engine.is_ready = len(looks) == 2

    conversations = assistant.restarted()
    conversations._pause = pause
    assert await conversations.recover() == 1
    assert looks == [1.0, 1.0]


async def test_followers_hear_of_everything_in_order(conversations: Conversations, engine: ScriptedEngine) -> None:
    started = await conversations.start()
    follower = conversations.broker.subscribe(started.id)
    engine.answer(reply("one"), reply("two"))
    await ask(conversations, started.id, "hello")
    conversations.broker.close_all()
    events = [event async for event in follower]
    assert events[1] == TypingEvent(Sender.BOT)
    messages = [event.message for event in events if isinstance(event, MessageEvent)]
    assert messages == (await conversations.messages(started.id))[1:]
    assert len(events) == 4


async def test_having_the_conversation_erased_in_it_leaves_the_reply_only(
    conversations: Conversations, engine: ScriptedEngine, store: Store
) -> None:
    started = await conversations.start()
    button = started.messages[0].buttons[0].id
    await ask(conversations, started.id, "my name is Kim")
    same = client_id()
    engine.answer(reply("All erased.", erase_conversation=True), reply("Anything else?"))
    replies = await conversations.post(started.id, same, text="delete my data")
    assert [message.text for message in replies] == ["All erased.", "Anything else?"]
    assert await conversations.messages(started.id) == replies
    assert engine.forgotten == [started.id]
    assert await conversations.post(started.id, same, text="delete my data") == replies
    with pytest.raises(InvalidField):
        await conversations.post(started.id, client_id(), button=button)
    row = conversation_row(store, started.id)
    assert (row.previous_entry, row.asks, row.turns_in_session) == (None, None, 0)
    assert (await ask(conversations, started.id, "hello")).text == "echo: hello"


async def test_an_erasure_that_the_engine_did_not_carry_out_is_not_claimed(
    conversations: Conversations, engine: ScriptedEngine
) -> None:
    started = await conversations.start()
    engine.can_forget = False
    engine.answer(reply("All erased.", erase_conversation=True))
    answer = await ask(conversations, started.id, "delete my data")
    assert answer.text == APOLOGIES[Language.ENGLISH]
    assert len(await conversations.messages(started.id)) == 3


async def test_feedback_counts_once_a_message_and_the_last_word_stays(
    conversations: Conversations, store: Store
) -> None:
    started = await conversations.start()
    answer = await ask(conversations, started.id, "hello")
    await conversations.feedback(started.id, answer.id, helpful=True)
    await conversations.feedback(started.id, answer.id, helpful=False, comment="zu\x00 kurz")
    with store.reading() as session:
        (row,) = session.scalars(select(Feedback)).all()
    assert (row.message_id, row.helpful, row.comment) == (answer.id, False, "zu kurz")


async def test_feedback_is_for_replies_of_the_own_conversation(conversations: Conversations) -> None:
    started, other = await conversations.start(), await conversations.start()
    answer = await ask(conversations, started.id, "hello")
    question = answer.id - 1
    for conversation_id, message_id in [(other.id, answer.id), (started.id, question), (started.id, 10**6)]:
        with pytest.raises(NotFound):
            await conversations.feedback(conversation_id, message_id, helpful=True)
    with pytest.raises(InvalidField):
        await conversations.feedback(started.id, answer.id, helpful=True, comment="x" * 1001)


async def test_a_token_opens_its_own_conversation_only(conversations: Conversations) -> None:
    started, other = await conversations.start(), await conversations.start()
    for _ in range(2):
        await conversations.authorize(started.id, started.token)
        for token in (None, "", "wrong", "\udcff", started.token + "x", started.id):
            with pytest.raises(Unauthorized):
                await conversations.authorize(started.id, token)
        for conversation_id in (other.id, "0" * 32, "", "x' OR 1=1 --"):
            with pytest.raises(NotFound):
                await conversations.authorize(conversation_id, started.token)


async def test_a_conversation_that_is_not_there_cannot_be_used(conversations: Conversations) -> None:
    with pytest.raises(NotFound):
        await ask(conversations, "0" * 32, "hello")
    with pytest.raises(NotFound):
        await conversations.messages("0" * 32)
    with pytest.raises(NotFound):
        await conversations.erase("0" * 32)


async def test_a_conversation_erased_while_the_engine_thinks_gets_no_reply(
    conversations: Conversations, engine: ScriptedEngine, store: Store
) -> None:
    started = await conversations.start()
    gate = engine.hang()
    posting = asyncio.create_task(ask(conversations, started.id, "hello"))
    await engine.wait_for_turns(1)
    with store.session() as session:
        session.delete(session.get_one(Conversation, started.id))
    gate.set()
    with pytest.raises(NotFound):
        await posting
    with store.reading() as session:
        assert session.scalars(select(MessageRow)).all() == []


async def test_a_program_without_greeting_or_apology_does_not_start(assistant: Assistant) -> None:
    responses = sample_responses()
    for name in responses.by_name.keys() - PAGE_TEXTS.values():
        rest = {other: response for other, response in responses.by_name.items() if other != name}
        with pytest.raises(ConfigurationError, match=name):
            Conversations(
                assistant.store,
                assistant.conversations._engine,
                sample_knowledge(),
                Responses(rest),
                assistant.settings,
                pause=no_pause,
            )
