"""Conversations written down in tests/stories, read strictly and played against the real assistant.

A story is told once and played in each language:

    - story: an answer names its source, and what to ask next
      steps:
        - say: {ko: "스타트허브가 뭐예요?", de: "Was ist StartHub?", en: "What is StartHub?"}
          then: {entry: starthub-what, sources: true}

`say` types a text and `press` presses the button with a title; a step without either looks at what was said last.
`from` names the person who does it (default: visitor); somebody new starts a conversation of their own. `{key}` in a
text stands for what an earlier step kept under that name. What `then` may expect of the replies is in `Expectation`.
Wherever a text differs by language, a mapping from language to text stands instead of the text.

`languages` limits a story to some languages; `begin: null` starts its conversations without choosing one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import httpx
import yaml

from bot.knowledge import LANGUAGES, Language, Response, Responses
from tests.support.visitor import Message, Visitor

ByLanguage = dict[Language, str]

VISITOR = "visitor"
ANY = object()
"""Nothing is expected; null expects that there is none."""

_KEPT = re.compile(r"{(\w+)}")
_PATTERNS = {"reference": r"HE-\d{4}-[0-9A-Z]{7}"}
"""What can be kept of a reply, by name."""


class StoryError(ValueError):
    """A story file cannot be read; the text says where."""


@dataclass(frozen=True)
class Expectation:
    """What the replies of one turn must be.

    Arguments:
        language: of every reply; the story's own unless the conversation was switched.
        responses: names in data/responses; each must be said, in this order; its text is compared, not repeated here.
        entry: the knowledge entry answered with; null: none.
        asks: what the last reply asks for; null: nothing.
        texts: each stands in the replies.
        absent: none of them stands in the replies.
        buttons: titles that are offered.
        some_buttons: at least one button is offered.
        sources: the answer names sources.
        dated: it names sources, and the date of its facts.
        keep: what to keep from the replies: `reference`.
    """

    language: Language | None = None
    responses: tuple[str, ...] = ()
    entry: Any = ANY
    asks: Any = ANY
    texts: tuple[ByLanguage, ...] = ()
    absent: tuple[ByLanguage, ...] = ()
    buttons: tuple[ByLanguage, ...] = ()
    some_buttons: bool = False
    sources: bool = False
    dated: bool = False
    keep: str | None = None


@dataclass(frozen=True)
class Step:
    """One turn."""

    who: str
    say: ByLanguage | None
    press: ByLanguage | None
    expected: Expectation


@dataclass(frozen=True)
class Story:
    """A story in one language."""

    name: str
    language: Language
    begin: Language | None
    steps: tuple[Step, ...]


@dataclass
class Teller:
    """Plays stories.

    Arguments:
        responses: to compare with what is said.
    """

    http: httpx.Client
    responses: Responses
    people: dict[str, Visitor] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)

    def tell(self, story: Story) -> None:
        """Play a story; an assertion says which step differs."""
        for number, step in enumerate(story.steps, start=1):
            person = self.people.get(step.who)
            if person is None:
                person = self.people[step.who] = Visitor.start(self.http, story.begin)
            if step.say is not None:
                person.say(self._filled(step.say[story.language]))
            elif step.press is not None:
                person.press(step.press[story.language])
            try:
                self._check(step.expected, person.replies, story.language)
            except AssertionError as error:
                said = person.said[-1] if person.said else "(start)"
                replies = "\n".join(_shown(reply) for reply in person.replies)
                raise AssertionError(f"step {number}, {said}: {error}\n{replies}") from None

    def _check(self, expected: Expectation, replies: list[Message], told_in: Language) -> None:
        language = expected.language or told_in
        languages = {reply["language"] for reply in replies}
        assert languages == {language.value}, f"said in {languages}, not {language}"
        text = "\n".join(reply["text"] for reply in replies)
        at = 0
        for name in expected.responses:
            at = _position(self.responses.by_name[name], language, replies, at) + 1
        if expected.entry is not ANY:
            entries = [reply["entry"] for reply in replies if reply["entry"]]
            assert entries == ([expected.entry] if expected.entry else []), f"entries {entries}, not {expected.entry}"
        if expected.asks is not ANY:
            assert replies[-1]["asks"] == expected.asks, f"asks {replies[-1]['asks']}, not {expected.asks}"
        for part in expected.texts:
            assert self._filled(part[language]) in text, f"does not say {self._filled(part[language])!r}"
        for part in expected.absent:
            assert self._filled(part[language]) not in text, f"says {self._filled(part[language])!r}"
        titles = [button["title"] for reply in replies for button in reply["buttons"]]
        for title in expected.buttons:
            assert title[language] in titles, f"no button {title[language]!r}"
        assert titles or not expected.some_buttons, "no buttons"
        sources = [source for reply in replies for source in reply["sources"]]
        if expected.sources or expected.dated:
            assert sources, "no source"
            assert all(source["title"] for source in sources), "a source without a title"
        if expected.dated:
            assert any(source["as_of"] for source in sources), "no source with a date"
        if expected.keep:
            found = re.search(_PATTERNS[expected.keep], text)
            assert found is not None, f"no {expected.keep}"
            self.kept[expected.keep] = found[0]

    def _filled(self, text: str) -> str:
        return _KEPT.sub(lambda match: self.kept[match[1]], text)


def load_stories(folder: Path) -> Iterator[Story]:
    """Every story of every file, once a language.

    Raises:
        StoryError: a file is wrong.
    """
    for path in sorted(folder.glob("*.yml")):
        for item in yaml.safe_load(path.read_text(encoding="utf-8")):
            where = f"{path.name}: {item.get('story')}"
            _known(item, {"story", "languages", "begin", "steps"}, where)
            for language in map(Language, item.get("languages", LANGUAGES)):
                begin = item.get("begin", language)
                steps = tuple(_step(step, language, where) for step in item["steps"])
                yield Story(f"{path.stem}: {item['story']}", language, begin and Language(begin), steps)


def _step(data: dict[str, Any], language: Language, where: str) -> Step:
    _known(data, {"say", "press", "from", "then"}, where)
    say, press = data.get("say"), data.get("press")
    return Step(
        data.get("from", VISITOR),
        None if say is None else _by_language(say, language, where),
        None if press is None else _by_language(press, language, where),
        _expectation(data.get("then") or {}, language, where),
    )


def _expectation(data: dict[str, Any], told_in: Language, where: str) -> Expectation:
    known = {item.name for item in fields(Expectation)}
    _known(data, known, where)
    values = dict(data)
    language = Language(values["language"]) if "language" in values else told_in
    if "language" in values:
        values["language"] = language
    if "responses" in values:
        values["responses"] = tuple(_listed(values["responses"]))
    for name in ("texts", "absent", "buttons"):
        if name in values:
            values[name] = tuple(_by_language(item, language, where) for item in _listed(values[name]))
    return Expectation(**values)


def _by_language(value: str | dict[str, str], needed: Language, where: str) -> ByLanguage:
    texts = value if isinstance(value, dict) else dict.fromkeys(LANGUAGES, value)
    if needed not in texts or set(texts) - set(LANGUAGES):
        raise StoryError(f"{where}: {value!r} is not by language, or lacks {needed}")
    return {Language(language): text for language, text in texts.items()}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _known(data: dict[str, Any], known: set[str], where: str) -> None:
    if unknown := set(data) - known:
        raise StoryError(f"{where}: unknown: {', '.join(sorted(unknown))}")


def _position(response: Response, language: Language, replies: list[Message], start: int) -> int:
    """Which reply says `response`, from the one at `start` on."""
    parts = re.split(r"{\w+}", response.text[language])
    pattern = re.compile(".*".join(re.escape(part) for part in parts), re.DOTALL)
    for position in range(start, len(replies)):
        if pattern.fullmatch(replies[position]["text"]):
            return position
    raise AssertionError(f"does not say {response.name}")


def _shown(reply: Message) -> str:
    titles = [button["title"] for button in reply["buttons"]]
    return f"  {reply['language']} entry={reply['entry']} asks={reply['asks']} {reply['text']!r} {titles}"
