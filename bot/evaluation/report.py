"""The report: one page of Markdown with two pictures, under `docs/evaluation/`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.evaluation import plots
from bot.evaluation.clinc import PAPER
from bot.evaluation.metrics import (
    Share,
    agreement,
    auroc,
    bins,
    calibration_error,
    confusions,
    percentile,
    recall_at,
    share,
)
from bot.evaluation.outcomes import Did, Outcome
from bot.evaluation.results import Results, insides
from bot.evaluation.sets import CORE_TOPICS
from bot.knowledge import LANGUAGES, KnowledgeBase, Language

REPORT = "report.md"
REFUSED = (0.01, 0.02, 0.05, 0.10, 0.20)
CURVE = tuple(step / 100 for step in range(51))
CONFUSIONS_SHOWN = 30

GOALS = (
    ("core topics right", "right, core topics", 0.95, True),
    ("all questions right", "right, all", 0.90, True),
    ("gap between the languages", "language gap", 0.02, False),
    ("out of scope, answered with a fact", "out of scope answered", 0.03, False),
    ("same entry in two languages", "agreement", 0.95, True),
    ("CLINC150, in scope", "CLINC150 in-scope accuracy", 0.97, True),
    ("CLINC150, out-of-scope recall", "CLINC150 out-of-scope recall", 0.75, True),
)


def write_report(results: Results, knowledge: KnowledgeBase, folder: Path) -> Path:
    """Write page and pictures into `folder`; return the page's path."""
    folder.mkdir(parents=True, exist_ok=True)
    plots.reliability(bins(results.observed), folder / "reliability.svg")
    outside = insides(results.out_of_scope)
    curves = {"all languages": recall_at(insides(results.questions), outside, CURVE)}
    for language in LANGUAGES:
        curves[language.value] = recall_at(
            insides(_of(results.questions, language)),
            insides(_of(results.out_of_scope, language)),
            CURVE,
        )
    plots.rejection(curves, folder / "out_of_scope.svg")
    page = folder / REPORT
    page.write_text("\n".join(_page(results, knowledge)) + "\n", encoding="utf-8")
    return page


def _page(results: Results, knowledge: KnowledgeBase) -> Iterator[str]:
    yield "# How well it understands"
    yield ""
    yield (
        f"Made by `make evaluate`: {len(results.questions)} questions about {len(knowledge.entries)} entries, "
        f"{len(results.keywords)} keywords, {len(results.mixed)} of mixed language, {len(results.edge)} that sound "
        f"out of scope and are not, {len(results.follow_ups)} that lean on the answer before and "
        f"{len(results.out_of_scope)} messages out of scope, all in `tests/evaluation/test`, written by people who saw "
        "neither training questions nor model; nothing is trained or tuned on them. "
        "*Right* means: an entry that answers was given, at once. Brackets hold 95 % intervals by bootstrap."
    )
    yield from _goals(results)
    yield from _languages(results)
    yield from _topics(results, knowledge)
    yield from _out_of_scope(results)
    yield from _trust(results)
    yield from _robustness(results)
    yield from _confusions(results)
    yield from _clinc(results)


def _goals(results: Results) -> Iterator[str]:
    figures = results.figures()
    yield from _head("Goals", "| goal | target | measured | |", "|---|---:|---:|---|")
    for name, key, target, higher in GOALS:
        if key in figures:
            met = figures[key] >= target if higher else figures[key] <= target
            bound = "at least" if higher else "at most"
            yield f"| {name} | {bound} {target:.0%} | {figures[key]:.1%} | {'met' if met else '**missed**'} |"
    yield f"| time to understand | at most 15 ms | {_milliseconds(results)} | |"


def _milliseconds(results: Results) -> str:
    mean = sum(outcome.milliseconds for outcome in results.questions) / len(results.questions)
    median, slow = percentile(results.questions, 50), percentile(results.questions, 95)
    return f"mean {mean:.1f} ms, median {median:.1f}, p95 {slow:.1f}"


def _languages(results: Results) -> Iterator[str]:
    yield from _head(
        "By language",
        "| language | right | right, core | wrong entry | asked back, right one offered | not offered | refused |",
        "|---|---:|---:|---:|---:|---:|---:|",
    )
    for name, outcomes in (
        *((language.value, _of(results.questions, language)) for language in LANGUAGES),
        ("all", results.questions),
    ):
        core = [outcome for outcome in outcomes if outcome.question.topic in CORE_TOPICS]
        cells = (
            share(outcomes, lambda o: o.right),
            share(core, lambda o: o.right),
            share(outcomes, lambda o: o.wrong).value,
            share(outcomes, lambda o: o.offered).value,
            share(outcomes, lambda o: o.did is Did.CLARIFIED and not o.offered).value,
            share(outcomes, lambda o: o.did is Did.REFUSED).value,
        )
        yield f"| {name} | {' | '.join(_cell(cell) for cell in cells)} |"
    yield ""
    yield f"The same question in two languages leads to the same entry in {agreement(results.questions)} of pairs."


