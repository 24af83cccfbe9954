"""ignored: how often a reminder may be ignored is set in the config, so its index holds whatever was."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _index_again("unheeded > 2", "unheeded > 0")


def downgrade() -> None:
    _index_again("unheeded > 0", "unheeded > 2")


def _index_again(before: str, after: str) -> None:
    op.drop_index(
        "ix_reminder_unheeded",
        table_name="reminder",
        postgresql_where=sa.text(before),
        sqlite_where=sa.text(before),
    )
    op.create_index(
        "ix_reminder_unheeded",
        "reminder",
        ["unheeded"],
        unique=False,
        postgresql_where=sa.text(after),
        sqlite_where=sa.text(after),
    )
