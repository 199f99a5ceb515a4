"""What inquiries are searched by: a normalised text and its short pieces, and the index over the pieces.

`bot.inquiries.search` writes and reads them. Both kinds of database index the same pieces, separated by blanks:
SQLite in an FTS5 table that triggers keep equal to this one, PostgreSQL in a GIN index over the column.
"""

from sqlalchemy import Connection, ForeignKey, Table, Text, event
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base

SQLITE_INDEX = "inquiry_search_index"

# Pieces are made of letters of any script, digits and "_"; they are in lower case already. Without positions
# (detail=none) the index is a third of the size: whether the pieces stand together is checked on the text.
_SQLITE_INDEX = """
CREATE VIRTUAL TABLE inquiry_search_index USING fts5(
    pieces, content='inquiry_search', content_rowid='inquiry_id',
    detail='none', columnsize=0, tokenize="ascii tokenchars '_'"
)
"""
_SQLITE_INSERT = """
CREATE TRIGGER inquiry_search_index_insert AFTER INSERT ON inquiry_search BEGIN
    INSERT INTO inquiry_search_index(rowid, pieces) VALUES (new.inquiry_id, new.pieces);
END
"""
_SQLITE_DELETE = """
CREATE TRIGGER inquiry_search_index_delete AFTER DELETE ON inquiry_search BEGIN
    INSERT INTO inquiry_search_index(inquiry_search_index, rowid, pieces)
    VALUES ('delete', old.inquiry_id, old.pieces);
END
"""
_SQLITE_UPDATE = """
CREATE TRIGGER inquiry_search_index_update AFTER UPDATE ON inquiry_search BEGIN
    INSERT INTO inquiry_search_index(inquiry_search_index, rowid, pieces)
    VALUES ('delete', old.inquiry_id, old.pieces);
    INSERT INTO inquiry_search_index(rowid, pieces) VALUES (new.inquiry_id, new.pieces);
END
"""
SQLITE_STATEMENTS = (_SQLITE_INDEX, _SQLITE_INSERT, _SQLITE_DELETE, _SQLITE_UPDATE)

# Without fastupdate no unlucky writer or reader pays for the postponed work of others.
POSTGRESQL_STATEMENTS = (
    """
    CREATE INDEX ix_inquiry_search_pieces ON inquiry_search
    USING gin (string_to_array(pieces, ' ')) WITH (fastupdate = off)
    """,
)


class InquirySearch(Base):
    """The searchable text of one inquiry."""

    __tablename__ = "inquiry_search"

    inquiry_id: Mapped[int] = mapped_column(
        ForeignKey("inquiries.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    text: Mapped[str] = mapped_column(Text)
    pieces: Mapped[str] = mapped_column(Text)


def _make_index(table: Table, connection: Connection, **_: object) -> None:
    sqlite = connection.dialect.name == "sqlite"
    for statement in SQLITE_STATEMENTS if sqlite else POSTGRESQL_STATEMENTS:
        connection.exec_driver_sql(statement)


# `create_all` makes what the migration makes.
event.listen(InquirySearch.__table__, "after_create", _make_index)