def _topics(results: Results, knowledge: KnowledgeBase) -> Iterator[str]:
    yield from _head("By topic", "| topic | ko | de | en | all |", "|---|---:|---:|---:|---:|")
    for topic in knowledge.topics:
        asked = [outcome for outcome in results.questions if outcome.question.topic == topic.id]
        if asked:
            cells = [f"{share(_of(asked, language), lambda o: o.right).value:.0%}" for language in LANGUAGES]
            yield f"| {topic.id} | {' | '.join(cells)} | {share(asked, lambda o: o.right)} |"


def _out_of_scope(results: Results) -> Iterator[str]:
    yield from _head("Out of scope", "| kind | answered with a fact | asked back | refused |", "|---|---:|---:|---:|")
    kinds = sorted({outcome.question.kind or "" for outcome in results.out_of_scope})
    groups = [(kind, [o for o in results.out_of_scope if o.question.kind == kind]) for kind in kinds]
    for language in LANGUAGES:
        groups.append((language.value, _of(results.out_of_scope, language)))
    for name, outcomes in (*groups, ("all", results.out_of_scope)):
        cells = (
            share(outcomes, lambda o: o.did is Did.ANSWERED),
            share(outcomes, lambda o: o.did is Did.CLARIFIED).value,
            share(outcomes, lambda o: o.did is Did.REFUSED).value,
        )
        yield f"| {name} | {' | '.join(_cell(cell) for cell in cells)} |"
    inside, outside = insides(results.questions), insides(results.out_of_scope)
    yield ""
    yield (
        f"Told apart by how likely the model takes them to be in scope: AUROC {auroc(inside, outside):.3f}. "
        "Whoever refuses this share of good questions refuses that share of those out of scope:"
    )
    yield from _head(
        None,
        f"| good questions refused | {' | '.join(f'{rate:.0%}' for rate in REFUSED)} |",
        "|---|" + "---:|" * len(REFUSED),
    )
    recalls = recall_at(inside, outside, REFUSED)
    yield f"| out of scope refused | {' | '.join(f'{recall:.0%}' for _, recall in recalls)} |"
    yield ""
    yield "![Out-of-scope messages refused, by good questions refused](out_of_scope.svg)"


def _trust(results: Results) -> Iterator[str]:
    yield from _head("Stated confidence")
    error = calibration_error(results.observed)
    yield f"Expected calibration error {error:.3f}: how far, on average, the confidence is from the share right."
    yield ""
    yield "![Reliability: stated confidence against the share right](reliability.svg)"


def _robustness(results: Results) -> Iterator[str]:
    yield from _head(
        "Careless fingers",
        "| suite | questions | right | wrong entry | the same questions as written |",
        "|---|---:|---:|---:|---:|",
    )
    as_written = {(o.question.case, o.question.language): o for o in results.questions}
    for name, outcomes in results.suites.items():
        same = [as_written[(o.question.case, o.question.language)] for o in outcomes]
        yield (
            f"| {name} | {len(outcomes)} | {share(outcomes, lambda o: o.right)} "
            f"| {share(outcomes, lambda o: o.wrong).value:.1%} | {share(same, lambda o: o.right).value:.1%} |"
        )
    for name, outcomes in (
        ("keywords only", results.keywords),
        ("mixed language", results.mixed),
        ("sounding out of scope", results.edge),
        ("leaning on the answer before", results.follow_ups),
    ):
        yield (
            f"| {name} | {len(outcomes)} | {share(outcomes, lambda o: o.right)} "
            f"| {share(outcomes, lambda o: o.wrong).value:.1%} | |"
        )


def _confusions(results: Results) -> Iterator[str]:
    yield from _head("What is taken for what", "| wanted | given | times |", "|---|---|---:|")
    for wanted, given, count in confusions(results.questions)[:CONFUSIONS_SHOWN]:
        yield f"| {wanted} | {given} | {count} |"


def _clinc(results: Results) -> Iterator[str]:
    if results.clinc is None:
        return
    yield from _head(
        "CLINC150 (English, 150 intents, OOS+)",
        "| system | in-scope accuracy | out-of-scope recall |",
        "|---|---:|---:|",
    )
    for name, accuracy, recall in PAPER:
        yield f"| {name} | {accuracy} | {recall} |"
    yield f"| **this pipeline** | {results.clinc.accuracy:.1%} | {results.clinc.recall:.1%} |"
    yield ""
    yield (
        "Rows from Larson et al. 2019, table 2. Trained on `train` and `oos_train`, settings chosen on `val` and "
        "`oos_val`, measured once on `test` and `oos_test`, by the same code as above."
    )


def _of(outcomes: Sequence[Outcome], language: Language) -> list[Outcome]:
    return [outcome for outcome in outcomes if outcome.question.language is language]


def _head(title: str | None, *lines: str) -> Iterator[str]:
    yield ""
    if title:
        yield f"## {title}"
        yield ""
    yield from lines


def _cell(value: Share | float) -> str:
    return str(value) if isinstance(value, Share) else f"{value:.1%}"


def summary(figures: dict[str, float]) -> str:
    """The figures as lines for a terminal."""
    return "\n".join(
        f"{name:32} {figures[name]:8.1f}" if name.startswith("milliseconds") else f"{name:32} {figures[name]:8.3f}"
        for name in figures
    )
