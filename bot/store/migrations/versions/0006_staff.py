"""Staff who sign in, their sessions, what they have read and saved; and who did what is audited."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

Moment = sa.DateTime(timezone=True)
AUTOINCREMENT = {"sqlite_autoincrement": True}


def _of_account(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["account_id"], ["staff_accounts.id"], name=f"fk_{table}_account_id_staff_accounts", ondelete="CASCADE"
    )


def upgrade() -> None:
    op.create_table(
        "staff_accounts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("totp_seed", sa.String(64)),
        sa.Column("totp_step", sa.Integer(), nullable=False),
        sa.Column("disabled_at", Moment),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("updated_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_staff_accounts"),
        sa.UniqueConstraint("name", name="uq_staff_accounts_name"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "staff_recovery_codes",
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code_hash", name="pk_staff_recovery_codes"),
        _of_account("staff_recovery_codes"),
    )
    op.create_index("ix_staff_recovery_codes_account_id", "staff_recovery_codes", ["account_id"])
    op.create_table(
        "staff_sessions",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("is_pending", sa.Boolean(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("seen_at", Moment, nullable=False),
        sa.Column("expires_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_staff_sessions"),
        _of_account("staff_sessions"),
    )
    op.create_index("ix_staff_sessions_account_id", "staff_sessions", ["account_id"])
    op.create_index("ix_staff_sessions_expires_at", "staff_sessions", ["expires_at"])
    op.create_table(
        "staff_attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_staff_attempts"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_staff_attempts_subject_at", "staff_attempts", ["subject", "at"])
    op.create_index("ix_staff_attempts_at", "staff_attempts", ["at"])
    op.create_table(
        "staff_readings",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("inquiry_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("seen_at", Moment),
        sa.PrimaryKeyConstraint("account_id", "inquiry_id", name="pk_staff_readings"),
        _of_account("staff_readings"),
        sa.ForeignKeyConstraint(
            ["inquiry_id"], ["inquiries.id"], name="fk_staff_readings_inquiry_id_inquiries", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_staff_readings_inquiry_id_seen_at", "staff_readings", ["inquiry_id", "seen_at"])
    op.create_table(
        "staff_saved_views",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("query", sa.String(500), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_staff_saved_views"),
        sa.UniqueConstraint("account_id", "name", name="uq_staff_saved_views_account_id_name"),
        _of_account("staff_saved_views"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("audit_records", recreate="always", table_kwargs=AUTOINCREMENT) as table:
        table.add_column(sa.Column("actor_name", sa.String(100)))


def downgrade() -> None:
    with op.batch_alter_table("audit_records", table_kwargs=AUTOINCREMENT) as table:
        table.drop_column("actor_name")
    for name in (
        "staff_saved_views",
        "staff_readings",
        "staff_attempts",
        "staff_sessions",
        "staff_recovery_codes",
        "staff_accounts",
    ):
        op.drop_table(name)
