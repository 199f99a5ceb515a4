"""A person's data in one archive, handed out on request (GDPR, Art. 15 and 20)."""

import io
import json
import os
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter

from bot.errors import ConfigurationError, NotFound
from bot.inquiries import Inquiries
from bot.knowledge import load_knowledge, load_responses
from bot.privacy.audit import record
from bot.privacy.consent import load_consent
from bot.privacy.engine_memory import EngineMemory
from bot.privacy.page import Page
from bot.privacy.personal_data import PersonalData, personal_data
from bot.privacy.pseudonyms import Pseudonyms
from bot.privacy.service import FindSubject
from bot.privacy.subject import Subject
from bot.settings import Settings
from bot.store import ActorKind, AuditAction, Store, utc_now

PAGE = "data.html"
JSON = "data.json"


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written where; `counts` are inquiries, conversations and messages."""

    file: Path
    subject: Subject
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Packed:
    """An archive; `counts` as in `Exported`."""

    content: bytes
    subject: Subject
    counts: dict[str, int]


class Archivist:
    """Writes archives.

    Args:
        store: the database.
        settings: key, and where the engine keeps its memory.
        data: the folder with knowledge, responses and the wordings of consent.
        clock: the time in UTC.
    """

    def __init__(self, store: Store, settings: Settings, data: Path, clock: Callable[[], datetime] = utc_now) -> None:
        self._store = store
        self._settings = settings
        self._data = data
        self._clock = clock

    def export(self, find: FindSubject, out: Path) -> Exported:
        """Write everything about a person to `out`, readable by nobody but its owner, and record that it was done.

        Raises:
            NotFound: nothing is stored of them.
            InvalidField, InvalidReference: nobody can be meant by that.
            ConfigurationError: the file is there already, or cannot be written.
            StoreError: the database failed, or the engine's.
            KnowledgeError: the files of `data` have mistakes.
        """
        packed = self._packed(find)
        _write(out, packed.content)
        self._record(packed)
        return Exported(out, packed.subject, packed.counts)

    def pack(self, find: FindSubject, actor_name: str | None = None) -> Packed:
        """The same archive as bytes, for who hands it out at once; recorded as above, with the member of staff.

        Raises:
            NotFound, InvalidField, InvalidReference, StoreError, KnowledgeError: as for `export`.
        """
        packed = self._packed(find)
        self._record(packed, actor_name)
        return packed

    def _packed(self, find: FindSubject) -> Packed:
        subject, data = self._collect(find)
        responses = load_responses(self._data / "responses")
        knowledge = load_knowledge(self._data / "knowledge")
        page = Page(responses, knowledge, data.language).html(data, JSON)
        content = _zipped({PAGE: page, JSON: _json(data)})
        counts = {
            "inquiries": len(data.inquiries),
            "conversations": len(data.conversations),
            "messages": sum(len(conversation.messages) for conversation in data.conversations),
        }
        return Packed(content, subject, counts)

    def _record(self, packed: Packed, actor_name: str | None = None) -> None:
        with self._store.session() as session:
            subject = packed.subject
            pseudonyms = Pseudonyms(self._settings).of_person(subject.emails, subject.conversations)
            now = self._clock()
            record(session, AuditAction.EXPORTED, ActorKind.STAFF, packed.counts, now, pseudonyms, actor_name)

    def _collect(self, find: FindSubject) -> tuple[Subject, PersonalData]:
        with self._store.reading() as session:
            subject = find(session)
            if not subject.is_known:
                raise NotFound("person")
            wordings = load_consent(self._data / "consent.yml")
            events = EngineMemory(self._settings).read(subject.conversations)
            inquiries = Inquiries(self._store)
            return subject, personal_data(session, subject, inquiries, wordings, events, self._clock())


def _json(data: PersonalData) -> str:
    return json.dumps(TypeAdapter(PersonalData).dump_python(data, mode="json"), ensure_ascii=False, indent=2) + "\n"


def _zipped(files: dict[str, str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return packed.getvalue()


def _write(out: Path, content: bytes) -> None:
    try:
        # Not there yet, and from its first byte on for its owner only.
        descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise ConfigurationError(f"{out} is there already: give another name to --out, or remove it first") from None
    except OSError as error:
        raise ConfigurationError(f"{out} cannot be written: {error.strerror}") from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
    except OSError as error:
        out.unlink(missing_ok=True)
        raise ConfigurationError(f"{out} cannot be written: {error.strerror}") from None
