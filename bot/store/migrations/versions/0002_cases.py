"""Inquiries become cases: assignee, due date, notes, replies, tags, history with values, and the search index."""

import sqlalchemy as sa
from alembic import op

# What is searched must be what the program searches by, so this is not written out here.
from bot.store.search_text import pieces_of, searchable

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

Moment = sa.DateTime(timezone=True)
BATCH = 500

INDEXES = {
    "ix_inquiries_list": ["created_at", "id", "state", "topic", "language", "channel", "assignee"],
    "ix_inquiries_list_state": ["state", "created_at", "id", "topic", "language", "channel", "assignee"],
    "ix_inquiries_list_topic": ["topic", "created_at", "id", "state", "language", "channel", "assignee"],
    "ix_inquiries_list_language": ["language", "created_at", "id", "state", "topic", "channel", "assignee"],
    "ix_inquiries_list_channel": ["channel", "created_at", "id", "state", "topic", "language", "assignee"],
    "ix_inquiries_list_assignee": ["assignee", "created_at", "id", "state", "topic", "language", "channel"],
    "ix_inquiries_duplicate_of_id": ["duplicate_of_id"],
}
INDEXES_OF_SET = {
    "ix_inquiries_list_waiting_since": "waiting_since",
    "ix_inquiries_list_due_at": "due_at",
}
SQLITE_INDEX = """
CREATE VIRTUAL TABLE inquiry_search_index USING fts5(
    pieces, content='inquiry_search', content_rowid='inquiry_id',
    detail='none', columnsize=0, tokenize="ascii tokenchars '_'"
)
"""
SQLITE_INSERT = """
CREATE TRIGGER inquiry_search_index_insert AFTER INSERT ON inquiry_search BEGIN
    INSERT INTO inquiry_search_index(rowid, pieces) VALUES (new.inquiry_id, new.pieces);
END
"""
SQLITE_DELETE = """
CREATE TRIGGER inquiry_search_index_delete AFTER DELETE ON inquiry_search BEGIN
    INSERT INTO inquiry_search_index(inquiry_search_index, rowid, pieces)
    VALUES ('delete', old.inquiry_id, old.pieces);
END
"""
SQLITE_UPDATE = """
CREATE TRIGGER inquiry_search_index_update AFTER UPDATE ON inquiry_search BEGIN
    INSERT INTO inquiry_search_index(inquiry_search_index, rowid, pieces)
    VALUES ('delete', old.inquiry_id, old.pieces);
    INSERT INTO inquiry_search_index(rowid, pieces) VALUES (new.inquiry_id, new.pieces);
END
"""
POSTGRESQL_SEARCH = (
    "CREATE INDEX ix_inquiry_search_pieces ON inquiry_search"
    " USING gin (string_to_array(pieces, ' ')) WITH (fastupdate = off)"
)
NEW_COLUMNS = (
    "duplicate_of_id",
    "closed_at",
    "first_reply_at",
    "waiting_since",
    "due_at",
    "assignee",
    "priority",
    "version",
)


