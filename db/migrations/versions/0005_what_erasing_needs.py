"""what erasing needs: whose an update was, and which message it came in."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("seen_update", schema=None) as batch_op:
        batch_op.add_column(sa.Column("account_id", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("message_id", sa.BigInteger(), nullable=True))
    with op.batch_alter_table("set_aside", schema=None) as batch_op:
        batch_op.add_column(sa.Column("telegram_key", sa.LargeBinary(), nullable=True))
        batch_op.create_index(batch_op.f("ix_set_aside_telegram_key"), ["telegram_key"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("set_aside", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_set_aside_telegram_key"))
        batch_op.drop_column("telegram_key")
    with op.batch_alter_table("seen_update", schema=None) as batch_op:
        batch_op.drop_column("message_id")
        batch_op.drop_column("account_id")
