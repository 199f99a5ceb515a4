"""Filters of the inbox that a member of staff keeps under a name."""

from dataclasses import dataclass

from sqlalchemy import delete, func, select

from bot.errors import Conflict, InvalidField, NotFound
from bot.inquiries.text import clean_line
from bot.store import SavedView, Store

NAME_MAX_CHARACTERS = 60
QUERY_MAX_CHARACTERS = 500
VIEWS_MAX = 30


@dataclass(frozen=True, slots=True)
class NamedView:
    """A filter with its name; `query` is as in the address of the inbox."""

    id: int
    name: str
    query: str


class SavedViews:
    """Views of one member of staff are nobody else's.

    Args:
        store: the database.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, account_id: int) -> tuple[NamedView, ...]:
        """All views of a member, by name."""
        with self._store.reading() as session:
            rows = session.scalars(select(SavedView).where(SavedView.account_id == account_id).order_by(SavedView.name))
            return tuple(NamedView(row.id, row.name, row.query) for row in rows)

    def save(self, account_id: int, name: str, query: str) -> NamedView:
        """Keep a filter; under a name that is there already, it takes the other's place.

        Raises:
            InvalidField: "empty" or "too_long".
            Conflict: there are as many as there may be.
        """
        name = clean_line(name)
        if not name:
            raise InvalidField("view_name", "empty")
        if len(name) > NAME_MAX_CHARACTERS:
            raise InvalidField("view_name", "too_long", NAME_MAX_CHARACTERS)
        if len(query) > QUERY_MAX_CHARACTERS:
            raise InvalidField("view", "too_long", QUERY_MAX_CHARACTERS)
        with self._store.session() as session:
            mine = SavedView.account_id == account_id
            row = session.scalar(select(SavedView).where(mine, SavedView.name == name))
            if row is None:
                if (session.scalar(select(func.count()).select_from(SavedView).where(mine)) or 0) >= VIEWS_MAX:
                    raise Conflict(f"there are {VIEWS_MAX} saved views already")
                row = SavedView(account_id=account_id, name=name)
                session.add(row)
            row.query = query
            session.flush()
            return NamedView(row.id, row.name, row.query)

    def delete(self, account_id: int, view_id: int) -> None:
        """Keep a view no longer.

        Raises:
            NotFound: this member has no such view.
        """
        with self._store.session() as session:
            gone = delete(SavedView).where(SavedView.id == view_id, SavedView.account_id == account_id)
            if session.scalar(gone.returning(SavedView.id)) is None:
                raise NotFound("view")
