"""The page at / and its files: the agency's topics, and the widget as any website would embed it."""

from html import escape
from pathlib import Path
from string import Template

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

from bot.gateway.services import Services
from bot.knowledge import LANGUAGES, KnowledgeBase, Language, Responses, Topic
from bot.knowledge.preference import preferred_language

STATIC_FOLDER = Path(__file__).parent / "static"
QUESTIONS_SHOWN = 3

PAGE_TEXTS = {
    "title": "say_page_title",
    "lead": "say_page_lead",
    "topics_title": "say_page_topics",
    "hint": "say_page_hint",
    "notice": "say_page_notice",
    "no_script": "say_page_no_script",
}
"""Responses by their place in page.html."""

_LANGUAGE_NAMES = {Language.KOREAN: "한국어", Language.GERMAN: "Deutsch", Language.ENGLISH: "English"}


def add_pages(app: FastAPI) -> None:
    """Serve the page at / and its files under /static/."""
    page = Template((STATIC_FOLDER / "page.html").read_text(encoding="utf-8"))

    async def front_page(request: Request) -> HTMLResponse:
        services: Services = request.app.state.services
        language = _language(request)
        return HTMLResponse(
            page.substitute(_values(services.knowledge, services.responses, language)),
            headers={"Content-Language": language.value, "Vary": "Accept-Language"},
        )

    app.add_route("/", front_page, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=STATIC_FOLDER, check_dir=False))


def _language(request: Request) -> Language:
    chosen = request.query_params.get("language")
    if chosen in [language.value for language in LANGUAGES]:
        return Language(chosen)
    return preferred_language(request.headers.get("accept-language"))


def _values(knowledge: KnowledgeBase, responses: Responses, language: Language) -> dict[str, str]:
    texts = {key: escape(responses.render(name, language).text) for key, name in PAGE_TEXTS.items()}
    return {
        **texts,
        "language": language.value,
        "languages": "".join(_language_link(other, chosen=other is language) for other in LANGUAGES),
        "topics": "".join(_topic(topic, language) for topic in knowledge.topics),
    }


def _language_link(language: Language, *, chosen: bool) -> str:
    current = ' aria-current="true"' if chosen else ""
    code = language.value
    return (
        f'<li><a href="/?language={code}" lang="{code}" hreflang="{code}"{current}>'
        f"{_LANGUAGE_NAMES[language]}</a></li>\n"
    )


def _topic(topic: Topic, language: Language) -> str:
    questions = "".join(
        f'<li><button type="button" data-ask>{escape(entry.title(language))}</button></li>\n'
        for entry in topic.entries[:QUESTIONS_SHOWN]
    )
    return f"<section>\n<h3>{escape(topic.title[language])}</h3>\n<ul>\n{questions}</ul>\n</section>\n"
