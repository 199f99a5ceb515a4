"""Reading YAML files that people edit, with mistakes named by file, place and field."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from bot.knowledge.errors import KnowledgeError, Mistake
from bot.knowledge.language import LANGUAGES, Language

# libyaml reads the knowledge base about eight times as fast as the pure Python loader; both check the same things.
_BASE_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _StrictLoader(_BASE_LOADER):  # type: ignore[misc]
    """Refuses a key written twice, which YAML parsers otherwise settle silently in favour of the last."""

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        seen = set()
        for key_node, _ in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                break  # the base class says what is wrong with it
            if key_node.value in seen:
                problem = f"the key '{key_node.value}' stands here for the second time"
                raise yaml.constructor.ConstructorError(None, None, problem, key_node.start_mark)
            seen.add(key_node.value)
        return super().construct_mapping(node, deep)


def read_yaml(path: Path) -> Any:
    """Return what `path` holds.

    Raises:
        KnowledgeError: the file is missing, not UTF-8, or not YAML; the place is given as line and column.
    """
    try:
        text = path.read_text(encoding="utf-8")
        return yaml.load(text, Loader=_StrictLoader)  # noqa: S506 (it derives from the safe loader)
    except OSError as error:
        raise KnowledgeError([Mistake(path.name, "", f"cannot be read: {error.strerror}")]) from error
    except UnicodeDecodeError as error:
        raise KnowledgeError([Mistake(path.name, "", f"is not UTF-8 text (byte {error.start})")]) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise KnowledgeError([Mistake(path.name, place, f"is not valid YAML: {error.problem}")]) from error
    except yaml.YAMLError as error:
        raise KnowledgeError([Mistake(path.name, "", f"is not valid YAML: {error}")]) from error


class Fields:
    """Typed access to one mapping of a file; every mistake is collected instead of raised.

    Arguments:
        file: the file's name, for messages.
        place: what the mapping is, such as `starthub-cost`.
        data: the mapping as read; anything else is itself a mistake.
        mistakes: where mistakes are added.
        known: the fields that may stand in the mapping; any other is a mistake (a misspelt field is not ignored).
    """

    def __init__(self, file: str, place: str, data: Any, mistakes: list[Mistake], known: frozenset[str]) -> None:
        self.file = file
        self.place = place
        self.mistakes = mistakes
        self.data: dict[str, Any] = data if isinstance(data, dict) else {}
        if not isinstance(data, dict):
            self.mistake("", f"must be a mapping of fields, not {_kind(data)}")
        for name in self.data:
            if name not in known:
                self.mistake(str(name), f"is not a field here; the fields are: {', '.join(sorted(known))}")

    def mistake(self, field: str, problem: str) -> None:
        """Note what is wrong with `field`; an empty name means the mapping itself."""
        place = ": ".join(part for part in (self.place, field) if part)
        self.mistakes.append(Mistake(self.file, place, problem))

    def text(self, field: str, *, optional: bool = False) -> str | None:
        """A non-empty text, stripped; `None` where it is missing (a mistake unless `optional`)."""
        value = self.data.get(field)
        if value is None:
            if not optional:
                self.mistake(field, "is missing")
            return None
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            self.mistake(field, f"must be a text, not {_kind(value)}")
            return None
        text = str(value).strip()
        if not text:
            self.mistake(field, "is empty")
            return None
        return text

    def texts(self, field: str) -> tuple[str, ...]:
        """A list of non-empty texts."""
        return self._texts(field, self.data.get(field))

    def by_language(self, field: str) -> dict[Language, str]:
        """A text in each of the three languages."""
        values = self._languages(field)
        result = {}
        for language, value in values.items():
            if isinstance(value, str) and value.strip():
                result[language] = value.strip()
            else:
                self.mistake(f"{field}.{language}", "must be a text that is not empty")
        return result

    def texts_by_language(self, field: str) -> dict[Language, tuple[str, ...]]:
        """A list of texts in each of the three languages."""
        return {
            language: self._texts(f"{field}.{language}", value) for language, value in self._languages(field).items()
        }

    def _languages(self, field: str) -> dict[Language, Any]:
        value = self.data.get(field)
        if not isinstance(value, dict):
            self.mistake(field, "must give each of ko, de and en")
            return {}
        for key in value:
            if key not in [str(language) for language in LANGUAGES]:
                self.mistake(f"{field}.{key}", "is not one of the languages ko, de, en")
        for language in LANGUAGES:
            if language.value not in value:
                self.mistake(f"{field}.{language}", "is missing")
        return {language: value[language.value] for language in LANGUAGES if language.value in value}

    def _texts(self, place: str, value: Any) -> tuple[str, ...]:
        if not isinstance(value, list):
            self.mistake(place, f"must be a list of texts, not {_kind(value)}")
            return ()
        result = []
        for item in value:
            if isinstance(item, bool) or not isinstance(item, (str, int, float)) or not str(item).strip():
                self.mistake(place, f"holds {item!r} where a text must stand; put it in quotation marks")
            else:
                result.append(str(item).strip())
        return tuple(result)


def _kind(value: Any) -> str:
    names = {
        dict: "a mapping",
        list: "a list",
        str: "a text",
        int: "a number",
        float: "a number",
        type(None): "nothing",
    }
    return names.get(type(value), type(value).__name__)
