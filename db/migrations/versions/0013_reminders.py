"""reminders: what somebody is reminded of, and what was given of it; which draft is open, since when."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reminder",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("request_id", sa.BigInteger(), nullable=True),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("of_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("unheeded", sa.BigInteger(), nullable=False),
        sa.Column("details", sa.LargeBinary(), nullable=True),
        sa.Column("by_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_reminder_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint("kind", "account_id", "subject_id", name=op.f("uq_reminder_kind")),
    )
    with op.batch_alter_table("reminder", schema=None) as batch_op:
        batch_op.create_index("ix_reminder_account_id", ["account_id", "due_at"], unique=False)
        batch_op.create_index(
            "ix_reminder_due",
            ["kind", "due_at"],
            unique=False,
            postgresql_where=sa.text("state = 'open'"),
            sqlite_where=sa.text("state = 'open'"),
        )
        batch_op.create_index(
            "ix_reminder_unheeded",
            ["unheeded"],
            unique=False,
            postgresql_where=sa.text("unheeded > 2"),
            sqlite_where=sa.text("unheeded > 2"),
        )
        batch_op.create_index(batch_op.f("ix_reminder_request_id"), ["request_id"], unique=False)
    op.create_table(
        "occurrence",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("reminder_id", sa.BigInteger(), nullable=False),
        sa.Column("of_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("missed", sa.BigInteger(), nullable=False),
        sa.Column("outbox_id", sa.BigInteger(), nullable=False),
        sa.Column("answer", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["reminder_id"], ["reminder.id"], name=op.f("fk_occurrence_reminder_id_reminder")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occurrence")),
        sa.UniqueConstraint("reminder_id", "of_at", name=op.f("uq_occurrence_reminder_id")),
    )
    with op.batch_alter_table("occurrence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_occurrence_outbox_id"), ["outbox_id"], unique=False)
    with op.batch_alter_table("dialog", schema=None) as batch_op:
        batch_op.add_column(sa.Column("draft_id", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(
            "ix_dialog_drafted_at",
            ["drafted_at"],
            unique=False,
            postgresql_where=sa.text("drafted_at IS NOT NULL"),
            sqlite_where=sa.text("drafted_at IS NOT NULL"),
        )
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_role"), ["role"], unique=False)
    with op.batch_alter_table("request", schema=None) as batch_op:
        batch_op.create_index(
            "ix_request_new",
            ["created_at"],
            unique=False,
            postgresql_where=sa.text("taken_at IS NULL AND holder_id IS NULL"),
            sqlite_where=sa.text("taken_at IS NULL AND holder_id IS NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("request", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_request_new",
            postgresql_where=sa.text("taken_at IS NULL AND holder_id IS NULL"),
            sqlite_where=sa.text("taken_at IS NULL AND holder_id IS NULL"),
        )
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_role"))
    with op.batch_alter_table("dialog", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_dialog_drafted_at",
            postgresql_where=sa.text("drafted_at IS NOT NULL"),
            sqlite_where=sa.text("drafted_at IS NOT NULL"),
        )
        batch_op.drop_column("drafted_at")
        batch_op.drop_column("draft_id")
    with op.batch_alter_table("occurrence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_occurrence_outbox_id"))
    op.drop_table("occurrence")
    with op.batch_alter_table("reminder", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reminder_request_id"))
        batch_op.drop_index(
            "ix_reminder_unheeded",
            postgresql_where=sa.text("unheeded > 2"),
            sqlite_where=sa.text("unheeded > 2"),
        )
        batch_op.drop_index(
            "ix_reminder_due",
            postgresql_where=sa.text("state = 'open'"),
            sqlite_where=sa.text("state = 'open'"),
        )
        batch_op.drop_index("ix_reminder_account_id")
    op.drop_table("reminder")
