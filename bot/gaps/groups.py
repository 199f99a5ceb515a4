"""What the assistant could not answer, grouped by meaning across languages, the largest group first."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.gaps.grouping import group, middle
from bot.gaps.questions import PERIOD_DAYS, Asked, Question, Why, asked_in_vain, shown
from bot.knowledge import Language
from bot.meanings.vectors import matrix
from bot.store import QuestionVector, Store, utc_now

GROUPS_SHOWN = 20
QUESTIONS_SHOWN = 25
"""Of one group."""


@dataclass(frozen=True, slots=True)
class Group:
    """Questions of one meaning.

    Arguments:
        title: the question that stands for them.
        questions: the newest of them, the newest first.
        rest: ids of the others.
        languages: how many there are in each language, the most first.
        reasons: how many there are for each reason, the most first.
        nearest: the entry that most of the questions shown were given or offered first, if any.
    """

    title: Question
    questions: tuple[Question, ...]
    rest: tuple[int, ...]
    languages: tuple[tuple[Language, int], ...]
    reasons: tuple[tuple[Why, int], ...]
    nearest: str | None

    @property
    def size(self) -> int:
        """How many questions it has."""
        return len(self.questions) + len(self.rest)


@dataclass(frozen=True, slots=True)
class Overview:
    """The largest groups.

    Arguments:
        total: how many groups there are. questions: how many questions in all of them.
        ungrouped: of these, those that are new and whose meaning is not known yet: each stands for itself.
    """

    groups: tuple[Group, ...]
    total: int
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

    def overview(
        self,
        days: int = PERIOD_DAYS,
        language: Language | None = None,
        why: Why | None = None,
        limit: int = GROUPS_SHOWN,
    ) -> Overview:
        """What was not answered well in the last `days`, of one language or for one reason if wanted.

        Raises:
            StoreError: the database failed.
        """
        with self._store.reading() as session:
            asked = {
                question.id: question
                for question in asked_in_vain(session, self._clock(), days)
                if (language is None or question.language == language.value) and (why is None or question.why is why)
            }
            stored = select(QuestionVector.message_id, QuestionVector.vector).where(
                QuestionVector.message_id.in_(asked)
            )
            vectors = {row.message_id: row.vector for row in session.execute(stored)}
            grouped = [(title, [asked[each] for each in ids]) for title, ids in _grouped(list(asked), vectors)]
            # Groups of one size: those that were asked last come first.
            grouped.sort(key=lambda one: (len(one[1]), one[1][0].at), reverse=True)
            groups = _read(session, [(asked[title], members) for title, members in grouped[:limit]])
        return Overview(tuple(groups), len(grouped), len(asked), len(asked) - len(vectors))


def _grouped(asked: Sequence[int], vectors: dict[int, bytes]) -> list[tuple[int, list[int]]]:
    """Ids by group, each in the order given, and the one that stands for it."""
    known = [identifier for identifier in asked if identifier in vectors]
    rows = matrix([vectors[identifier] for identifier in known])
    found = [(known[middle(rows, members)], [known[row] for row in members]) for members in group(rows)]
    return found + [(identifier, [identifier]) for identifier in asked if identifier not in vectors]


def _read(session: Session, grouped: Sequence[tuple[Asked, list[Asked]]]) -> list[Group]:
    """The groups whole; all of their questions that are shown in as many queries as one."""
    wanted = {asked.id: asked for title, members in grouped for asked in (title, *members[:QUESTIONS_SHOWN])}
    questions = {question.id: question for question in shown(session, list(wanted.values()))}
    return [
        _group(questions[title.id], [questions[asked.id] for asked in members[:QUESTIONS_SHOWN]], members)
        for title, members in grouped
    ]


def _group(title: Question, questions: Sequence[Question], members: Sequence[Asked]) -> Group:
    nearest = Counter(question.nearest for question in questions if question.nearest is not None).most_common(1)
    return Group(
        title,
        tuple(questions),
        tuple(asked.id for asked in members[QUESTIONS_SHOWN:]),
        tuple(Counter(Language(asked.language) for asked in members).most_common()),
        tuple(Counter(asked.why for asked in members).most_common()),
        nearest[0][0] if nearest else None,
    )
