"""Responses, domain, rules, examples and code name the same things, in three languages."""

from __future__ import annotations

import ast
import json
import re
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.inquiry_answers import INTERRUPTIONS, OTHER_TOPIC
from bot.knowledge import LANGUAGES, KnowledgeBase, Language, load_knowledge, load_responses
from bot.knowledge.responses import Response
from bot.store import InquiryState
from bot.telegram.menus import COMMAND_NAMES
from tests.unit.knowledge.files import ROOT

EXAMPLES_MIN = 10

PAYLOAD = re.compile(r"/(?P<intent>[a-z_]+)(?P<entities>\{.*\})?")

PRESSED_ONLY = {"choose_topic", "choose_country", "use_question", "faq", "nlu_fallback"}
"""Nobody types these: buttons, the knowledge base's own examples, and what the classifier does not know."""

REFUSALS = {
    "topic": ("unknown",),
    "message": ("too_short", "too_long"),
    "name": ("empty", "too_long", "no_letters", "looks_like_email"),
    "company": ("too_long",),
    "email": ("format", "too_long", "domain"),
    "country": ("unknown",),
    "consent": ("unclear",),
    "confirm": ("unclear",),
    "reference": ("format", "check"),
}
"""The codes that `bot.inquiries` and the forms refuse an answer with; each has a text that says why."""

FORM_FIELDS = {
    "inquiry_form": ("topic", "message", "name", "company", "email", "country", "consent"),
    "access_form": ("access_reference", "access_email"),
}
"""Asked for by `AskField`, which makes the response's name from form and field."""

PLACEHOLDERS = {
    "say_ask_inquiry_form_consent": {"retention_days"},
    "say_privacy": {"transcript_days", "inquiry_days"},
    "say_inquiry_summary": {"topic_title", "message", "name", "company", "email", "country_name"},
    "say_inquiry_logged": {"reference"},
    "say_inquiry_status_new": {"reference", "date"},
    "say_inquiry_status_open": {"reference", "date"},
    **{
        f"say_inquiry_status_{state}": {"reference"}
        for state in ("waiting", "answered", "closed", "withdrawn", "spam", "duplicate")
    },
    "say_inquiry_withdrawn": {"reference"},
    "say_ask_withdraw_confirm": {"reference"},
    "say_ask_erase_confirm": {"references"},
    "say_message_taken": {"message"},
    "say_email_taken": {"email"},
    "say_erased_messages": {"count"},
    "say_kept_inquiry": {"reference"},
    "say_staff_reply": {"reference", "text"},
    "say_answer_staff": {"reference"},
    "say_answer_passed_on": {"reference"},
    "say_answer_not_taken": {"reference"},
    "say_export_intro": {"date", "file"},
    "say_export_inquiry": {"reference"},
    "say_export_conversation": {"date"},
    "say_export_engine_note": {"count"},
    "say_email_reply_subject": {"reference"},
    "say_email_reply": {"reference", "date", "text", "how_to_answer"},
    "say_email_confirmation_subject": {"reference"},
    "say_email_confirmation": {"reference", "date", "topic", "how_to_answer"},
    "say_email_logged_subject": {"reference", "topic"},
    "say_email_asker_wrote_subject": {"reference", "topic"},
    "say_email_overdue_subject": {"reference", "topic"},
    "say_email_staff": {"what", "reference", "topic", "language", "date", "due", "link"},
}
"""What the program fills; a refusal of something too long is given `limit`, everything else nothing."""


@cache
def responses() -> dict[str, Response]:
    return load_responses(ROOT / "data" / "responses").by_name


@cache
def knowledge() -> KnowledgeBase:
    return load_knowledge(ROOT / "data" / "knowledge")


@cache
def read(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))


@cache
def intents() -> frozenset[str]:
    return frozenset(name if isinstance(name, str) else next(iter(name)) for name in read("domain.yml")["intents"])


@cache
def rules() -> tuple[dict[str, Any], ...]:
    files = sorted((ROOT / "data" / "rules").glob("*.yml"))
    return tuple(rule for file in files for rule in read(str(file.relative_to(ROOT)))["rules"])


@cache
def rule_steps() -> tuple[dict[str, Any], ...]:
    """Every step of every rule."""
    files = sorted((ROOT / "data" / "rules").glob("*.yml"))
    return tuple(
        step for file in files for rule in read(str(file.relative_to(ROOT)))["rules"] for step in rule["steps"]
    )


