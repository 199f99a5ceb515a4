"""What people see: the real face before an emulated Bot API, with an engine that says what the test wants."""

import re
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.knowledge import load_knowledge
from bot.store import Conversation
from bot.store.telegram import TelegramUpdate
from tests.support.bot_api import NOT_TEXT, Person
from tests.support.scripted_engine import reply

pytestmark = pytest.mark.asyncio

DATA = Path(__file__).parents[3] / "data"


@pytest.mark.parametrize(
    ("code", "greeting"),
    [
        ("ko", "자동 안내 시스템"),
        ("de-AT", "automatisiertes System"),
        ("en", "automated system"),
        ("fr", "automated system"),
    ],
)
async def test_the_first_contact_speaks_the_clients_language_and_says_that_it_is_a_machine(world, code, greeting):
    person = Person(world.api, "Alex Muster", code)
    async with world.running():
        await person.writes("/start")
        [message] = await person.hears(1)

    assert greeting in message["text"]
    assert len(person.buttons()) >= 4
    assert world.engine.turns == []


async def test_a_first_question_is_greeted_and_answered(world, minji):
    async with world.running():
        await minji.writes("무료인가요?")
        greeting, answer = await minji.hears(2)

    assert "자동 안내 시스템" in greeting["text"]
    assert answer["text"] == "echo: 무료인가요?"


async def test_an_answer_shows_sources_as_links_with_their_date_and_follow_ups_as_buttons(world, minji):
    world.engine.answer(reply("무료예요.", entry="cost"))
    async with world.running():
        await minji.writes("무료인가요?")
        answer = (await minji.hears(2))[1]

    assert answer["text"] == "무료예요.\n\n• Source of cost (2021 기준)\n• A paper (2021 기준)"
    assert [entity["url"] for entity in answer["entities"]] == ["https://example.org/cost"]
    assert minji.buttons() == ["who in ko?", "where in ko?", "👍", "👎"]


async def test_a_pressed_follow_up_tells_the_engine_what_it_stands_for_and_comes_to_rest(world, minji):
    world.engine.answer(reply("무료예요.", entry="cost"))
    async with world.running():
        await minji.writes("무료인가요?")
        await minji.hears(2)
        await minji.presses("who in ko?")
        await minji.hears(3)

    assert world.engine.turns[-1]["payload"] == '/faq{"entry": "who"}'
    assert [notice.get("text") for notice in world.api.notices] == [None]


async def test_a_stale_button_is_explained_over_the_chat(world, minji):
    async with world.running():
        await minji.writes("/start")
        await minji.hears(1)
        await minji.presses_data("b:nothing-like-it")
        await world.api.wait_for(lambda: bool(world.api.notices))

    assert "버튼은 더 이상" in world.api.notices[0]["text"]
    assert len(minji.heard) == 1


@pytest.mark.parametrize(
    "text", ["<b>bold</b> & <script>alert(1)</script>", "a < b > c &amp; d", "</code><a href='x'>"]
)
async def test_what_people_type_is_shown_back_as_text_never_as_markup(world, minji, text):
    async with world.running():
        await minji.writes(text)
        answer = (await minji.hears(2))[1]

    assert answer["text"] == f"echo: {text}"
    assert "entities" not in answer


async def test_a_reference_can_be_copied_with_a_tap(world, minji):
    world.engine.answer(reply("접수번호는 HE-2026-7K3F9QX예요."))
    async with world.running():
        await minji.writes("네")
        answer = (await minji.hears(2))[1]

    assert answer["entities"] == [{"offset": 6, "length": 15, "type": "code"}]


@pytest.mark.parametrize(
    ("command", "payload"),
    [
        ("topics", "/menu"),
        ("inquiry", "/inquire"),
        ("status", "/inquiry_status"),
        ("language", "/switch_language"),
        ("privacy", "/privacy"),
        ("delete", "/erase_data"),
        ("TOPICS@hessen_test_bot", "/menu"),
    ],
)
async def test_commands_of_the_menu_say_what_they_stand_for(world, minji, command, payload):
    async with world.running():
        await minji.writes(f"/{command}")
        await minji.hears(2)

    assert world.engine.turns[-1]["payload"] == payload


@pytest.mark.parametrize("command", ["/help", "/nonsense", '/faq{"entry": "cost"}'])
async def test_help_and_unknown_commands_never_reach_the_engine(world, minji, command):
    async with world.running():
        await minji.writes(command)
        help_text = (await minji.hears(2))[1]["text"]

    assert "/topics" in help_text
    assert world.engine.turns == []


