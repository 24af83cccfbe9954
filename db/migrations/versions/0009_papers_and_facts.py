"""papers and facts: what staff found of a paper and ask for."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.add_column(sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("more_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("rejected_for", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("remark", sa.LargeBinary(), nullable=True))
    with op.batch_alter_table("request", schema=None) as batch_op:
        batch_op.add_column(sa.Column("papers_told_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("request", schema=None) as batch_op:
        batch_op.drop_column("papers_told_at")
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.drop_column("remark")
        batch_op.drop_column("rejected_for")
        batch_op.drop_column("more_at")
        batch_op.drop_column("checked_at")
        batch_op.drop_column("asked_at")
