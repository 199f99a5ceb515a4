import httpx
import pytest

from bot.knowledge import LANGUAGES, Language
from tests.support.assistant import sample_knowledge

pytestmark = pytest.mark.asyncio


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_page_is_in_the_chosen_language(http: httpx.AsyncClient, language: Language) -> None:
    page = await http.get("/", params={"language": language.value}, headers={"Accept-Language": "fr"})
    assert page.headers["Content-Language"] == language.value
    assert f'<html lang="{language.value}">' in page.text
    for topic in sample_knowledge().topics:
        for entry in topic.entries:
            assert f'<button type="button" data-ask>{entry.title(language)}</button>' in page.text


async def test_without_a_choice_the_browser_decides(http: httpx.AsyncClient) -> None:
    for header, language in (("ko-KR,ko;q=0.9", "ko"), ("de", "de"), ("fr", "en")):
        page = await http.get("/", params={"language": "xx"}, headers={"Accept-Language": header})
        assert f'<html lang="{language}">' in page.text
        assert page.headers["Vary"] == "Accept-Language"


async def test_the_greeting_stores_nothing(http: httpx.AsyncClient) -> None:
    answer = (await http.get("/api/greeting", params={"language": "ko"})).json()
    assert answer == {"language": "ko", "text": "안녕하세요!", "suggestions": ["Menu"]}
    assert (await http.get("/api/greeting", headers={"Accept-Language": "de"})).json()["language"] == "de"
    assert (await http.get("/api/greeting", params={"language": "fr"})).status_code == 422
    started = await http.post("/api/conversations", json={"language": "ko"})
    # The first conversation is the first thing in the database.
    assert started.json()["messages"][0]["id"] == 1
    assert [button["title"] for button in started.json()["messages"][0]["buttons"]] == answer["suggestions"]
