"""newest messages: what stands below a live screen is found without reading all that was ever sent."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_account_id")
        batch_op.create_index("ix_outbox_account_id", ["account_id", "id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_account_id")
        batch_op.create_index("ix_outbox_account_id", ["account_id"], unique=False)
