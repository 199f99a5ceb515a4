"""Proposals of staff: made out of questions that were not answered well, taken back, and shown as a change."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from bot.errors import InvalidField, NotFound, ProposalRefused
from bot.gaps.questions import FOUND_MAX
from bot.knowledge import Language, load_knowledge
from bot.privacy.holdings import batches
from bot.privacy.masking import mask
from bot.proposals.change import FROZEN, Addition, Change, change_of
from bot.proposals.content import EntryDraft, Questions
from bot.store import Message, Proposal, ProposalKind, ProposalState, SettledQuestion, Store, utc_now

IDS_MAX = FOUND_MAX
"""Questions settled at once: one group may be all that is found."""


@dataclass(frozen=True, slots=True)
class OpenProposal:
    """A proposal that is not part of the knowledge base yet; `settles` counts the visitors' questions behind it."""

    id: int
    kind: ProposalKind
    topic: str
    entry: str
    content: Questions | EntryDraft
    author: str
    created_at: datetime
    settles: int


class Proposals:
    """The service. Every method is one transaction; safe to use from several threads.

    Args:
        store: the database.
        data: the folder with the knowledge base.
        clock: the time in UTC.
        frozen: the folder of questions that must never be learnt.
    """

    def __init__(
        self, store: Store, data: Path, clock: Callable[[], datetime] = utc_now, frozen: Path = FROZEN
    ) -> None:
        self._store = store
        self._data = data
        self._clock = clock
        self._frozen = frozen

    def assign(
        self, entry_id: str, questions: Mapping[Language, Sequence[str]], message_ids: Sequence[int], staff: str
    ) -> int:
        """Propose questions as training questions of an entry that is there; returns the proposal's id.

        Raises:
            NotFound: no such entry.
            InvalidField: no question, or one that is too long.
            ProposalRefused: the knowledge base would have mistakes.
        """
        entry = load_knowledge(self._data / "knowledge").entries.get(entry_id)
        if entry is None:
            raise NotFound("entry")
        content = _masked(_questions(questions))
        if not content.count:
            raise InvalidField("questions", "empty")
        self._try(Addition(entry.topic, entry.id, content))
        return self._add(ProposalKind.QUESTIONS, entry.topic, entry.id, content, message_ids, staff)

    def draft(self, draft: EntryDraft, message_ids: Sequence[int], staff: str) -> int:
        """Propose a new entry; returns the proposal's id.

        Raises:
            ProposalRefused: something is missing or the knowledge base would have mistakes; they are named.
        """
        if load_knowledge(self._data / "knowledge").topic(draft.topic) is None:
            raise ProposalRefused((f"{draft.topic}: is no topic",))
        content = draft.model_copy(update={"questions": _masked(draft.questions)})
        self._try(Addition(draft.topic, draft.id, content))
        return self._add(ProposalKind.ENTRY, draft.topic, draft.id, content, message_ids, staff)

    def dismiss(self, message_ids: Sequence[int], staff: str) -> None:
        """Decide that nothing is to be done about these questions: they are not shown again.

        Raises:
            InvalidField: too many at once.
        """
        with self._store.session() as session:
            self._settle(session, message_ids, None, staff)

    def drop(self, proposal_id: int) -> None:
        """Take a proposal back: its questions are gaps again.

        Raises:
            NotFound: there is no such proposal, or it is part of the knowledge base already.
        """
        with self._store.session() as session:
            proposal = session.get(Proposal, proposal_id, with_for_update=True)
            if proposal is None or proposal.state is not ProposalState.OPEN:
                raise NotFound("proposal")
            session.execute(delete(SettledQuestion).where(SettledQuestion.proposal_id == proposal_id))
            session.delete(proposal)

    def open(self) -> list[OpenProposal]:
        """All that wait, the oldest first."""
        settles = (
            select(func.count()).where(SettledQuestion.proposal_id == Proposal.id).correlate(Proposal).scalar_subquery()
        )
        with self._store.reading() as session:
            rows = session.execute(
                select(Proposal, settles.label("settles"))
                .where(Proposal.state == ProposalState.OPEN)
                .order_by(Proposal.id)
            )
            return [_open(row[0], row[1]) for row in rows]

    def change(self) -> Change:
        """All that wait as one change to the files.

        Raises:
            NotFound: nothing waits.
            ProposalRefused: together, or with what has changed in the files since, they make mistakes.
        """
        waiting = self.open()
        if not waiting:
            raise NotFound("proposal")
        return change_of(self._data, [addition_of(each) for each in waiting], self._clock(), self._frozen)

    def _try(self, addition: Addition) -> None:
        """With all that waits: two proposals may contradict each other."""
        waiting = [addition_of(each) for each in self.open()]
        change_of(self._data, [*waiting, addition], self._clock(), self._frozen)

    def _add(
        self,
        kind: ProposalKind,
        topic: str,
        entry: str,
        content: Questions | EntryDraft,
        message_ids: Sequence[int],
        staff: str,
    ) -> int:
        with self._store.session() as session:
            proposal = Proposal(
                kind=kind,
                topic=topic,
                entry=entry,
                content=content.model_dump(mode="json"),
                author=staff,
                created_at=self._clock(),
            )
            session.add(proposal)
            session.flush()
            self._settle(session, message_ids, proposal.id, staff)
            return proposal.id

    def _settle(self, session: Session, message_ids: Sequence[int], proposal_id: int | None, staff: str) -> None:
        if len(message_ids) > IDS_MAX:
            raise InvalidField("questions", "too_many", IDS_MAX)
        # What was erased meanwhile, or a colleague has settled, needs no settling.
        there: set[int] = set()
        for ids in batches(sorted(set(message_ids))):
            there |= set(session.scalars(select(Message.id).where(Message.id.in_(ids))))
            settled = select(SettledQuestion.message_id).where(SettledQuestion.message_id.in_(ids))
            there -= set(session.scalars(settled))
        now = self._clock()
        session.add_all(
            SettledQuestion(message_id=identifier, proposal_id=proposal_id, staff=staff, at=now)
            for identifier in sorted(there)
        )


def addition_of(proposal: OpenProposal) -> Addition:
    """What a proposal adds to the files."""
    return Addition(proposal.topic, proposal.entry, proposal.content)


def content_of(kind: ProposalKind, stored: dict[str, object]) -> Questions | EntryDraft:
    """The content of a proposal as stored."""
    return (Questions if kind is ProposalKind.QUESTIONS else EntryDraft).model_validate(stored)


def _open(row: Proposal, settles: int) -> OpenProposal:
    content = content_of(row.kind, row.content)
    return OpenProposal(row.id, row.kind, row.topic, row.entry, content, row.author, row.created_at, settles)


def _questions(questions: Mapping[Language, Sequence[str]]) -> Questions:
    try:
        return Questions(by_language={language: tuple(texts) for language, texts in questions.items()})
    except ValidationError:
        raise InvalidField("questions", "too_long") from None


def _masked(questions: Questions) -> Questions:
    """Whatever staff copied: no address and no telephone number gets into a file that everybody reads."""
    return Questions(
        by_language={language: tuple(mask(text) for text in texts) for language, texts in questions.by_language.items()}
    )
