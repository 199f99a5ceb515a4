"""The outbox, and who holds a conversation.

The column types are written out, not taken from the models: a migration must not change when the models do.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("conversation_id", sa.String(32)),
        sa.Column("inquiry_id", sa.Integer()),
        sa.Column("text", sa.Text()),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", Moment, nullable=False),
        sa.Column("lease", sa.String(32)),
        sa.Column("error", sa.String(200)),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("settled_at", Moment),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_deliveries_conversation_id_conversations",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["inquiry_id"], ["inquiries.id"], name="fk_deliveries_inquiry_id_inquiries", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("key", name="uq_deliveries_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_deliveries_state_channel_due_at", "deliveries", ["state", "channel", "due_at"])
    op.create_index(
        "ix_deliveries_conversation_id_channel_state", "deliveries", ["conversation_id", "channel", "state"]
    )
    op.create_index("ix_deliveries_inquiry_id", "deliveries", ["inquiry_id"])

    op.create_table(
        "holds",
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.Column("staff", sa.String(200), nullable=False),
        sa.Column("since", Moment, nullable=False),
        sa.Column("until", Moment, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_holds"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_holds_conversation_id_conversations", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_holds_until", "holds", ["until"])


def downgrade() -> None:
    for table in ("holds", "deliveries"):
        op.drop_table(table)
