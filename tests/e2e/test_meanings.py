"""The real engine gives the meanings of questions it could not answer; one question in three languages is a group."""

import httpx

from bot.gaps.groups import Gaps
from bot.store import Store
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

    def grouped() -> bool:
        # Others' questions are grouped as well, and may stand among these.
        groups = [{question.text for question in group.questions} & asked for group in Gaps(store).overview().groups]
        return set(SAME.values()) in groups and set(OTHER.values()) in groups

    try:
        assistant.wait_until(grouped, "one question in three languages is a group, and another one is not in it")
    finally:
        store.close()
