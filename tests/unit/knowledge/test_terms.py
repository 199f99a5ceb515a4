"""Terms: every spelling of a term, and one owner for each spelling."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.knowledge import KnowledgeError, Language, Term, load_terms
from tests.unit.knowledge.files import ROOT, write

HTAI = {
    "id": "htai",
    "label": "organisation",
    "ko": "헤센 무역투자공사(HTAI)",
    "de": "Hessen Trade & Invest (HTAI)",
    "en": "Hessen Trade & Invest (HTAI)",
    "also": ["에이치타이"],
}


def load(folder: Path, *terms: Any) -> tuple[Term, ...]:
    return load_terms(write(folder / "terms.yml", {"terms": list(terms)}))


def the_mistake(folder: Path, *terms: Any) -> str:
    with pytest.raises(KnowledgeError) as caught:
        load(folder, *terms)
    assert len(caught.value.mistakes) == 1, caught.value.mistakes
    return str(caught.value.mistakes[0])


def test_a_term_has_a_name_in_each_language(tmp_path: Path) -> None:
    (term,) = load(tmp_path, HTAI)

    assert (term.id, term.label) == ("htai", "organisation")
    assert term.names[Language.KOREAN] == "헤센 무역투자공사(HTAI)"


def test_a_name_is_also_spelt_without_its_brackets_and_an_organisation_by_its_abbreviation(tmp_path: Path) -> None:
    (term,) = load(tmp_path, HTAI)

    assert set(term.spellings) == {
        "헤센 무역투자공사(HTAI)",
        "헤센 무역투자공사",
        "Hessen Trade & Invest (HTAI)",
        "Hessen Trade & Invest",
        "HTAI",
        "에이치타이",
    }


def test_brackets_of_other_terms_are_explanations_and_no_spelling(tmp_path: Path) -> None:
    names = {"ko": "유한책임회사(GMBH)", "de": "GmbH", "en": "GmbH (LLC)"}
    (term,) = load(tmp_path, {"id": "gmbh", "label": "legal_form", **names})

    assert set(term.spellings) == {"유한책임회사(GMBH)", "유한책임회사", "GmbH", "GmbH (LLC)"}


def test_a_spelling_stands_once_whatever_its_case(tmp_path: Path) -> None:
    (term,) = load(tmp_path, {**HTAI, "also": ["htai", "HTAI"]})

    folded = [spelling.casefold() for spelling in term.spellings]
    assert len(folded) == len(set(folded))


@pytest.mark.parametrize("field", ["id", "label", "ko", "de", "en"])
def test_a_missing_field_is_named(tmp_path: Path, field: str) -> None:
    term = {key: value for key, value in HTAI.items() if key != field}

    place = "?" if field == "id" else "htai"
    assert the_mistake(tmp_path, term) == f"terms.yml: {place}: {field}: is missing"


def test_an_unknown_label_is_a_mistake(tmp_path: Path) -> None:
    assert "label: is 'company': must be one of technology," in the_mistake(tmp_path, {**HTAI, "label": "company"})


def test_other_spellings_are_a_list(tmp_path: Path) -> None:
    assert the_mistake(tmp_path, {**HTAI, "also": "HTAI"}).startswith("terms.yml: htai: also: must be a list")


def test_sharp_s_and_ss_are_two_spellings(tmp_path: Path) -> None:
    """Swiss and English keyboards have no ß, and the engine compares lower-case letters."""
    (term,) = load(tmp_path, {"id": "giessen", "label": "place", "ko": "기센", "de": "Gießen", "en": "Giessen"})

    assert {"Gießen", "Giessen"} <= set(term.spellings)


def test_one_spelling_belongs_to_one_term_of_a_label(tmp_path: Path) -> None:
    other = {"id": "other", "label": "organisation", "ko": "다른", "de": "htai", "en": "Other"}

    assert the_mistake(tmp_path, HTAI, other) == "terms.yml: other: spells 'htai' like htai: one must go"


def test_terms_of_two_labels_may_share_a_spelling(tmp_path: Path) -> None:
    other = {"id": "other", "label": "place", "ko": "다른", "de": "HTAI", "en": "Other"}

    assert len(load(tmp_path, HTAI, other)) == 2


def test_a_missing_file_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match=r"terms\.yml: cannot be read"):
        load_terms(tmp_path / "terms.yml")


def test_the_real_terms_load_and_name_each_id_once_a_label() -> None:
    terms = load_terms(ROOT / "data" / "terms.yml")

    keys = [(term.label, term.id) for term in terms]
    assert len(keys) == len(set(keys))
