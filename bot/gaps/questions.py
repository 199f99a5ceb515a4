"""Questions that the assistant did not answer well, from the record of conversations: the newest of a period."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, aliased

from bot.knowledge import Language
from bot.privacy.masking import mask
from bot.store import Button, Feedback, Message, Outcome, Sender, SettledQuestion

PERIOD_DAYS = 90
LIMIT = 1000
"""So many of the newest are looked at, of each kind; more groups than these hold nobody reads."""

FOUND_MAX = 3 * LIMIT
"""Found at most: unhelpful, unanswered and unsure ones."""

UNSURE_BELOW = 0.6
"""An answer less likely to be right than this is worth a look."""

_ENTRY_BUTTON = re.compile(r'/faq\{"entry": "(?P<entry>[a-z0-9-]+)"\}')

SHORTEST = 2
"""A single character is no question."""


class Why(StrEnum):
    """What was wrong with what the visitor got."""

    NOT_HELPFUL = "not_helpful"
    CLARIFIED = "clarified"
    REFUSED = "refused"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as stored."""

    id: int
    text: str
    language: str
    at: datetime
    why: Why


@dataclass(frozen=True, slots=True)
class Question:
    """A question for staff to see, masked.

    `nearest` is the entry that was given or offered first, `comment` what the visitor said of the answer, masked.
    """

    id: int
    text: str
    language: Language
    at: datetime
    why: Why
    nearest: str | None
    comment: str | None


def asked_in_vain(session: Session, now: datetime, days: int = PERIOD_DAYS) -> Sequence[Asked]:
    """Questions of the last `days` that staff have not settled, the newest first, each once."""
    since = now - timedelta(days=days)
    unsure = (Message.outcome == Outcome.ANSWERED) & (Message.confidence < UNSURE_BELOW)
    unanswered = Message.outcome.in_((Outcome.CLARIFIED, Outcome.REFUSED))
    found: dict[int, Asked] = {}
    for why, rows in (
        (Why.NOT_HELPFUL, session.execute(_not_helpful(since)).all()),
        (None, session.execute(_with_outcome(unanswered, since)).all()),
        (Why.UNSURE, session.execute(_with_outcome(unsure, since)).all()),
    ):
        for row in rows:
            if len(row.text.strip()) >= SHORTEST:
                asked = Asked(row.id, row.text, row.language, row.created_at, why or Why(row.outcome.value))
                found.setdefault(row.id, asked)
    return sorted(found.values(), key=lambda asked: (asked.at, asked.id), reverse=True)


def shown(session: Session, asked: Sequence[Asked]) -> list[Question]:
    """The questions as staff see them."""
    ids = [question.id for question in asked]
    nearest = _nearest(session, ids)
    comments = _comments(session, ids)
    return [
        Question(
            question.id,
            mask(question.text),
            Language(question.language),
            question.at,
            question.why,
            nearest.get(question.id),
            comments.get(question.id),
        )
        for question in asked
    ]


_COLUMNS = (Message.id, Message.text, Message.language, Message.created_at, Message.outcome)
_UNSETTLED = ~select(SettledQuestion.message_id).where(SettledQuestion.message_id == Message.id).exists()


def _with_outcome(condition: ColumnElement[bool], since: datetime) -> Select[int, str, str, datetime, Outcome | None]:
    return (
        select(*_COLUMNS)
        .where(condition, Message.outcome.is_not(None), Message.created_at >= since, _UNSETTLED)
        .order_by(Message.created_at.desc())
        .limit(LIMIT)
    )


def _not_helpful(since: datetime) -> Select[int, str, str, datetime, Outcome | None]:
    """Typed questions whose reply was rated so; what was typed into a form has no outcome and stays out."""
    reply = aliased(Message)
    return (
        select(*_COLUMNS)
        .join(reply, reply.reply_to == Message.id)
        .join(Feedback, Feedback.message_id == reply.id)
        .where(Feedback.helpful.is_(False), Feedback.created_at >= since, Message.outcome.is_not(None), _UNSETTLED)
        .order_by(Feedback.created_at.desc())
        .limit(LIMIT)
    )


def _nearest(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """By question the entry that its reply gave, or offered first."""
    replies = (
        select(Message.reply_to, Message.entry, Button.payload)
        .outerjoin(Button, (Button.message_id == Message.id) & (Button.position == 0))
        .where(Message.reply_to.in_(ids), Message.sender == Sender.BOT)
        .order_by(Message.id)
    )
    found: dict[int, str] = {}
    for row in session.execute(replies):
        entry = row.entry or _entry_of(row.payload)
        if row.reply_to is not None and entry is not None:
            found.setdefault(row.reply_to, entry)
    return found


def _entry_of(payload: str | None) -> str | None:
    offered = _ENTRY_BUTTON.fullmatch(payload or "")
    return offered.group("entry") if offered else None


def _comments(session: Session, ids: Sequence[int]) -> dict[int, str]:
    query = (
        select(Message.reply_to, Feedback.comment)
        .join(Feedback, Feedback.message_id == Message.id)
        .where(Message.reply_to.in_(ids), Feedback.helpful.is_(False), Feedback.comment.is_not(None))
    )
    return {row.reply_to: mask(row.comment) for row in session.execute(query) if row.reply_to and row.comment}
