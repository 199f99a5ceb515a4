"""Ids as words: topics, technologies, programmes, countries and answers in the language of whoever reads."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from babel import Locale

from bot.inquiries import EntityValue, country_name
from bot.knowledge import LANGUAGES, KnowledgeBase, Language, Responses, Term

_FORM_TOPIC = "say_ask_inquiry_form_topic"
_LOCALES = {
    Language.KOREAN: Locale("ko"),
    Language.GERMAN: Locale("de"),
    Language.ENGLISH: Locale("en", "GB"),
}
TECHNOLOGY = "technology"


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose: its id and what it is called."""

    value: str
    title: str


class Vocabulary:
    """Names of what inquiries hold as ids.

    Args:
        knowledge: titles of topics and answers.
        terms: technologies, programmes, places and the like.
        responses: for topics that only the form knows.
    """

    def __init__(self, knowledge: KnowledgeBase, terms: Iterable[Term], responses: Responses) -> None:
        self._knowledge = knowledge
        self._terms = {(term.label, term.id): term for term in terms}
        # A list asks for them row by row.
        self._topics = {language: _topics(knowledge, responses, language) for language in LANGUAGES}
        self._topic_titles = {
            language: {choice.value: choice.title for choice in choices} for language, choices in self._topics.items()
        }

    def locale(self, language: Language) -> Locale:
        """How dates and numbers are written."""
        return _LOCALES[language]

    def topic(self, topic_id: str, language: Language) -> str:
        """What a topic is called; its id if nobody knows it any more."""
        return self._topic_titles[language].get(topic_id, topic_id)

    def topics(self, language: Language) -> tuple[Choice, ...]:
        """All topics, in the order of the form."""
        return self._topics[language]

    def technologies(self, language: Language) -> tuple[Choice, ...]:
        """All technologies by name."""
        found = (Choice(key[1], term.names[language]) for key, term in self._terms.items() if key[0] == TECHNOLOGY)
        return tuple(sorted(found, key=lambda choice: choice.title.casefold()))

    def named(self, entities: Iterable[EntityValue], language: Language) -> dict[str, list[str]]:
        """What an asker has named, by kind: one canonical name, however they spelt it."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for entity in entities:
            term = self._terms.get((entity.entity, entity.value))
            found[entity.entity].append(entity.value if term is None else term.names[language])
        return dict(found)

    def language_name(self, code: str, language: Language) -> str:
        """What a language is called."""
        return str(self.locale(language).languages.get(code, code))

    def country(self, code: str, language: Language) -> str:
        """What a country is called."""
        return country_name(code, language)

    def answer_title(self, entry_id: str, language: Language) -> str:
        """The question that an answer of the knowledge base is to; its id if it is gone."""
        entry = self._knowledge.entries.get(entry_id)
        return entry_id if entry is None else entry.title(language)


def _topics(knowledge: KnowledgeBase, responses: Responses, language: Language) -> tuple[Choice, ...]:
    """The topics of the form, called what askers have read there; then those that only the knowledge base has."""
    buttons = responses.render(_FORM_TOPIC, language).buttons if _FORM_TOPIC in responses.by_name else ()
    asked = [Choice(button.payload.split('"')[-2], button.title) for button in buttons if '"' in button.payload]
    known = {choice.value for choice in asked}
    others = (Choice(topic.id, topic.title[language]) for topic in knowledge.topics if topic.id not in known)
    return (*asked, *others)
