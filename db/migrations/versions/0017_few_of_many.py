"""few of many: the requests that expire or were erased are counted without looking at all others."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_COLUMNS = ("warned_at", "erased_at")


def upgrade() -> None:
    for column in _COLUMNS:
        where = sa.text(f"{column} IS NOT NULL")
        op.create_index(
            f"ix_request_{column}", "request", [column], postgresql_where=where, sqlite_where=where
        )


def downgrade() -> None:
    for column in _COLUMNS:
        op.drop_index(f"ix_request_{column}", table_name="request")
