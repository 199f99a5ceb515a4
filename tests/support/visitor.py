"""Somebody who talks to the running assistant through the chat API."""

from dataclasses import dataclass, field
from typing import Any, Self
from uuid import uuid4

import httpx

from bot.knowledge import Language

Message = dict[str, Any]


@dataclass
class Visitor:
    """A conversation.

    Arguments:
        replies: what the assistant said last; the greeting at first.
    """

    http: httpx.Client
    id: str
    token: str
    replies: list[Message]
    said: list[str] = field(default_factory=list)

    @classmethod
    def start(cls, http: httpx.Client, language: Language | str | None) -> Self:
        """A new conversation."""
        response = http.post("/api/conversations", json={"language": language})
        assert response.status_code == 201, response.text
        body = response.json()
        return cls(http, body["id"], body["token"], body["messages"])

    @property
    def url(self) -> str:
        return f"/api/conversations/{self.id}"

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def post(self, **body: Any) -> httpx.Response:
        """One call, whatever comes of it."""
        return self.http.post(f"{self.url}/messages", json={"client_id": str(uuid4())} | body, headers=self.headers)

    def say(self, text: str) -> Message:
        """Type `text`; the last reply."""
        self.said.append(text)
        return self._answered(self.post(text=text))

    def press(self, title: str) -> Message:
        """Press a button of the latest replies; the last reply."""
        self.said.append(f"[{title}]")
        return self._answered(self.post(button=self.button(title)))

    def press_any(self) -> Message:
        """Press the first button of the latest replies; the last reply."""
        return self.press(next(button["title"] for reply in self.replies for button in reply["buttons"]))

    def button(self, title: str) -> str:
        """The id of a button of the latest replies."""
        offered = {button["title"]: button["id"] for reply in self.replies for button in reply["buttons"]}
        assert title in offered, f"no button {title!r} but {list(offered)}"
        identifier: str = offered[title]
        return identifier

    def history(self) -> list[Message]:
        """All messages, the visitor's own too."""
        response = self.http.get(f"{self.url}/messages", params={"after": 0}, headers=self.headers)
        assert response.status_code == 200, response.text
        messages: list[Message] = response.json()["messages"]
        return messages

    def waits_with(self, text: str) -> bool:
        """Whether `text` is recorded and has no answer yet."""
        last = self.history()[-1]
        return bool(last["sender"] == "user" and last["text"] == text)

    def _answered(self, response: httpx.Response) -> Message:
        assert response.status_code == 200, response.text
        self.replies = response.json()["messages"]
        assert self.replies, "no reply"
        return self.replies[-1]
