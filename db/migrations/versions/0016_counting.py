"""counting: what the desk counts and lists is found through indexes of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_OF_QUEUE = {
    "unassigned": "holder_id IS NULL AND withdrawn_at IS NULL AND erased_at IS NULL",
    "waiting": "asked_at IS NOT NULL",
    "unanswered": "unanswered_since IS NOT NULL",
}


def upgrade() -> None:
    for name, which in _OF_QUEUE.items():
        where = sa.text(which)
        op.create_index(
            f"ix_request_{name}", "request", ["created_at", "id"], postgresql_where=where, sqlite_where=where
        )
    op.create_index("ix_person_at", "person", ["site_id", "stage"])
    op.drop_index("ix_person_site_id", table_name="person")


def downgrade() -> None:
    op.create_index("ix_person_site_id", "person", ["site_id"])
    op.drop_index("ix_person_at", table_name="person")
    for name in _OF_QUEUE:
        op.drop_index(f"ix_request_{name}", table_name="request")
