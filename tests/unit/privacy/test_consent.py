"""What people agreed to can be shown word for word, and is never rewritten."""

from pathlib import Path

import pytest

from bot.inquiries import CONSENT_VERSION
from bot.knowledge import LANGUAGES, KnowledgeError, Language, load_responses
from bot.privacy.consent import load_consent
from tests.unit.knowledge.files import ROOT

CONSENT = ROOT / "data" / "consent.yml"


def test_the_current_version_is_what_is_asked() -> None:
    asked = load_responses(ROOT / "data" / "responses").by_name["say_ask_inquiry_form_consent"].text
    assert load_consent(CONSENT)[CONSENT_VERSION].text == asked, (
        "the wording of the consent question has changed: add it to data/consent.yml as a new version, "
        "and name that in bot/inquiries/consent.py"
    )


def test_the_current_version_is_the_last_one() -> None:
    assert list(load_consent(CONSENT))[-1] == CONSENT_VERSION


def test_the_first_version_is_still_there() -> None:
    assert "180 Tage ab der Anfrage" in load_consent(CONSENT)["2026-11"].said(Language.GERMAN, 180)


def test_a_version_fits_its_column() -> None:
    assert all(len(version) <= 20 for version in load_consent(CONSENT))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_changed_wording_is_a_mistake(tmp_path: Path, language: Language) -> None:
    wording = load_consent(CONSENT)[CONSENT_VERSION].text[language].splitlines()[0]
    changed = tmp_path / "consent.yml"
    changed.write_text(CONSENT.read_text("utf-8").replace(wording, wording + "!"), "utf-8")
    with pytest.raises(KnowledgeError, match="was changed: write a new version"):
        load_consent(changed)


def test_a_file_without_versions_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "consent.yml").write_text("versions: []\n")
    with pytest.raises(KnowledgeError, match="must be a mapping"):
        load_consent(tmp_path / "consent.yml")