def upgrade() -> None:
    _make_tables()
    _make_search()
    op.drop_index("ix_inquiries_state_created_at", "inquiries")
    with op.batch_alter_table("inquiries", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.add_column(sa.Column("version", sa.Integer()))
        table.add_column(sa.Column("priority", sa.String(20)))
        table.add_column(sa.Column("assignee", sa.String(100)))
        table.add_column(sa.Column("due_at", Moment))
        table.add_column(sa.Column("waiting_since", Moment))
        table.add_column(sa.Column("first_reply_at", Moment))
        table.add_column(sa.Column("closed_at", Moment))
        table.add_column(sa.Column("duplicate_of_id", sa.Integer()))
    _fill()
    with op.batch_alter_table("inquiries", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.alter_column("version", existing_type=sa.Integer(), nullable=False)
        table.alter_column("priority", existing_type=sa.String(20), nullable=False)
        table.drop_column("entities")
        table.create_foreign_key(
            "fk_inquiries_duplicate_of_id_inquiries", "inquiries", ["duplicate_of_id"], ["id"], ondelete="SET NULL"
        )
    for name, columns in INDEXES.items():
        op.create_index(name, "inquiries", columns)
    for name, column in INDEXES_OF_SET.items():
        is_set = sa.text(f"{column} IS NOT NULL")
        columns = [column, "id", "state", "topic", "language", "channel", "assignee"]
        op.create_index(name, "inquiries", columns, sqlite_where=is_set, postgresql_where=is_set)
    with op.batch_alter_table("inquiry_events", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.drop_column("detail")
        table.add_column(sa.Column("actor_name", sa.String(100)))
        table.add_column(sa.Column("old_value", sa.String(200)))
        table.add_column(sa.Column("new_value", sa.String(200)))
    op.execute(
        "UPDATE inquiry_events SET event = 'state', old_value = 'new', new_value = 'withdrawn' "
        "WHERE event = 'withdrawn'"
    )


def downgrade() -> None:
    op.execute("UPDATE inquiry_events SET event = new_value WHERE event = 'state'")
    with op.batch_alter_table("inquiry_events", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.drop_column("new_value")
        table.drop_column("old_value")
        table.drop_column("actor_name")
        table.add_column(sa.Column("detail", sa.JSON()))
    for name in (*INDEXES, *INDEXES_OF_SET):
        op.drop_index(name, "inquiries")
    with op.batch_alter_table("inquiries", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.drop_constraint("fk_inquiries_duplicate_of_id_inquiries", type_="foreignkey")
        table.add_column(sa.Column("entities", sa.JSON()))
    _restore_entities()
    # Only these two states were known; whatever staff made of an inquiry, it is new to who has to start over.
    op.execute("UPDATE inquiries SET state = 'new' WHERE state <> 'withdrawn'")
    with op.batch_alter_table("inquiries", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.alter_column("entities", existing_type=sa.JSON(), nullable=False)
        for column in NEW_COLUMNS:
            table.drop_column(column)
    op.create_index("ix_inquiries_state_created_at", "inquiries", ["state", "created_at"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE inquiry_search_index")
    for name in ("inquiry_search", "inquiry_replies", "inquiry_notes", "inquiry_tags", "inquiry_entities"):
        op.drop_table(name)


def _make_tables() -> None:
    op.create_table(
        "inquiry_entities",
        sa.Column("inquiry_id", sa.Integer(), nullable=False),
        sa.Column("entity", sa.String(50), nullable=False),
        sa.Column("value", sa.String(200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("logged_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("inquiry_id", "entity", "value", name="pk_inquiry_entities"),
        _of_inquiry("inquiry_entities"),
    )
    op.create_index("ix_inquiry_entities_list", "inquiry_entities", ["entity", "value", "logged_at", "inquiry_id"])
    op.create_table(
        "inquiry_tags",
        sa.Column("inquiry_id", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(50), nullable=False),
        sa.Column("logged_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("inquiry_id", "tag", name="pk_inquiry_tags"),
        _of_inquiry("inquiry_tags"),
    )
    op.create_index("ix_inquiry_tags_list", "inquiry_tags", ["tag", "logged_at", "inquiry_id"])
    op.create_table(
        "inquiry_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inquiry_id", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(100)),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_inquiry_notes"),
        _of_inquiry("inquiry_notes"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_inquiry_notes_inquiry_id", "inquiry_notes", ["inquiry_id"])
    op.create_table(
        "inquiry_replies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inquiry_id", sa.Integer(), nullable=False),
        sa.Column("idempotency_key", sa.String(100), nullable=False),
        sa.Column("author", sa.String(100), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_inquiry_replies"),
        _of_inquiry("inquiry_replies"),
        sa.UniqueConstraint("idempotency_key", name="uq_inquiry_replies_idempotency_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_inquiry_replies_inquiry_id", "inquiry_replies", ["inquiry_id"])


def _make_search() -> None:
    op.create_table(
        "inquiry_search",
        sa.Column("inquiry_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("pieces", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("inquiry_id", name="pk_inquiry_search"),
        _of_inquiry("inquiry_search"),
    )
    if op.get_bind().dialect.name == "sqlite":
        for statement in (SQLITE_INDEX, SQLITE_INSERT, SQLITE_DELETE, SQLITE_UPDATE):
            op.execute(statement)
    else:
        op.execute(POSTGRESQL_SEARCH)


def _of_inquiry(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_inquiry_id_inquiries"
    return sa.ForeignKeyConstraint(["inquiry_id"], ["inquiries.id"], name=name, ondelete="CASCADE")


def _fill() -> None:
    op.execute("UPDATE inquiries SET version = 1, priority = 'normal'")
    op.execute("UPDATE inquiries SET waiting_since = created_at WHERE state = 'new'")
    connection = op.get_bind()
    inquiries = sa.table(
        "inquiries",
        *(sa.column(name) for name in ("id", "reference", "name", "company", "email", "message")),
        sa.column("created_at", Moment),
        sa.column("entities", sa.JSON()),
        sa.column("transcript", sa.JSON()),
    )
    entities = sa.table(
        "inquiry_entities",
        *(sa.column(name) for name in ("inquiry_id", "entity", "value", "position")),
        sa.column("logged_at", Moment),
    )
    search = sa.table("inquiry_search", *(sa.column(name) for name in ("inquiry_id", "text", "pieces")))
    last = 0
    page = sa.select(inquiries).order_by(inquiries.c.id).limit(BATCH)
    while rows := connection.execute(page.where(inquiries.c.id > last)).all():
        named = [
            {"inquiry_id": row.id, "position": position, "logged_at": row.created_at, **entity}
            for row in rows
            for position, entity in enumerate(row.entities)
        ]
        if named:
            connection.execute(sa.insert(entities), named)
        texts = {row.id: searchable(_words(row)) for row in rows}
        connection.execute(
            sa.insert(search),
            [{"inquiry_id": key, "text": text, "pieces": pieces_of(text)} for key, text in texts.items()],
        )
        last = rows[-1].id


def _words(row: sa.Row[tuple[object, ...]]) -> str:
    said = (line["text"] for line in row.transcript if line["sender"] == "user")
    return "\n".join((row.reference, row.name, row.company or "", row.email, row.message, *said))


def _restore_entities() -> None:
    connection = op.get_bind()
    inquiries = sa.table("inquiries", sa.column("id"), sa.column("entities", sa.JSON()))
    entities = sa.table(
        "inquiry_entities", *(sa.column(name) for name in ("inquiry_id", "entity", "value", "position"))
    )
    connection.execute(sa.update(inquiries).values(entities=[]))
    found: dict[int, list[dict[str, str]]] = {}
    for row in connection.execute(sa.select(entities).order_by(entities.c.inquiry_id, entities.c.position)):
        found.setdefault(row.inquiry_id, []).append({"entity": row.entity, "value": row.value})
    for inquiry_id, named in found.items():
        connection.execute(sa.update(inquiries).where(inquiries.c.id == inquiry_id).values(entities=named))
