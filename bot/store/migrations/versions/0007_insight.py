"""What became of each question, whether the first reply came in time, meanings, proposals and trainings."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("messages", sa.Column("outcome", sa.String(20)))
    for column, others in (("outcome", ["language"]), ("entry", [])):
        is_set = sa.text(f"{column} IS NOT NULL")
        names = ["created_at", column, *others]
        op.create_index(f"ix_messages_{column}s", "messages", names, sqlite_where=is_set, postgresql_where=is_set)
    op.create_index(
        "ix_conversations_created_at_channel_language", "conversations", ["created_at", "channel", "language"]
    )
    op.create_index("ix_feedback_created_at", "feedback", ["created_at"])
    op.add_column("inquiries", sa.Column("replied_in_time", sa.Boolean()))
    op.create_table(
        "question_vectors",
        sa.Column("message_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("encoder", sa.String(16), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("message_id", name="pk_question_vectors"),
        _owned_by("question_vectors", "message_id", "messages"),
    )
    op.create_table(
        "inquiry_vectors",
        sa.Column("inquiry_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("encoder", sa.String(16), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("inquiry_id", name="pk_inquiry_vectors"),
        _owned_by("inquiry_vectors", "inquiry_id", "inquiries"),
    )
    op.create_table(
        "proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("topic", sa.String(50), nullable=False),
        sa.Column("entry", sa.String(100), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("author", sa.String(100), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_proposals"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_proposals_state", "proposals", ["state"])
    op.create_table(
        "settled_questions",
        sa.Column("message_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("proposal_id", sa.Integer()),
        sa.Column("staff", sa.String(100), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("message_id", name="pk_settled_questions"),
        _owned_by("settled_questions", "message_id", "messages"),
        _owned_by("settled_questions", "proposal_id", "proposals"),
    )
    op.create_index("ix_settled_questions_proposal_id", "settled_questions", ["proposal_id"])
    op.create_table(
        "trainings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("proposals", sa.JSON(), nullable=False),
        sa.Column("started_by", sa.String(100), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("beat_at", Moment, nullable=False),
        sa.Column("model", sa.String(100)),
        sa.Column("model_before", sa.String(100)),
        sa.Column("figures", sa.JSON()),
        sa.Column("figures_before", sa.JSON()),
        sa.Column("problem", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_trainings"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_trainings_state", "trainings", ["state"])


def downgrade() -> None:
    for name in ("trainings", "settled_questions", "proposals", "inquiry_vectors", "question_vectors"):
        op.drop_table(name)
    with op.batch_alter_table("inquiries", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.drop_column("replied_in_time")
    op.drop_index("ix_feedback_created_at", "feedback")
    op.drop_index("ix_conversations_created_at_channel_language", "conversations")
    for column in ("entry", "outcome"):
        op.drop_index(f"ix_messages_{column}s", "messages")
    with op.batch_alter_table("messages", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.drop_column("outcome")


def _owned_by(table: str, column: str, owner: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{owner}"
    return sa.ForeignKeyConstraint([column], [f"{owner}.id"], name=name, ondelete="CASCADE")
