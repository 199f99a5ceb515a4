"""Records of what was done with personal data, and how long an asker was told that the inquiry would be kept."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "audit_records",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("action", sa.String(20), nullable=False),
        sa.Column("actor", sa.String(20), nullable=False),
        sa.Column("subject", sa.String(64)),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_records"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_records_at", "audit_records", ["at"])
    op.create_index("ix_audit_records_subject", "audit_records", ["subject"])
    op.add_column("inquiries", sa.Column("consent_days", sa.Integer()))


def downgrade() -> None:
    with op.batch_alter_table("inquiries", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.drop_column("consent_days")
    op.drop_table("audit_records")
