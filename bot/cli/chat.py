"""`bot chat`: the assistant in the terminal, over the same chat API as the web page."""

from __future__ import annotations

import uuid
from typing import Annotated, Any

import httpx
import typer

from bot.cli.output import fail, or_fail
from bot.knowledge import Language
from bot.settings import load_settings

WAIT_SECONDS = 60.0

app = typer.Typer()


@app.command()
def chat(
    language: Annotated[Language | None, typer.Option(help="The language to begin in.")] = None,
    url: Annotated[str | None, typer.Option(help="The gateway's address, if it is not on this machine.")] = None,
) -> None:
    """Talk to the running assistant; a number presses a button, an empty line ends."""
    base = url or "http://{0.host}:{0.port}".format(or_fail(load_settings))
    try:
        with httpx.Client(base_url=base, timeout=WAIT_SECONDS, trust_env=False) as client:
            _converse(client, language)
    except httpx.ConnectError:
        fail(f"nothing answers at {base}: start the assistant with `make run`")
    except (EOFError, KeyboardInterrupt):
        print()


def _converse(client: httpx.Client, language: Language | None) -> None:
    started = _checked(client.post("/api/conversations", json={"language": language and language.value}))
    client.headers["Authorization"] = f"Bearer {started['token']}"
    buttons = _show(started["messages"])
    while text := input("> ").strip():
        body: dict[str, str] = {"client_id": str(uuid.uuid4())}
        pressed = text.isdigit() and 1 <= int(text) <= len(buttons)
        body |= {"button": buttons[int(text) - 1]["id"]} if pressed else {"text": text}
        answer = client.post(f"/api/conversations/{started['id']}/messages", json=body)
        if answer.is_success:
            buttons = _show(answer.json()["messages"])
        else:
            print(f"  ({answer.json()['error']['message']})")


def _show(messages: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Print messages and return the last one's buttons."""
    buttons: list[dict[str, str]] = []
    for message in messages:
        print(f"\n{message['text']}")
        for source in message["sources"]:
            parts = (source["title"], source["as_of"], source["url"])
            print("  [" + ", ".join(part for part in parts if part) + "]")
        buttons = message["buttons"] or buttons
    for number, button in enumerate(buttons, start=1):
        print(f"  {number}) {button['title']}")
    return buttons


def _checked(response: httpx.Response) -> dict[str, Any]:
    if not response.is_success:
        fail(response.json()["error"]["message"])
    result: dict[str, Any] = response.json()
    return result
