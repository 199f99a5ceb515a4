"""The knowledge base as Rasa sees it: examples and responses for each entry in each language."""

from pathlib import Path
from typing import Any

from rasa.core.nlg.interpolator import interpolate

from bot.knowledge import LANGUAGES, load_knowledge, load_responses
from bot.nlu.training_texts import LABEL_TEXTS, LabelTexts

ROOT = Path(__file__).parents[2]
KNOWLEDGE = load_knowledge(ROOT / "data" / "knowledge")
RESPONSES = load_responses(ROOT / "data" / "responses").by_name


def by_language(variations: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {variation["condition"][0]["value"]: variation for variation in variations}


def entry_examples(importer: Any) -> dict[str, LabelTexts]:
    examples = [example for example in importer.get_nlu_data().training_examples if example.get("intent") == "faq"]
    return {example.get("intent_response_key").removeprefix("faq/"): example.get(LABEL_TEXTS) for example in examples}


def test_every_question_and_every_answer_is_a_text_of_its_entry(importer: Any) -> None:
    found = entry_examples(importer)

    assert list(found) == list(KNOWLEDGE.entries)
    for entry in KNOWLEDGE.entries.values():
        assert set(found[entry.id].questions) == {text for texts in entry.questions.values() for text in texts}
        assert found[entry.id].answers == tuple(entry.answer.values())


def test_each_entry_names_the_entries_that_a_follow_up_may_mean(importer: Any) -> None:
    for name, texts in entry_examples(importer).items():
        entry = KNOWLEDGE.entries[name]
        neighbours = [label.removeprefix("faq/") for label in texts.neighbours]
        assert neighbours[: len(entry.follow_ups)] == list(entry.follow_ups)
        assert entry.id not in neighbours
        assert set(neighbours) <= set(KNOWLEDGE.entries)


def test_the_files_own_intents_are_there_too(importer: Any) -> None:
    examples = importer.get_nlu_data().training_examples
    said = {example.get("intent"): example.get(LABEL_TEXTS).questions for example in examples}

    assert {"greet", "inquire", "out_of_scope", "follow_up", "faq"} <= said.keys()
    assert {"안녕하세요", "Guten Tag", "Hello"} <= set(said["greet"])


def test_every_answer_is_a_response_in_each_language(importer: Any) -> None:
    responses = importer.get_domain().responses
    for entry in KNOWLEDGE.entries.values():
        variations = by_language(responses[f"utter_faq/{entry.id}"])
        assert set(variations) == {language.value for language in LANGUAGES}
        for language in LANGUAGES:
            assert variations[language.value]["text"] == entry.answer[language]
            assert variations[language.value]["custom"] == {"entry": entry.id}


def test_every_text_that_rules_say_is_a_response_in_each_language(importer: Any) -> None:
    responses = importer.get_domain().responses
    for name, response in RESPONSES.items():
        if not name.startswith("utter_"):
            assert name not in responses
            continue
        variations = by_language(responses[name])
        for language in LANGUAGES:
            variation = variations[language.value]
            assert variation["text"] == response.text[language]
            assert variation["custom"] == {"response": name, "asks": response.asks}
            # What Rasa sends once it has filled in slots; braces in a payload are none.
            sent = interpolate(variation, {"language": language.value})
            assert [button["payload"] for button in sent.get("buttons", [])] == [
                payload for _, payload in response.buttons
            ]


def test_the_domain_keeps_its_own_intents_slots_and_forms(importer: Any) -> None:
    domain = importer.get_domain()

    assert {"inquiry_form", "access_form"} <= set(domain.form_names)
    assert "language" in [slot.name for slot in domain.slots]
    assert "inquire" in domain.intents
