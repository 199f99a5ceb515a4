"""Gives Rasa the knowledge base as training data and the three-language texts as responses.

Rasa's own extension point for data in another form: nothing generated is written to disk, and nothing has to be kept
in step by hand.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.importers.utils import story_graph_from_paths
from rasa.shared.nlu.constants import INTENT, INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.common import cached_method

from bot.knowledge import LANGUAGES, KnowledgeBase, Response, Responses, load_knowledge, load_responses
from bot.nlu.classifier import FAQ
from bot.nlu.training_texts import LABEL_TEXTS, LabelTexts


class KnowledgeImporter(RasaFileImporter):  # type: ignore[misc]
    """Rasa's file importer, and the knowledge base and responses that stand beside `config.yml`."""

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
    ) -> None:
        super().__init__(config_file, domain_path, training_data_paths)
        data = Path(config_file or "config.yml").resolve().parent / "data"
        self._knowledge = load_knowledge(data / "knowledge")
        self._responses = load_responses(data / "responses")

    @cached_method
    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """The conversation's intents from files, and the entries; one example each."""
        files = super().get_nlu_data(language)
        examples = intent_examples(files.training_examples) + entry_examples(self._knowledge)
        return TrainingData(examples, files.entity_synonyms, files.regex_features, files.lookup_tables, files.responses)

    def get_domain(self) -> Domain:
        """The domain file, and one response for each answer and each text, chosen by the slot `language`."""
        generated = {**answer_responses(self._knowledge), **text_responses(self._responses)}
        return super().get_domain().merge(Domain.from_dict({"responses": generated}))

    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        """The rules. They name the intent `faq`, which Rasa adds to the domain itself, but only later."""
        domain = self.get_domain().merge(Domain.from_dict({"intents": [FAQ]}))
        return story_graph_from_paths(self._story_files, domain, exclusion_percentage)


def intent_examples(examples: list[Message]) -> list[Message]:
    """One example an intent, with all texts that the files give for it."""
    texts: dict[str, dict[str, None]] = {}
    for example in examples:
        texts.setdefault(example.get(INTENT), {})[example.get(TEXT)] = None
    return [
        Message({TEXT: next(iter(own)), INTENT: intent, LABEL_TEXTS: LabelTexts(tuple(own))})
        for intent, own in texts.items()
    ]


def entry_examples(knowledge: KnowledgeBase) -> list[Message]:
    """One example of the retrieval intent `faq` an entry, with all of its texts."""
    examples = []
    for topic in knowledge.topics:
        siblings = [entry.id for entry in topic.entries]
        for entry in topic.entries:
            questions = tuple(dict.fromkeys(text for texts in entry.questions.values() for text in texts))
            near = dict.fromkeys((*entry.follow_ups, *siblings))
            neighbours = tuple(f"{FAQ}/{name}" for name in near if name != entry.id)
            data = {
                TEXT: questions[0],
                INTENT: FAQ,
                INTENT_RESPONSE_KEY: f"{FAQ}/{entry.id}",
                LABEL_TEXTS: LabelTexts(questions, tuple(entry.answer.values()), neighbours),
            }
            examples.append(Message(data))
    return examples


def answer_responses(knowledge: KnowledgeBase) -> dict[str, list[dict[str, Any]]]:
    """`utter_faq/<entry>` with one variation a language; the custom payload names the entry for the gateway."""
    return {
        f"utter_{FAQ}/{entry.id}": [
            _variation(language.value, entry.answer[language], {"entry": entry.id}) for language in LANGUAGES
        ]
        for entry in knowledge.entries.values()
    }


def text_responses(responses: Responses) -> dict[str, list[dict[str, Any]]]:
    """The texts of `data/responses` that rules say, in Rasa's form; actions and the gateway render the others."""
    return {
        name: _text_variations(response) for name, response in responses.by_name.items() if name.startswith("utter_")
    }


def _text_variations(response: Response) -> list[dict[str, Any]]:
    variations = []
    for language in LANGUAGES:
        custom = {"response": response.name, "asks": response.asks}
        variation = _variation(language.value, response.text[language], custom)
        buttons = [
            {"title": button.title, "payload": _literal(button.payload)} for button in response.buttons_in(language)
        ]
        variations.append({**variation, "buttons": buttons} if buttons else variation)
    return variations


def _variation(language: str, text: str, custom: dict[str, Any]) -> dict[str, Any]:
    condition = {"type": "slot", "name": "language", "value": language}
    return {"condition": [condition], "text": text, "custom": custom}


def _literal(payload: str) -> str:
    """A payload whose braces Rasa does not take for slots to fill in."""
    return payload.replace("{", "{{").replace("}", "}}")
