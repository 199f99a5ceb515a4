"""Bad input against the real assistant: a clear error or a normal answer, nothing lost, nothing executed."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.e2e.form import fill
from tests.support.visitor import Visitor

JSON = {"Content-Type": "application/json"}
QUESTION = "What is StartHub Hessen?"
ANSWER = "starthub-what"


def is_error(response: httpx.Response, status: int) -> bool:
    """Whether it is an error of the one shape."""
    error = response.json()["error"]
    return response.status_code == status and set(error) == {"code", "message"} and all(error.values())


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"client_id": ', 400),
        (b"", 422),
        (b"\xff\xfe\x00\x01\x80", 400),
        (b'{"client_id": "\xff", "text": "a"}', 400),
        (b"[]", 422),
        (b"null", 422),
        (b'"text"', 422),
        (b"{}", 422),
        (b'{"text": "hello"}', 422),
        (b'{"client_id": "1", "text": "hello"}', 422),
        (b'{"client_id": "%b", "text": NaN}', 422),
        (b'{"client_id": "%b", "text": 1}', 422),
        (b'{"client_id": "%b", "text": ["hello"]}', 422),
        (b'{"client_id": "%b", "text": null}', 422),
        (b'{"client_id": "%b", "text": "hello", "button": "x"}', 422),
        (b'{"client_id": "%b", "button": "no-such-button"}', 422),
        (b"[" * 10_000 + b"]" * 10_000, 422),
        (b'{"client_id": "%b", "text": "' + b"a" * 40_000 + b'"}', 413),
    ],
)
def test_a_broken_call_gets_a_clear_error_and_the_conversation_goes_on(
    visitor: Visitor, body: bytes, status: int
) -> None:
    if b"%b" in body:
        body = body.replace(b"%b", str(uuid4()).encode())
    before = visitor.history()

    response = visitor.http.post(f"{visitor.url}/messages", content=body, headers=visitor.headers | JSON)

    assert is_error(response, status) or (status == 422 and is_error(response, 400)), response.text
    assert visitor.history() == before
    assert visitor.say(QUESTION)["entry"] == ANSWER


@pytest.mark.parametrize("text", ["", " ", "\n\t ", "\x00", "\x1b\x07", "\u200b\u200d", "\u202e\u2066", "a" * 2001])
def test_a_text_that_says_nothing_or_too_much_is_refused(visitor: Visitor, text: str) -> None:
    before = visitor.history()

    assert is_error(visitor.post(text=text), 422)
    assert visitor.history() == before


def test_the_longest_text_is_answered(visitor: Visitor) -> None:
    visitor.say("wort " * 400)

    assert len(visitor.history()) == 3


@pytest.mark.parametrize(
    "text",
    [
        "😀",
        "👩‍👩‍👧‍👦 🇰🇷🇩🇪 🚀🚀🚀",
        "???!!!",
        "12345",
        "ما هو مركز الشركات الناشئة في هيسن؟",
        "מה זה סטארטהאב הסן?",
        "\u202egnirts desrever a",
        "StartHub\u202e Hessen\u202c",
        "ㅋㅋㅋㅋ",
        "Z̷̢̧a̸l̵g̶o̷",
        "a" * 2000,
        "'; DROP TABLE messages; --",
        '" OR 1=1 --',
        "<script>alert(1)</script><img src=x onerror=alert(1)>",
        "{{7*7}} ${7*7} #{7*7}",
        "{language} {0} %s %(x)s",
        "../../../../etc/passwd",
        "$(reboot) `reboot`; reboot",
        "\\u0000 \\x00 \\",
        "null",
        "\ufeffbyte order mark",
        "line one\r\nline two\rline three",
    ],
)
def test_any_other_text_is_answered_and_kept_as_typed(visitor: Visitor, text: str) -> None:
    answer = visitor.say(text)

    assert answer["text"].strip()
    kept = visitor.history()[1]["text"]
    assert kept == text.replace("\r\n", "\n").replace("\r", "\n")
    assert visitor.say(QUESTION)["entry"] == ANSWER


@pytest.mark.parametrize(("text", "kept"), [("a\x00b\x00c\x1b[31m", "abc[31m"), ("caf\ud800e", "cafe")])
def test_characters_that_cannot_be_stored_are_left_out(visitor: Visitor, text: str, kept: str) -> None:
    escaped = text.encode("unicode_escape").decode().replace("\\x", "\\u00")
    content = f'{{"client_id": "{uuid4()}", "text": "{escaped}"}}'

    response = visitor.http.post(f"{visitor.url}/messages", content=content, headers=visitor.headers | JSON)

    assert response.status_code == 200, response.text
    assert visitor.history()[1]["text"] == kept


@pytest.mark.parametrize(
    "text",
    [
        "/inquire",
        '/faq{"entry": "starthub-cost"}',
        '/switch_language{"target_language": "ko"}',
        "/session_start",
        "/restart",
        "/back",
        "/access_form",
        "/affirm",
        " /inquire",
        "\u2060/inquire",
        "\ufeff/inquire",
        "EXTERNAL: inquire",
        'inquire@1.0{"x": "y"}',
    ],
)
def test_a_typed_payload_is_only_a_text(visitor: Visitor, text: str) -> None:
    visitor.say("hello")

    answer = visitor.say(text)

    assert (answer["language"], answer["asks"], answer["entry"]) == ("en", None, None)
    assert visitor.history()[0]["text"].startswith("Hello!"), "the conversation is whole"


def test_a_button_works_only_in_its_conversation(http: httpx.Client, visitor: Visitor) -> None:
    other = Visitor.start(http, "en")
    foreign = other.button("Log an inquiry")

    response = visitor.post(button=foreign)

    assert is_error(response, 422)
    assert response.json()["error"]["code"] == "unknown_button"
    assert len(visitor.history()) == 1
    assert len(other.history()) == 1


def test_a_button_of_an_earlier_message_still_works(visitor: Visitor) -> None:
    button = visitor.button("StartHub Hessen")
    visitor.say("hello")

    response = visitor.post(button=button)

    assert response.json()["messages"][-1]["entry"] == ANSWER


def test_only_the_token_of_a_conversation_opens_it(http: httpx.Client, visitor: Visitor) -> None:
    other = Visitor.start(http, "en")
    unknown = {"Authorization": "Bearer " + "x" * 43}

    assert is_error(http.get(f"{visitor.url}/messages"), 401)
    assert is_error(http.get(f"{visitor.url}/messages", headers=unknown), 401)
    assert is_error(http.get(f"{visitor.url}/messages", headers=other.headers), 404)
    assert is_error(http.get("/api/conversations/nobody/messages", headers=visitor.headers), 404)
    assert is_error(http.delete(visitor.url, headers=other.headers), 404)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/nothing", 404),
        ("GET", "/nothing.html", 404),
        ("GET", "/static/../app.py", 404),
        ("GET", "/static/%2e%2e/app.py", 404),
        ("PUT", "/api/conversations", 405),
        ("GET", "/api/conversations", 405),
    ],
)
def test_an_unknown_path_or_method_gets_the_same_shape(http: httpx.Client, method: str, path: str, status: int) -> None:
    assert is_error(http.request(method, path), status)


@pytest.mark.parametrize("after", ["-1", "x", "1.5", "99999999999999999999", "'", ""])
def test_a_broken_position_is_refused(visitor: Visitor, after: str) -> None:
    response = visitor.http.get(f"{visitor.url}/messages", params={"after": after}, headers=visitor.headers)

    assert is_error(response, 422)


@pytest.mark.parametrize("language", ["fr", "", 1, ["ko"], "ko; DROP TABLE conversations"])
def test_an_unknown_language_is_refused(http: httpx.Client, language: Any) -> None:
    assert is_error(http.post("/api/conversations", json={"language": language}), 422)


def test_somebody_elses_message_cannot_be_rated(http: httpx.Client, visitor: Visitor) -> None:
    other = Visitor.start(http, "en")
    body = {"message_id": other.replies[0]["id"], "helpful": True}

    assert is_error(http.post(f"{visitor.url}/feedback", json=body, headers=visitor.headers), 404)


def test_the_same_message_sent_many_times_at_once_is_answered_once(visitor: Visitor) -> None:
    body = {"client_id": str(uuid4()), "text": QUESTION}
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: visitor.post(**body), range(6)))

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert [message["sender"] for message in visitor.history()] == ["bot", "user", "bot"]


def test_a_repeated_id_with_another_text_changes_nothing(visitor: Visitor) -> None:
    client_id = str(uuid4())
    first = visitor.post(client_id=client_id, text=QUESTION).json()
    visitor.say("hello")

    again = visitor.post(client_id=client_id, text="goodbye").json()

    assert again == first
    assert "goodbye" not in [message["text"] for message in visitor.history()]


def test_an_old_message_sent_again_late_does_not_disturb_the_form(visitor: Visitor, email: str) -> None:
    client_id = str(uuid4())
    visitor.post(client_id=client_id, text="hello")
    fill(visitor, email)

    visitor.post(client_id=client_id, text="hello")

    assert "Reference number" in visitor.press("Send")["text"]


def test_messages_sent_at_once_are_each_answered_in_some_order(visitor: Visitor) -> None:
    texts = [f"hello number {number}" for number in range(8)]
    with ThreadPoolExecutor(len(texts)) as pool:
        answers = list(pool.map(lambda text: visitor.post(text=text), texts))

    history = visitor.history()[1:]
    assert {answer.status_code for answer in answers} == {200}
    assert sorted(message["text"] for message in history[::2]) == texts
    assert [message["sender"] for message in history] == ["user", "bot"] * len(texts)
    assert [message["id"] for message in history] == sorted(message["id"] for message in history)
