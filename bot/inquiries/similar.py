"""Past inquiries of like meaning, whatever their language: what colleagues answered then may help now.

Compared are only the newest of the same topic and the newest of all, so that a look takes as long among a million as
among ten thousand. Vectors are deleted with their inquiry by the database.
"""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bot.inquiries.reference import parse_reference
from bot.inquiries.states import NOT_COUNTED
from bot.meanings.vectors import matrix
from bot.store import Inquiry, InquiryReply, InquiryState, InquiryVector

OF_TOPIC = 3000
OF_ALL = 1000
"""So many are compared: what colleagues wrote long ago is seldom still right."""

ALIKE = 0.45
"""Cosine from which on an inquiry is worth showing."""

SHOWN = 5
EXCERPT_CHARACTERS = 240


@dataclass(frozen=True, slots=True)
class SimilarInquiry:
    """A past inquiry; `reply` begins the last answer that its asker got."""

    reference: str
    state: InquiryState
    language: str
    topic: str
    created_at: datetime
    alike: float
    message: str
    reply: str | None


def similar_to(session: Session, reference: str, limit: int = SHOWN) -> list[SimilarInquiry]:
    """The inquiries most like the one with this reference, the likest first; none while its meaning is not known yet.

    Raises:
        InvalidReference: the text cannot be a reference.
    """
    own = session.execute(
        select(InquiryVector.inquiry_id, InquiryVector.vector, InquiryVector.encoder, Inquiry.topic)
        .join(Inquiry, Inquiry.id == InquiryVector.inquiry_id)
        .where(Inquiry.reference == parse_reference(reference))
    ).one_or_none()
    if own is None:
        return []
    newest = [*session.execute(_newest(own.topic, OF_TOPIC)), *session.execute(_newest(None, OF_ALL))]
    # By id, because the newest of all may be of the topic, too.
    by_id = {row.inquiry_id: row for row in newest if row.encoder == own.encoder and row.inquiry_id != own.inquiry_id}
    candidates = [by_id[identifier] for identifier in sorted(by_id, reverse=True)]
    if not candidates:
        return []
    alike = matrix([row.vector for row in candidates]) @ matrix([own.vector])[0]
    # More than are shown, because some turn out to be spam or duplicates.
    best = [int(place) for place in np.argsort(-alike, kind="stable")[: limit * 4] if alike[place] >= ALIKE]
    found = {candidates[place].inquiry_id: float(alike[place]) for place in best}
    return _shown(session, found)[:limit]


def _newest(topic: str | None, count: int) -> Select[int, bytes, str]:
    query = select(Inquiry.id)
    if topic is not None:
        query = query.where(Inquiry.topic == topic)
    newest = query.order_by(Inquiry.created_at.desc(), Inquiry.id.desc()).limit(count).subquery()
    return select(InquiryVector.inquiry_id, InquiryVector.vector, InquiryVector.encoder).join(
        newest, newest.c.id == InquiryVector.inquiry_id
    )


def _shown(session: Session, found: dict[int, float]) -> list[SimilarInquiry]:
    rows = session.execute(
        select(
            Inquiry.id,
            Inquiry.reference,
            Inquiry.state,
            Inquiry.language,
            Inquiry.topic,
            Inquiry.created_at,
            Inquiry.message,
        ).where(Inquiry.id.in_(found), Inquiry.state.not_in(NOT_COUNTED))
    ).all()
    replies: dict[int, str] = {}
    ids = [row.id for row in rows]
    query = select(InquiryReply.inquiry_id, InquiryReply.text).where(InquiryReply.inquiry_id.in_(ids))
    for reply in session.execute(query.order_by(InquiryReply.id)):
        replies[reply.inquiry_id] = reply.text
    shown = [
        SimilarInquiry(
            row.reference,
            row.state,
            row.language,
            row.topic,
            row.created_at,
            found[row.id],
            _excerpt(row.message),
            _excerpt(replies[row.id]) if row.id in replies else None,
        )
        for row in rows
    ]
    return sorted(shown, key=lambda each: (-each.alike, each.reference))


def _excerpt(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= EXCERPT_CHARACTERS else f"{line[:EXCERPT_CHARACTERS].rstrip()}…"
