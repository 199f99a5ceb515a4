"""Finding inquiries by words, with the index over pieces of words that `bot.store.search_text` explains."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Integer,
    SQLColumnExpression,
    Text,
    any_,
    cast,
    column,
    func,
    literal,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from bot.errors import InvalidField
from bot.store import Inquiry, InquirySearch
from bot.store.search_text import SearchTerm, search_terms

CANDIDATES = 5000
"""Up to so many inquiries are looked up in the index. Words that stand in more are met soon enough on the way through
the list itself: among a million, in every 200th at least."""

PROBE = 1000
PROBE_HITS = 10
"""If so many of the newest inquiries hold the words, they are common, and the index has nothing to save."""

_SQLITE_INDEX = table("inquiry_search_index", column("rowid", Integer))


@dataclass(frozen=True)
class TextMatch:
    """The condition that an inquiry holds all words.

    Arguments:
        condition: names the inquiries that do, or looks at the text of each.
        few: it names them.
    """

    condition: ColumnElement[bool]
    few: bool


def text_match(session: Session, query: str) -> TextMatch:
    """The condition on `Inquiry` that every word of `query` is found.

    Raises:
        InvalidField: "too_short": there is nothing to look for, or only single letters.
    """
    terms = search_terms(query)
    pieces = sorted(frozenset[str]().union(*(term.pieces for term in terms)))
    if not pieces:
        raise InvalidField("text", "too_short")
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    look_up = _candidates_of_sqlite if on_sqlite else _candidates_of_postgresql
    common = _are_common(session, terms, on_sqlite=on_sqlite)
    found = [] if common else look_up(session, pieces, terms)
    if common or len(found) > CANDIDATES:
        of_inquiry = select(InquirySearch.text).where(InquirySearch.inquiry_id == Inquiry.id).scalar_subquery()
        return TextMatch(_holds(of_inquiry, terms, on_sqlite=on_sqlite), few=False)
    if on_sqlite:
        ids = func.json_each(json.dumps(found)).table_valued(column("value", Integer))
        return TextMatch(Inquiry.id.in_(select(ids.c.value)), few=True)
    return TextMatch(Inquiry.id == any_(cast(literal(found, ARRAY(Integer)), ARRAY(Integer))), few=True)


def _are_common(session: Session, terms: Sequence[SearchTerm], *, on_sqlite: bool) -> bool:
    newest = select(InquirySearch.text).order_by(InquirySearch.inquiry_id.desc()).limit(PROBE).subquery()
    hits = select(func.count()).where(_holds(newest.c.text, terms, on_sqlite=on_sqlite))
    return (session.scalar(hits) or 0) >= PROBE_HITS


def _candidates_of_sqlite(session: Session, pieces: Iterable[str], terms: Sequence[SearchTerm]) -> list[int]:
    match = text("inquiry_search_index MATCH :pieces").bindparams(pieces=" AND ".join(f'"{piece}"' for piece in pieces))
    query = select(_SQLITE_INDEX.c.rowid).where(match).limit(CANDIDATES + 1)
    checked = _to_check(terms)
    if checked:
        query = query.join(InquirySearch, InquirySearch.inquiry_id == _SQLITE_INDEX.c.rowid)
        query = query.where(_holds(InquirySearch.text, checked, on_sqlite=True))
    return list(session.scalars(query))


def _candidates_of_postgresql(session: Session, pieces: Sequence[str], terms: Sequence[SearchTerm]) -> list[int]:
    # The planner does not know how dear the text is to read, and would read all of it for common words.
    session.execute(text("SET LOCAL enable_seqscan = off"))
    indexed = func.string_to_array(InquirySearch.pieces, " ", type_=ARRAY(Text))
    query = select(InquirySearch.inquiry_id).where(indexed.contains(list(pieces))).limit(CANDIDATES + 1)
    checked = _to_check(terms)
    if checked:
        query = query.where(_holds(InquirySearch.text, checked, on_sqlite=False))
    return list(session.scalars(query))


def _to_check(terms: Sequence[SearchTerm]) -> list[SearchTerm]:
    """The words that are more than one piece: of these the index does not know whether the pieces stand together."""
    return [term for term in terms if term.pieces != {term.text}]


def _holds(searched: SQLColumnExpression[str], terms: Sequence[SearchTerm], *, on_sqlite: bool) -> ColumnElement[bool]:
    position = func.instr if on_sqlite else func.strpos
    condition: ColumnElement[bool] = literal(True)
    for term in terms:
        condition &= position(searched, term.text) > 0
    return condition