@cache
def examples() -> dict[str, dict[str, list[str]]]:
    """Training examples by intent and language."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for file in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for item in read(str(file.relative_to(ROOT)))["nlu"]:
            lines = [line.removeprefix("- ").strip() for line in item["examples"].splitlines() if line.strip()]
            found[item["intent"]][item["metadata"]["language"]].extend(lines)
    return found


def python_files(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


@cache
def names_in_code() -> frozenset[str]:
    """Whole response names that stand in string literals, docstrings left out."""
    found: set[str] = set()
    for path in python_files("actions", "bot"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.update(re.findall(r"^(?:say|utter)_\w*[a-z]$", node.value))
    return frozenset(found - {"utter_action"})


def made_in_code() -> set[str]:
    """Response names that code puts together from parts."""
    refused = {f"say_invalid_{field}_{code}" for field, codes in REFUSALS.items() for code in codes}
    asked = {f"say_ask_{form}_{field}" for form, fields in FORM_FIELDS.items() for field in fields}
    menu = {f"say_telegram_command_{name}" for name in COMMAND_NAMES}
    return refused | asked | menu | {f"say_inquiry_status_{state.value}" for state in InquiryState}


def said_by_rules() -> set[str]:
    actions = {step["action"] for step in rule_steps() if "action" in step}
    return {action for action in actions if action.startswith("utter_") and action != "utter_faq"}


each_response = pytest.mark.parametrize("response", responses().values(), ids=lambda response: response.name)
each_intent = pytest.mark.parametrize("intent", sorted(intents()))


@each_response
def test_a_response_is_whole_in_each_language(response: Response) -> None:
    assert set(response.text) == set(LANGUAGES)
    for title, _ in response.buttons:
        assert set(title) == set(LANGUAGES)


@each_response
def test_each_button_names_an_intent_and_things_that_exist(response: Response) -> None:
    topics = {topic.id for topic in knowledge().topics} | {OTHER_TOPIC}
    known = {
        "entry": set(knowledge().entries),
        "topic": topics,
        "target_language": {language.value for language in LANGUAGES},
        "country": {"KR", "DE"},
        "field": set(read("domain.yml")["forms"]["inquiry_form"]["required_slots"]),
    }
    for _, payload in response.buttons:
        match = PAYLOAD.fullmatch(payload)
        assert match, payload
        assert match["intent"] in {*intents(), "faq"}, payload
        entities = json.loads(match["entities"] or "{}")
        if match["intent"] == "faq":
            assert set(entities) == {"entry"}, payload
        for name, value in entities.items():
            assert value in known[name], payload


def test_the_form_offers_each_topic_of_the_knowledge_base_and_another() -> None:
    offered = [payload for _, payload in responses()["say_ask_inquiry_form_topic"].buttons]
    chosen = {json.loads(payload.removeprefix("/choose_topic"))["topic"] for payload in offered}

    assert chosen == {topic.id for topic in knowledge().topics} | {OTHER_TOPIC}


def test_topics_are_called_the_same_in_no_two_ways_on_one_keyboard() -> None:
    for response in responses().values():
        for language in LANGUAGES:
            titles = [title[language] for title, _ in response.buttons]
            assert len(set(titles)) == len(titles), (response.name, language)


@each_response
def test_a_text_has_no_placeholder_that_nothing_fills(response: Response) -> None:
    too_long = re.fullmatch(r"say_invalid_\w+_too_(long|short)", response.name)
    allowed = PLACEHOLDERS.get(response.name, {"limit"} if too_long else set())

    assert response.placeholders <= allowed


@each_response
def test_texts_and_titles_hold_no_stray_brace(response: Response) -> None:
    for language in LANGUAGES:
        assert not re.search(r"[{}]", re.sub(r"{\w+}", "", response.text[language]))
        assert not any(re.search(r"[{}]", title[language]) for title, _ in response.buttons)


def test_every_response_that_rules_or_code_say_exists() -> None:
    assert (said_by_rules() | names_in_code() | made_in_code()) - set(responses()) == set()


def test_every_response_is_said_somewhere() -> None:
    assert set(responses()) - said_by_rules() - names_in_code() - made_in_code() == set()


@each_intent
def test_an_intent_has_a_rule(intent: str) -> None:
    assert any(step.get("intent") == intent for step in rule_steps())


@pytest.mark.parametrize("form", ["inquiry_form", "access_form"])
def test_whatever_interrupts_a_form_has_a_rule_in_it(form: str) -> None:
    answered = set()
    for rule in rules():
        if {"active_loop": form} in rule.get("condition", []):
            answered |= {step["intent"] for step in rule["steps"] if "intent" in step}

    inquiries = {"inquiry_status", "inquiry_withdraw", "erase_data"}
    needed = INTERRUPTIONS - inquiries if form == "access_form" else INTERRUPTIONS
    assert needed - answered == set()


@pytest.mark.parametrize("language", LANGUAGES, ids=str)
@pytest.mark.parametrize("intent", sorted(intents() - PRESSED_ONLY))
def test_an_intent_that_people_type_has_enough_examples_in_each_language(intent: str, language: Language) -> None:
    assert len(set(examples()[intent][language.value])) >= EXAMPLES_MIN


def test_every_example_belongs_to_an_intent_of_the_domain() -> None:
    assert set(examples()) <= intents()


def test_no_message_is_an_example_of_two_intents() -> None:
    owners: dict[str, set[str]] = defaultdict(set)
    for intent, languages in examples().items():
        for texts in languages.values():
            for text in texts:
                owners[text.casefold()].add(intent)
    for entry in knowledge().entries.values():
        for questions in entry.questions.values():
            for question in questions:
                owners[question.casefold()].add(f"faq/{entry.id}")

    assert {text: names for text, names in owners.items() if len(names) > 1} == {}


def test_every_action_of_the_rules_stands_in_the_domain_or_in_the_responses() -> None:
    domain = read("domain.yml")
    rasa = {"action_listen", "action_deactivate_loop", "utter_faq"}
    known = {*domain["actions"], *domain["forms"], *responses(), *rasa}

    assert {step["action"] for step in rule_steps() if "action" in step} <= known


def test_every_entity_of_a_payload_or_term_stands_in_the_domain() -> None:
    known = set(read("domain.yml")["entities"])
    for response in responses().values():
        for _, payload in response.buttons:
            match = PAYLOAD.fullmatch(payload)
            assert match is not None
            assert set(json.loads(match["entities"] or "{}")) - {"entry"} <= known, payload
