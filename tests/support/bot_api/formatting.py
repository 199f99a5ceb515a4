"""Telegram's HTML: the tags it knows, and the entities that it makes of them."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

_TYPES = {"b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "s": "strikethrough"}
_KNOWN = frozenset({*_TYPES, "code", "pre", "a", "tg-spoiler", "blockquote"})


class FormattingError(ValueError):
    """The text is not Telegram's HTML; the message is the real server's."""


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.entities: list[dict[str, Any]] = []
        self._open: list[tuple[str, int, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _KNOWN:
            raise FormattingError(
                f'can\'t parse entities: Unsupported start tag "{tag}" at byte offset {self.getpos()[1]}'
            )
        self._open.append((tag, _units(self.text), {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1][0] != tag:
            raise FormattingError("can't parse entities: Unmatched end tag")
        _, start, attributes = self._open.pop()
        entity: dict[str, Any] = {"offset": start, "length": _units(self.text) - start}
        if tag == "a":
            entity |= {"type": "text_link", "url": attributes.get("href", "")}
        else:
            entity["type"] = _TYPES.get(tag, tag)
        self.entities.append(entity)

    def handle_data(self, data: str) -> None:
        self.text += data

    def finish(self) -> None:
        self.close()
        if self._open:
            raise FormattingError(
                f"can't parse entities: Can't find end tag corresponding to start tag {self._open[-1][0]}"
            )


def parse_html(text: str) -> tuple[str, list[dict[str, Any]]]:
    """The plain text and its entities.

    Raises:
        FormattingError: the text is not Telegram's HTML.
    """
    parser = _Parser()
    parser.feed(text)
    parser.finish()
    return parser.text, parser.entities


def _units(text: str) -> int:
    # Telegram counts UTF-16 code units.
    return len(text.encode("utf-16-le")) // 2
