import base64
import gzip
import hashlib
import re
from pathlib import Path

import httpx
import pytest

from bot.gateway.widget import WidgetRelease, load_widget

pytestmark = pytest.mark.asyncio

LIMIT_BYTES = 20_000
IMPORT = re.compile(r'^import (?:.+ from )?"(\./[\w-]+\.js)";', re.MULTILINE)


async def test_the_path_that_stays_leads_to_the_release(http: httpx.AsyncClient) -> None:
    stable = await http.get("/widget.js")
    address = re.fullmatch(r'import "(/widget/[0-9a-f]{16}/widget\.js)";\n', stable.text)
    assert address is not None
    assert stable.headers["Cache-Control"] == "public, max-age=60, must-revalidate"
    released = await http.get(address[1])
    assert released.status_code == 200
    assert released.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert released.headers["Cache-Control"] == "public, max-age=31536000, immutable"


async def test_every_module_is_what_its_integrity_says(http: httpx.AsyncClient) -> None:
    described = (await http.get("/widget.json")).json()
    assert described["script"] == described["modules"][0]
    assert described["script"]["path"] == f"/widget/{described['release']}/widget.js"
    assert {module["path"].rpartition("/")[2] for module in described["modules"]} >= {"chat.js", "style.js", "ko.js"}
    for module in described["modules"]:
        content = (await http.get(module["path"])).content
        assert module["integrity"] == "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode()


async def test_modules_are_compressed_for_who_takes_it_and_not_sent_again(http: httpx.AsyncClient) -> None:
    path = (await http.get("/widget.json")).json()["script"]["path"]
    plain = await http.get(path, headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    packed = await http.get(path, headers={"Accept-Encoding": "gzip, br"})
    assert (packed.headers["Content-Encoding"], packed.content) == ("gzip", plain.content)
    assert packed.headers["Vary"] == "Accept-Encoding"
    again = await http.get(path, headers={"If-None-Match": plain.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["types.d.ts", "tsconfig.json", "../bot/settings.py", "nothing.js"])
async def test_nothing_but_modules_is_served(http: httpx.AsyncClient, path: str) -> None:
    release = (await http.get("/widget.json")).json()["release"]
    assert (await http.get(f"/widget/{release}/{path}")).status_code == 404


async def test_any_change_makes_another_release(tmp_path: Path) -> None:
    (tmp_path / "widget.js").write_text("1;")
    (tmp_path / "other.js").write_text("2;")
    before = load_widget(tmp_path)
    (tmp_path / "other.js").write_text("3;")
    assert load_widget(tmp_path).name != before.name
    (tmp_path / "other.js").write_text("2;")
    assert load_widget(tmp_path) == before


def imported(release: WidgetRelease, *entries: str) -> set[str]:
    """The modules that load with some, without those that are imported when they are needed."""
    loaded, waiting = set[str](), list(entries)
    while waiting:
        path = waiting.pop()
        loaded.add(path)
        found = IMPORT.findall(release.modules[path].content.decode())
        waiting.extend(name.removeprefix("./") for name in found if name.removeprefix("./") not in loaded)
    return loaded


async def test_everything_before_the_first_message_is_small() -> None:
    release = load_widget()
    loaded = imported(release, "widget.js")
    assert "dialogue.js" not in loaded
    for language in ("ko", "de", "en"):
        parts = (*loaded, f"texts/{language}.js")
        assert sum(len(release.modules[part].compressed) for part in parts) <= LIMIT_BYTES
    for module in release.modules.values():
        assert gzip.decompress(module.compressed) == module.content


async def test_what_talking_needs_is_listed_where_it_is_fetched() -> None:
    release = load_widget()
    listed = re.search(r'const TALK = "([\w -]+)";', release.modules["chat.js"].content.decode())
    assert listed is not None
    needed = imported(release, "dialogue.js") - imported(release, "widget.js")
    assert {f"{name}.js" for name in listed[1].split()} == needed


async def test_the_texts_of_all_languages_have_the_same_words() -> None:
    release = load_widget()
    for folder in ("texts", "texts/more"):
        keys = {
            tuple(re.findall(r"^  (\w+): \"", release.modules[f"{folder}/{code}.js"].content.decode(), re.MULTILINE))
            for code in ("ko", "de", "en")
        }
        assert len(keys) == 1
        assert len(next(iter(keys))) > 10