@pytest.mark.parametrize(("payload", "entry"), [("who", "who"), ("starthub", "cost")])
async def test_a_deep_link_opens_its_entry_or_topic(world, minji, payload, entry):
    async with world.running():
        await minji.writes(f"/start {payload}")
        await minji.hears(2)

    assert world.engine.turns[-1]["payload"] == f'/faq{{"entry": "{entry}"}}'


async def test_every_topic_and_entry_can_be_named_in_a_deep_link():
    knowledge = load_knowledge(DATA / "knowledge")
    names = [*knowledge.entries, *(topic.id for topic in knowledge.topics)]
    assert [name for name in names if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", name)] == []


async def test_a_deep_link_to_nothing_is_a_plain_start(world, minji):
    async with world.running():
        await minji.writes('/start ../../etc" or 1=1')
        await minji.hears(1)
        await minji.writes("hello")
        await minji.hears(2)

    assert [turn["payload"] for turn in world.engine.turns] == [None]


@pytest.mark.parametrize("kind", NOT_TEXT)
async def test_what_is_not_text_is_answered_kindly_and_not_opened(world, minji, kind):
    async with world.running():
        await minji.sends(**NOT_TEXT[kind])
        answer = (await minji.hears(2))[1]

    assert "글만 읽을 수 있어요" in answer["text"]
    assert world.engine.turns == []
    assert not [method for method, _ in world.api.calls if method.casefold() == "getfile"]


@pytest.mark.parametrize("kind", ["pinned_message", "message_auto_delete_timer_changed"])
async def test_what_only_happens_in_the_chat_is_not_answered(world, minji, kind):
    happened = {"pinned_message": None, "message_auto_delete_timer_changed": {"message_auto_delete_time": 86400}}
    async with world.running():
        first = await minji.writes("하나")
        happened["pinned_message"] = first["message"]
        await minji.hears(2)
        await minji.sends(**{kind: happened[kind]})
        await minji.writes("둘")
        await minji.hears(3)

    assert minji.texts[1:] == ["echo: 하나", "echo: 둘"]


async def test_a_live_location_that_moves_is_answered_once(world, minji):
    async with world.running():
        sent = await minji.sends(**NOT_TEXT["location"])
        moved = sent["message"] | {"edit_date": 2, "location": {"latitude": 50.2, "longitude": 8.8}}
        await world.api.add_update(edited_message=moved)
        await minji.writes("하나")
        await minji.hears(3)

    assert minji.texts[-1] == "echo: 하나"


async def test_a_pictures_caption_is_a_question(world, minji):
    async with world.running():
        await minji.sends(**NOT_TEXT["photo"], caption="비자?")
        await minji.hears(2)

    assert world.engine.turns[-1]["text"] == "비자?"


async def test_an_edited_message_is_not_answered_again(world, minji):
    async with world.running():
        await minji.writes("비자")
        await minji.hears(2)
        await minji.edits("비자 종류")
        answer = (await minji.hears(3))[2]

    assert "수정하신 메시지" in answer["text"]
    assert len(world.engine.turns) == 1


async def test_where_a_name_is_asked_for_the_profiles_and_the_contact_card_are_offered_until_it_is_given(world, minji):
    world.engine.answer(reply("성함을 알려 주세요.", asks="name"))
    world.engine.answer(reply("회사 이름은요?", asks="company", buttons={"회사 없음": "/skip"}))
    async with world.running():
        await minji.writes("문의")
        await minji.hears(2)
        [[name], [contact]] = world.api.keyboards[minji.id]["keyboard"]
        await minji.writes(name["text"])
        await minji.hears(4)

    assert (name["text"], contact["request_contact"]) == ("Minji Kim", True)
    assert world.engine.turns[-1]["text"] == "Minji Kim"
    assert minji.id not in world.api.keyboards
    assert minji.buttons() == ["회사 없음"]


async def test_a_profile_name_that_looks_like_markup_is_a_name(world):
    world.engine.answer(reply("Wie ist Ihr Name?", asks="name"))
    person = Person(world.api, "<b>Mary</b> </code>&amp;", "de")
    async with world.running():
        await person.writes("Anfrage")
        await person.hears(2)
        [[name], _] = world.api.keyboards[person.id]["keyboard"]
        await person.writes(name["text"])
        answer = (await person.hears(3))[2]

    assert name["text"] == "<b>Mary</b> </code>&amp;"
    assert answer["text"] == "echo: <b>Mary</b> </code>&amp;"
    assert "entities" not in answer


async def test_the_own_contact_card_gives_a_name_and_its_number_is_kept_nowhere(world, minji):
    world.engine.answer(reply("성함을 알려 주세요.", asks="name"))
    async with world.running():
        await minji.writes("문의")
        await minji.hears(2)
        await minji.shares_contact()
        await minji.hears(3)

    assert world.engine.turns[-1]["text"] == "Minji Kim"
    assert "+49" not in repr(world.engine.turns)
    with world.store.reading() as session:
        assert all(content is None for content in session.scalars(select(TelegramUpdate.content)))


async def test_somebody_elses_contact_card_is_no_answer(world, minji):
    world.engine.answer(reply("성함을 알려 주세요.", asks="name"))
    async with world.running():
        await minji.writes("문의")
        await minji.hears(2)
        await minji.sends(contact={"phone_number": "+49170", "first_name": "Jens", "user_id": 4})
        answer = (await minji.hears(3))[2]

    assert "공유하신 연락처는 저장하지 않아요" in answer["text"]
    assert len(world.engine.turns) == 1


async def test_a_group_is_told_once_that_the_bot_talks_in_private(world, minji):
    group = {"id": -100, "type": "group", "title": "Founders"}
    world.api.chats[-100] = group
    async with world.running():
        for _ in range(3):
            await world.api.add_update(message=world.api.message(-100, minji.user, text="hello"))
        await minji.writes("/start")
        await minji.hears(1)

    assert len(world.api.sent_to(-100)) == 1
    assert world.engine.turns == []


async def test_a_group_that_has_moved_is_not_told_again(world, minji):
    world.api.chats[-100] = {"id": -100, "type": "group", "title": "Founders"}
    world.api.chats[-200] = {"id": -200, "type": "supergroup", "title": "Founders"}
    async with world.running():
        await world.api.add_update(message=world.api.message(-100, minji.user, text="hello"))
        await world.api.wait_for(lambda: len(world.api.sent_to(-100)) == 1)
        await world.api.add_update(message=world.api.message(-100, minji.user, migrate_to_chat_id=-200))
        # Updates of two chats run side by side: the move has to be done before the next message comes.
        await minji.writes("/start")
        await minji.hears(1)
        await world.api.add_update(message=world.api.message(-200, minji.user, text="hello"))
        await minji.writes("bye")
        await minji.hears(2)

    assert world.api.sent_to(-200) == []


async def test_who_blocks_the_bot_is_left_alone_and_who_returns_is_answered(world, minji):
    async with world.running():
        await minji.writes("/start")
        await minji.hears(1)
        await minji.blocks()
        await minji.blocks(returns=True)
        await minji.writes("wieder da")
        await minji.hears(2)

    assert minji.texts[-1] == "echo: wieder da"


async def test_long_answers_come_in_parts_that_end_with_a_sentence(world, minji):
    text = "Das ist ein Satz von einiger Länge, der sich oft wiederholt. " * 150
    world.engine.answer(reply(text, entry="cost"))
    async with world.running():
        await minji.writes("alles")
        first, second, third = (await minji.hears(4))[1:]

    assert all(len(part["text"]) <= 4096 for part in (first, second, third))
    assert first["text"].endswith("wiederholt.")
    assert " ".join(part["text"] for part in (first, second, third)).startswith(text.strip())
    assert "reply_markup" not in first
    assert minji.buttons() == ["who in ko?", "where in ko?", "👍", "👎"]


async def test_too_many_messages_are_told_so_once(tmp_path):
    from tests.support.telegram_face import telegram_world

    async with telegram_world(tmp_path) as world:
        world.settings = world.settings.model_copy(update={"telegram_rate_limit": "3/minute"})
        person = Person(world.api, "Jens Weber", "de")
        async with world.running():
            for number in range(6):
                await person.writes(f"Frage {number}")
            await person.hears_text("sehr viele Nachrichten")
            other = Person(world.api, "Anna", "de")
            await other.writes("Hallo")
            await other.hears(2)

            await person.presses_data("b:any")
            await world.api.wait_for(lambda: bool(world.api.notices))

    assert len([text for text in person.texts if "sehr viele Nachrichten" in text]) == 1
    assert [turn["text"] for turn in world.engine.turns] == ["Frage 0", "Frage 1", "Frage 2", "Hallo"]


async def test_no_chat_id_stands_outside_telegrams_own_tables(world, minji):
    async with world.running():
        await minji.writes("안녕하세요")
        await minji.hears(2)

    with world.store.reading() as session:
        [conversation] = session.scalars(select(Conversation))
        assert conversation.channel == "telegram"
        assert str(minji.id) not in repr(vars(conversation))
