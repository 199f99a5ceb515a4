"""A person in the running assistant: given what is stored of them, and erased while everything runs."""

import json
import zipfile
from pathlib import Path
from uuid import uuid4

from tests.e2e.conftest import LoggedBy
from tests.e2e.form import fill_after_name, open_form
from tests.support.person import found_in, found_in_files
from tests.support.running_assistant import RunningAssistant
from tests.support.visitor import Visitor

PHONE = "+49 171 5550177"


def test_an_export_holds_and_an_erasure_takes_everything_while_the_engine_runs(
    assistant: RunningAssistant, visitor: Visitor, email: str, logged_by: LoggedBy, tmp_path: Path
) -> None:
    name = f"Zwyqvist {uuid4().hex[:8].translate(str.maketrans('0123456789', 'ghijklmnop'))}"
    word = f"Quarz{uuid4().hex[:6]}"
    visitor.say(f"Call me on {PHONE} about {word}")
    open_form(visitor)
    visitor.say(name)
    fill_after_name(visitor, email)
    visitor.press("Send")
    (inquiry,) = logged_by(email)
    conversation = visitor.url.rsplit("/", 1)[1]
    traces = (name, email, PHONE, word, conversation, inquiry.summary.reference)
    databases = [assistant.environment[f"BOT_{kind}_URL"] for kind in ("DATABASE", "TRACKER")]
    assert all(found_in(url, (name,)) for url in databases)

    exported = assistant.run("privacy", "export", "--email", email, "--out", str(tmp_path / "out.zip"))
    assert exported.returncode == 0, exported.stderr
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        data = json.loads(archive.read("data.json"))
    assert name in json.dumps(data["conversations"][0]["engine_events"])
    assert data["inquiries"][0]["name"] == name

    erased = assistant.run("privacy", "erase", "--email", email, "--yes", "--json")
    assert erased.returncode == 0, erased.stderr
    assert json.loads(erased.stdout)["swept"] is True

    for url in databases:
        assert found_in(url, traces) == []
        assert found_in_files(url, traces) == []
    logs = "".join(log.read_text(errors="replace") for log in (assistant.folder / "var" / "log").glob("*.log"))
    assert not [trace for trace in (name, email, PHONE, word) if trace in logs]
    answer = visitor.http.get(f"{visitor.url}/messages", headers=visitor.headers)
    assert answer.status_code in (401, 404)
