"""retention: finding what is about to expire, and telling whose it was."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_request_expires_at"), "request", ["expires_at"])
    op.create_table(
        "removed_request",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_removed_request_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["request.id"], name=op.f("fk_removed_request_request_id_request")
        ),
        sa.PrimaryKeyConstraint("account_id", "request_id", name=op.f("pk_removed_request")),
    )


def downgrade() -> None:
    op.drop_table("removed_request")
    op.drop_index(op.f("ix_request_expires_at"), table_name="request")
