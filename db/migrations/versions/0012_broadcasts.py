"""broadcasts: their texts, their runs, and the pace that several processes share."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_OPEN = "state IN ('todo', 'sending')"


def upgrade() -> None:
    op.create_table(
        "shared_pace",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.Column("held_until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_shared_pace")),
    )
    op.create_table(
        "broadcast",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code_key", sa.LargeBinary(), nullable=False),
        sa.Column("data_key", sa.LargeBinary(), nullable=False),
        sa.Column("details", sa.LargeBinary(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("approval_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_broadcast_account_id_account")),
        sa.ForeignKeyConstraint(
            ["approval_id"], ["approval.id"], name=op.f("fk_broadcast_approval_id_approval")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcast")),
        sa.UniqueConstraint("code_key", name=op.f("uq_broadcast_code_key")),
    )
    with op.batch_alter_table("broadcast", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_broadcast_created_at"), ["created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_broadcast_due_at"), ["due_at"], unique=False)
    _texts_and_runs()
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("run_id", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("text_id", sa.BigInteger(), nullable=True))
    _index_open(f"{_OPEN} AND run_id IS NULL")
    op.create_index(
        "ix_outbox_run",
        "outbox",
        ["run_id", "state", "due_at"],
        unique=False,
        postgresql_where=sa.text("run_id IS NOT NULL"),
        sqlite_where=sa.text("run_id IS NOT NULL"),
    )


def _texts_and_runs() -> None:
    op.create_table(
        "broadcast_text",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("broadcast_id", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.String(length=64), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["broadcast_id"], ["broadcast.id"], name=op.f("fk_broadcast_text_broadcast_id_broadcast")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcast_text")),
        sa.UniqueConstraint(
            "broadcast_id", "language", "version", name=op.f("uq_broadcast_text_broadcast_id")
        ),
    )
    op.create_table(
        "broadcast_run",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("broadcast_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("frozen", sa.LargeBinary(), nullable=True),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("filled", sa.BigInteger(), nullable=False),
        sa.Column("progress_id", sa.BigInteger(), nullable=True),
        sa.Column("counts", sa.String(length=200), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_broadcast_run_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["broadcast_id"], ["broadcast.id"], name=op.f("fk_broadcast_run_broadcast_id_broadcast")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcast_run")),
    )
    with op.batch_alter_table("broadcast_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_broadcast_run_broadcast_id"), ["broadcast_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_broadcast_run_state"), ["state"], unique=False)


def _index_open(which: str) -> None:
    op.drop_index("ix_outbox_open", "outbox")
    op.create_index(
        "ix_outbox_open",
        "outbox",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text(which),
        sqlite_where=sa.text(which),
    )


def downgrade() -> None:
    op.drop_index("ix_outbox_run", "outbox")
    _index_open(_OPEN)
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_column("text_id")
        batch_op.drop_column("run_id")
    for table in ("broadcast_run", "broadcast_text", "broadcast", "shared_pace"):
        op.drop_table(table)
