"""Telegram's chats, and the updates that it sent."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "telegram_chats",
        sa.Column("chat_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("conversation_id", sa.String(32)),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("greeted_by", sa.BigInteger()),
        sa.Column("reachable", sa.Boolean(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("updated_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("chat_id", name="pk_telegram_chats"),
        sa.UniqueConstraint("conversation_id", name="uq_telegram_chats_conversation_id"),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_telegram_chats_conversation_id_conversations",
            ondelete="SET NULL",
        ),
    )
    op.create_table(
        "telegram_updates",
        sa.Column("update_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.Text()),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("received_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("update_id", name="pk_telegram_updates"),
    )
    op.create_index("ix_telegram_updates_chat_id", "telegram_updates", ["chat_id"])
    op.create_index("ix_telegram_updates_state_update_id", "telegram_updates", ["state", "update_id"])


def downgrade() -> None:
    op.drop_table("telegram_updates")
    op.drop_table("telegram_chats")
