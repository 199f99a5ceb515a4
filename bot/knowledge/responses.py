"""What the assistant says besides answers: one text a language, buttons, and the field a message asks for.

Responses named `utter_...` are said by Rasa's rules; those named `say_...` by actions and the gateway.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.knowledge.errors import KnowledgeError, Mistake
from bot.knowledge.language import LANGUAGES, Language
from bot.knowledge.yaml_file import Fields, read_yaml

ASKED_FIELDS = ("topic", "message", "name", "company", "email", "country", "consent", "confirm")
"""Design, section 5: the values of a message's `asks`."""

_PLACEHOLDER = re.compile(r"{(\w+)}")
_RESPONSE_FIELDS = frozenset({"text", "buttons", "asks"})


@dataclass(frozen=True)
class ResponseButton:
    """A button: what it shows, and the Rasa payload it stands for, such as `/inquire`."""

    title: str
    payload: str


@dataclass(frozen=True)
class RenderedResponse:
    """A response in one language, its placeholders filled."""

    text: str
    buttons: tuple[ResponseButton, ...]
    asks: str | None


@dataclass(frozen=True)
class Response:
    """A response as its file holds it."""

    name: str
    text: dict[Language, str]
    buttons: tuple[tuple[dict[Language, str], str], ...]
    asks: str | None

    @property
    def placeholders(self) -> frozenset[str]:
        """Names in braces that the program fills; the same in every language, which loading checks."""
        return frozenset(_PLACEHOLDER.findall(next(iter(self.text.values()))))

    def buttons_in(self, language: Language) -> tuple[ResponseButton, ...]:
        """The buttons with their titles in `language`."""
        return tuple(ResponseButton(title[language], payload) for title, payload in self.buttons)


@dataclass(frozen=True)
class Responses:
    """All responses by name."""

    by_name: dict[str, Response]

    def render(self, name: str, language: Language, /, **values: str) -> RenderedResponse:
        """The response `name` in `language`, with `values` put where the text has placeholders.

        Values are data: braces in them are not read again.

        Raises:
            KeyError: no such response, or a placeholder without a value: a mistake in the program, held by tests.
        """
        response = self.by_name[name]
        text = _PLACEHOLDER.sub(lambda match: values[match.group(1)], response.text[language])
        return RenderedResponse(text, response.buttons_in(language), response.asks)


def load_responses(folder: Path) -> Responses:
    """Read every `*.yml` file of `folder`.

    Raises:
        KnowledgeError: with every mistake in every file.
    """
    mistakes: list[Mistake] = []
    responses: dict[str, Response] = {}
    for path in sorted(folder.glob("*.yml")):
        try:
            data = read_yaml(path)
        except KnowledgeError as error:
            mistakes.extend(error.mistakes)
            continue
        fields = Fields(path.name, "", data, mistakes, frozenset({"responses"}))
        items = fields.data.get("responses")
        if not isinstance(items, dict):
            fields.mistake("responses", "must be a mapping from a response's name to its text")
            continue
        for name, item in items.items():
            response = _parse_response(path.name, str(name), item, mistakes)
            if str(name) in responses:
                mistakes.append(Mistake(path.name, str(name), "is a response that another file has, too"))
            elif response is not None:
                responses[str(name)] = response
    if mistakes:
        raise KnowledgeError(mistakes)
    return Responses(responses)


def _parse_response(file: str, name: str, data: Any, mistakes: list[Mistake]) -> Response | None:
    before = len(mistakes)
    fields = Fields(file, name, data, mistakes, _RESPONSE_FIELDS)
    if not name.startswith(("utter_", "say_")):
        fields.mistake(
            "", "must have a name that begins with utter_ (said by a rule) or say_ (by an action or the gateway)"
        )
    text = fields.by_language("text")
    found = {language: frozenset(_PLACEHOLDER.findall(value)) for language, value in text.items()}
    if len(set(found.values())) > 1:
        fields.mistake("text", "must have the same {placeholders} in each language")
    asks = fields.text("asks", optional=True)
    if asks is not None and asks not in ASKED_FIELDS:
        fields.mistake("asks", f"is {asks!r}: must be one of {', '.join(ASKED_FIELDS)}")
    buttons = []
    for item in fields.data.get("buttons") or []:
        button = Fields(file, f"{name}: buttons", item, mistakes, frozenset({"title", "payload"}))
        title, payload = button.by_language("title"), button.text("payload")
        if payload is not None and not payload.startswith("/"):
            button.mistake("payload", "must begin with / and an intent's name")
        if payload is not None and len(title) == len(LANGUAGES):
            buttons.append((title, payload))
    if len(mistakes) > before:
        return None
    return Response(name, text, tuple(buttons), asks)
