"""What the assistant could not answer, grouped by meaning across languages, the largest group first."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bot.gaps.grouping import group, middle
from bot.gaps.questions import PERIOD_DAYS, Asked, Question, Why, asked_in_vain, shown
from bot.knowledge import Language
from bot.meanings.vectors import matrix
from bot.store import QuestionVector, Store, utc_now


@dataclass(frozen=True, slots=True)
class Group:
    """Questions of one meaning, the newest first.

    Arguments:
        title: the question that stands for them.
        languages: how many there are in each language, the most first.
        reasons: how many there are for each reason, the most first.
        nearest: the entry that most of them were given or offered first, if any.
    """

    title: Question
    questions: tuple[Question, ...]
    languages: tuple[tuple[Language, int], ...]
    reasons: tuple[tuple[Why, int], ...]
    nearest: str | None


@dataclass(frozen=True, slots=True)
class Overview:
    """All groups; `ungrouped` questions are new, and their meaning is not known yet: each stands for itself."""

    groups: tuple[Group, ...]
    questions: int
    ungrouped: int


class Gaps:
    """Reads gaps.

    Args:
        store: the database.
        clock: the time in UTC.
    """

    def __init__(self, store: Store, clock: Callable[[], datetime] = utc_now) -> None:
        self._store = store
        self._clock = clock

    def overview(self, days: int = PERIOD_DAYS, language: Language | None = None, why: Why | None = None) -> Overview:
        """What was not answered well in the last `days`, of one language or for one reason if wanted.

        Raises:
            StoreError: the database failed.
        """
        with self._store.reading() as session:
            asked = [
                question
                for question in asked_in_vain(session, self._clock(), days)
                if (language is None or question.language == language.value) and (why is None or question.why is why)
            ]
            stored = select(QuestionVector.message_id, QuestionVector.vector).where(
                QuestionVector.message_id.in_([question.id for question in asked])
            )
            vectors = {row.message_id: row.vector for row in session.execute(stored)}
            questions = {question.id: question for question in shown(session, asked)}
        groups = [
            _group(questions[title], [questions[identifier] for identifier in ids])
            for title, ids in _grouped(asked, vectors)
        ]
        # Groups of one size: those that were asked last come first.
        groups.sort(key=lambda one: (len(one.questions), one.questions[0].at), reverse=True)
        return Overview(tuple(groups), len(asked), len(asked) - len(vectors))


def _grouped(asked: Sequence[Asked], vectors: dict[int, bytes]) -> list[tuple[int, list[int]]]:
    """Ids by group, and the one that stands for it."""
    known = [question.id for question in asked if question.id in vectors]
    rows = matrix([vectors[identifier] for identifier in known])
    found = [(known[middle(rows, group_rows)], [known[row] for row in group_rows]) for group_rows in group(rows)]
    return found + [(question.id, [question.id]) for question in asked if question.id not in vectors]


def _group(title: Question, questions: Sequence[Question]) -> Group:
    nearest = Counter(question.nearest for question in questions if question.nearest is not None).most_common(1)
    return Group(
        title,
        tuple(questions),
        tuple(Counter(question.language for question in questions).most_common()),
        tuple(Counter(question.why for question in questions).most_common()),
        nearest[0][0] if nearest else None,
    )
