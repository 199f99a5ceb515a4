"""All outcomes of one evaluation, and the figures that floors and the report read from them."""

from __future__ import annotations

from dataclasses import dataclass

from bot.evaluation.clinc import ClincResult
from bot.evaluation.metrics import Observed, agreement, auroc, calibration_error, percentile, share
from bot.evaluation.outcomes import Did, Outcome
from bot.evaluation.sets import CORE_TOPICS
from bot.knowledge import LANGUAGES


@dataclass(frozen=True)
class Results:
    """Outcomes by set; `suites` are the robustness suites by name."""

    questions: list[Outcome]
    keywords: list[Outcome]
    mixed: list[Outcome]
    edge: list[Outcome]
    follow_ups: list[Outcome]
    out_of_scope: list[Outcome]
    suites: dict[str, list[Outcome]]
    clinc: ClincResult | None = None

    @property
    def core(self) -> list[Outcome]:
        """Questions about the core topics."""
        return [outcome for outcome in self.questions if outcome.question.topic in CORE_TOPICS]

    @property
    def observed(self) -> list[Observed]:
        """Stated confidence, and whether the nearest entry was right, of every question."""
        return [
            (outcome.confidence, bool(outcome.entries) and outcome.entries[0] in outcome.question.entries)
            for outcome in self.questions
        ]

    def figures(self) -> dict[str, float]:
        """The figures that must not fall, by name; the ones in `LOWER_IS_BETTER` must not rise."""
        languages = {
            language.value: share([o for o in self.questions if o.question.language is language], _right).value
            for language in LANGUAGES
        }
        figures = {
            "right, all": share(self.questions, _right).value,
            "right, core topics": share(self.core, _right).value,
            **{f"right, {language}": value for language, value in languages.items()},
            "wrong entry": share(self.questions, lambda outcome: outcome.wrong).value,
            "language gap": max(languages.values()) - min(languages.values()),
            "agreement": agreement(self.questions).value,
            "out of scope answered": share(self.out_of_scope, lambda outcome: outcome.did is Did.ANSWERED).value,
            "out of scope AUROC": auroc(insides(self.questions), insides(self.out_of_scope)),
            "calibration error": calibration_error(self.observed),
            "right, keywords": share(self.keywords, _right).value,
            "right, mixed": share(self.mixed, _right).value,
            "right, edge of scope": share(self.edge, _right).value,
            "right, follow-up questions": share(self.follow_ups, _right).value,
            **{f"right, {name}": share(outcomes, _right).value for name, outcomes in self.suites.items()},
            "milliseconds, median": percentile(self.questions, 50),
        }
        if self.clinc is not None:
            figures["CLINC150 in-scope accuracy"] = self.clinc.accuracy
            figures["CLINC150 out-of-scope recall"] = self.clinc.recall
        return figures


LOWER_IS_BETTER = frozenset(
    {"wrong entry", "language gap", "out of scope answered", "calibration error", "milliseconds, median"}
)


def insides(outcomes: list[Outcome]) -> list[float]:
    """How likely each message is in scope, as the model states it."""
    return [outcome.inside for outcome in outcomes]


def _right(outcome: Outcome) -> bool:
    return outcome.right
