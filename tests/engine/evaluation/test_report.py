from pathlib import Path

from bot.evaluation.clinc import ClincResult
from bot.evaluation.outcomes import Did
from bot.evaluation.report import write_report
from bot.evaluation.results import Results
from bot.knowledge import Language, load_knowledge
from tests.engine.evaluation.outcomes import outcome

ROOT = Path(__file__).parents[3]


def results():
    asked = [
        outcome(language=language, entries=entries, case=case)
        for case, entries in enumerate((("push-what",), ("exist-stipendium",), ("push-what",), ("push-what",)))
        for language in Language
    ]
    refused = [
        outcome(
            did=Did.REFUSED,
            entries=("zim",),
            confidence=0.1,
            inside=0.1,
            language=language,
            kind="abuse",
            topic="out_of_scope",
        )
        for language in Language
    ]
    return Results(asked, asked, asked, asked, asked, refused, {"typos": asked}, ClincResult(0.961, 0.742))


def test_the_page_holds_figures_pictures_and_the_paper_beside_them(tmp_path):
    page = write_report(results(), load_knowledge(ROOT / "data" / "knowledge"), tmp_path).read_text(encoding="utf-8")

    assert "| core topics right | at least 95% | 75.0% | **missed** |" in page
    assert "| push-what | exist-stipendium | 3 |" in page
    assert "| **this pipeline** | 96.1% | 74.2% |" in page
    assert "| BERT | 96.7 | 59.2 |" in page
    for picture in ("reliability.svg", "out_of_scope.svg"):
        assert f"({picture})" in page
        assert (tmp_path / picture).read_text(encoding="utf-8").startswith("<?xml")


def test_the_same_figures_make_the_same_files(tmp_path):
    knowledge = load_knowledge(ROOT / "data" / "knowledge")
    for name in ("first", "second"):
        write_report(results(), knowledge, tmp_path / name)

    for path in (tmp_path / "first").iterdir():
        assert path.read_bytes() == (tmp_path / "second" / path.name).read_bytes()
