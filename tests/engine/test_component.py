"""Rasa's cache of trained parts knows our components by all that they depend on."""

from pathlib import Path

import pytest

from bot.nlu.classifier import KnowledgeClassifier
from bot.nlu.component import Component, files_fingerprint
from bot.nlu.entities import TermEntityExtractor
from bot.nlu.language import LanguageIdentifier
from bot.nlu.sentence_features import SentenceFeaturizer


@pytest.mark.parametrize("component", [LanguageIdentifier, SentenceFeaturizer, KnowledgeClassifier])
def test_every_component_names_the_code_it_uses(component: type[Component]) -> None:
    assert component.fingerprint_addon({})
    assert component.fingerprint_addon({}) == Component.fingerprint_addon({})


def test_the_extractor_names_its_terms_too(tmp_path: Path) -> None:
    fingerprints = set()
    for terms in ("- {id: push}", "- {id: zim}"):
        (tmp_path / "terms.yml").write_text(terms)
        fingerprints.add(TermEntityExtractor.fingerprint_addon({"terms": str(tmp_path / "terms.yml")}))

    assert len(fingerprints) == 2


def test_any_change_of_a_file_changes_the_fingerprint(tmp_path: Path) -> None:
    path = tmp_path / "softmax.py"
    path.write_text("RATE = 1")
    before = files_fingerprint([path])
    path.write_text("RATE = 2")

    assert files_fingerprint([path]) != before
