"""Taking out of proposals what a person asked, when that person is erased."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.inquiries.text import clean_line
from bot.privacy.holdings import batches
from bot.privacy.masking import mask
from bot.proposals.content import Questions
from bot.proposals.service import content_of
from bot.store import Message, Proposal, SettledQuestion, Training, TrainingState

ERASED = "a question that it learnt was erased"


def forget_proposed(session: Session, conversation_ids: Sequence[str]) -> None:
    """Remove questions from proposals that are word for word what was asked in these conversations.

    From adopted ones, too, which wait again when a switch is taken back; the files of the knowledge base stay. A
    proposal of questions that has none left is deleted; a model that has learnt one can no longer be put in use.
    Call it before the messages are deleted: only they lead to the proposals.
    """
    changed: set[int] = set()
    erased: set[str] = set()
    for proposal_id, asked in _asked(session, conversation_ids).items():
        proposal = session.get(Proposal, proposal_id, with_for_update=True)
        if proposal is None:
            continue
        content = content_of(proposal.kind, proposal.content)
        questions = content if isinstance(content, Questions) else content.questions
        left = _without(questions, asked)
        if left == questions:
            continue
        changed.add(proposal_id)
        erased |= asked
        if not isinstance(content, Questions):
            proposal.content = content.model_copy(update={"questions": left}).model_dump(mode="json")
        elif left.count:
            proposal.content = left.model_dump(mode="json")
        else:
            session.delete(proposal)
    if changed:
        _forget_learnt(session, changed, erased)
    session.flush()


def _asked(session: Session, conversation_ids: Sequence[str]) -> dict[int, set[str]]:
    """By proposal what was asked, in the forms that it may have been proposed in."""
    found: defaultdict[int, set[str]] = defaultdict(set)
    for ids in batches(conversation_ids):
        query = (
            select(SettledQuestion.proposal_id, Message.text)
            .join(Message, Message.id == SettledQuestion.message_id)
            .where(Message.conversation_id.in_(ids), SettledQuestion.proposal_id.is_not(None))
            .order_by(SettledQuestion.proposal_id)
        )
        for row in session.execute(query):
            if row.proposal_id is not None:
                # Masked before it is shown to staff, and cleaned and masked again when they propose it.
                found[row.proposal_id] |= {clean_line(mask(text)) for text in (row.text, clean_line(row.text))}
    return found


def _without(questions: Questions, asked: set[str]) -> Questions:
    return Questions(
        by_language={
            language: tuple(text for text in texts if text not in asked)
            for language, texts in questions.by_language.items()
        }
    )


def _forget_learnt(session: Session, proposals: set[int], asked: set[str]) -> None:
    """What trainings with these proposals know of it: the model that waits, and a reason for failing that quotes it."""
    for training in session.scalars(select(Training).order_by(Training.id).with_for_update()):
        if proposals.isdisjoint(training.proposals):
            continue
        if training.state is TrainingState.READY:
            training.state, training.problem = TrainingState.FAILED, ERASED
        elif training.problem and any(text in training.problem for text in asked):
            training.problem = ERASED
