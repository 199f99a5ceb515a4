"""The real engine gives the meanings of questions it could not answer; one question in three languages is a group."""

import httpx
from sqlalchemy import func, select

from bot.gaps.groups import Gaps
from bot.store import QuestionVector, Store
from tests.support.running_assistant import RunningAssistant
from tests.support.visitor import Visitor

SAME = {
    "de": "Wie wird das Wetter morgen in Frankfurt?",
    "en": "What will the weather be like tomorrow in Frankfurt?",
    "ko": "내일 프랑크푸르트 날씨는 어때요?",
}
OTHER = {"de": "Schreib mir bitte ein Gedicht über Katzen"}


def test_what_could_not_be_answered_is_grouped_by_meaning(assistant: RunningAssistant, http: httpx.Client) -> None:
    for language, text in (*SAME.items(), *OTHER.items()):
        Visitor.start(http, language).say(text)
    store = Store(assistant.environment["BOT_DATABASE_URL"])
    asked = {*SAME.values(), *OTHER.values()}

    def known() -> bool:
        with store.reading() as session:
            return (session.scalar(select(func.count()).select_from(QuestionVector)) or 0) >= len(asked)

    try:
        assistant.wait_until(known, "the meanings of the questions are known")
        groups = Gaps(store).overview().groups
    finally:
        store.close()
    found = [{question.text for question in group.questions} & asked for group in groups]
    assert set(SAME.values()) in found
    assert set(OTHER.values()) in found
