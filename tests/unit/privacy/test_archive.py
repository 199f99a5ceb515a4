"""A person is given everything that is stored of them, to read and for programs, and nothing of others."""

import json
import stat
import zipfile
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.errors import ConfigurationError, NotFound
from bot.knowledge import LANGUAGES, Language
from bot.privacy.archive import JSON, PAGE, Archivist
from bot.privacy.pseudonyms import Pseudonyms
from bot.privacy.subject import subject_of_email
from bot.settings import Settings
from bot.store import AuditAction, AuditRecord, Conversation, Inquiry, Message, Sender, Store
from tests.support.person import ANNA, BORIS, STAFF, found_in
from tests.unit.knowledge.files import ROOT

BY_EMAIL = partial(subject_of_email, email=ANNA.email)
TITLES = {
    Language.KOREAN: "귀하에 관해 저장된 정보",
    Language.GERMAN: "Was über Sie gespeichert ist",
    Language.ENGLISH: "What is stored about you",
}


@pytest.fixture
def archivist(store: Store, settings: Settings) -> Archivist:
    return Archivist(store, settings, ROOT / "data")


def read(path: Path) -> tuple[str, dict[str, Any]]:
    with zipfile.ZipFile(path) as archive:
        assert sorted(archive.namelist()) == sorted((PAGE, JSON))
        return archive.read(PAGE).decode(), json.loads(archive.read(JSON))


def test_everything_of_the_person_is_in_both_files_and_nothing_of_others(
    settings: Settings, store: Store, archivist: Archivist, tmp_path: Path
) -> None:
    reference, other = ANNA.live(settings, store), BORIS.live(settings, store)
    exported = archivist.export(BY_EMAIL, tmp_path / "anna.zip")
    page, data = read(tmp_path / "anna.zip")
    assert exported.counts == {"inquiries": 1, "conversations": 1, "messages": 2}
    for text in (page, json.dumps(data, ensure_ascii=False)):
        for trace in (ANNA.name, ANNA.email, ANNA.phone, ANNA.word, str(ANNA.chat_id), reference):
            assert trace in text
        for told in ("hat angerufen", "Guten Tag Anna", "Rufen Sie mich an", "sind Sie noch da?"):
            assert told in text
        for foreign in (*BORIS.traces, other, STAFF):
            assert foreign not in text
    (inquiry,) = data["inquiries"]
    assert "Sind Sie einverstanden?" in inquiry["consent_wording"]
    assert inquiry["history"][0]["event"] == "logged"
    (conversation,) = data["conversations"]
    assert [event["type"] for event in conversation["engine_events"]] == ["user", "slot"]
    assert conversation["engine_events"][1]["data"]["value"] == ANNA.name


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_in_the_language_of_the_inquiry(
    settings: Settings, store: Store, archivist: Archivist, tmp_path: Path, language: Language
) -> None:
    ANNA.live(settings, store)
    with store.session() as session:
        session.execute(update(Inquiry).values(language=language.value))
    archivist.export(BY_EMAIL, tmp_path / "anna.zip")
    page, _ = read(tmp_path / "anna.zip")
    assert f'<html lang="{language}">' in page
    assert f"<h1>{TITLES[language]}</h1>" in page


def test_what_people_wrote_is_never_markup(
    settings: Settings, store: Store, archivist: Archivist, tmp_path: Path
) -> None:
    with store.session() as session:
        session.add(Conversation(id="c" * 32, token_hash="-", language="en"))
        session.flush()
        text = f"<script>alert('{ANNA.email}')</script>"
        session.add(Message(conversation_id="c" * 32, sender=Sender.USER, text=text, language="en"))
    archivist.export(BY_EMAIL, tmp_path / "anna.zip")
    page, data = read(tmp_path / "anna.zip")
    assert "<script" not in page
    assert data["conversations"][0]["messages"][0]["text"] == text


def test_only_its_owner_can_read_the_file(
    settings: Settings, store: Store, archivist: Archivist, tmp_path: Path
) -> None:
    ANNA.live(settings, store)
    archivist.export(BY_EMAIL, tmp_path / "anna.zip")
    assert stat.S_IMODE((tmp_path / "anna.zip").stat().st_mode) == 0o600


def test_a_file_that_is_there_stays_and_nothing_is_recorded(
    settings: Settings, store: Store, archivist: Archivist, tmp_path: Path
) -> None:
    ANNA.live(settings, store)
    (tmp_path / "anna.zip").write_text("mine")
    with pytest.raises(ConfigurationError, match="is there already"):
        archivist.export(BY_EMAIL, tmp_path / "anna.zip")
    with pytest.raises(ConfigurationError, match="cannot be written"):
        archivist.export(BY_EMAIL, tmp_path / "no folder" / "anna.zip")
    assert (tmp_path / "anna.zip").read_text() == "mine"
    with store.reading() as session:
        assert session.scalars(select(AuditRecord)).all() == []


def test_it_is_recorded_under_a_pseudonym(
    settings: Settings, store: Store, archivist: Archivist, tmp_path: Path
) -> None:
    ANNA.live(settings, store)
    counts = archivist.export(BY_EMAIL, tmp_path / "anna.zip").counts
    with store.reading() as session:
        (record,) = session.scalars(select(AuditRecord))
    assert (record.action, record.counts) == (AuditAction.EXPORTED, counts)
    assert record.subject == Pseudonyms(settings).of_email(ANNA.email)
    assert "audit_records.subject" not in found_in(settings.database_url, ANNA.traces)


def test_of_somebody_unknown_no_file_is_written(archivist: Archivist, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        archivist.export(BY_EMAIL, tmp_path / "anna.zip")
    assert not (tmp_path / "anna.zip").exists()
