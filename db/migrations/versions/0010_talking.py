"""talking: which messages wait for the other side's answer."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0013"
branch_labels = None
depends_on = None

_WAITS = sa.text("waits_since IS NOT NULL")


def upgrade() -> None:
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("waits_since", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(
            "ix_message_waits",
            ["direction", "waits_since"],
            unique=False,
            postgresql_where=_WAITS,
            sqlite_where=_WAITS,
        )
    # Nobody could answer before: whatever families wrote waits.
    op.execute("UPDATE message SET waits_since = at WHERE direction = 'in'")
    op.execute(
        "UPDATE request SET unanswered_since = (SELECT min(message.at) FROM message"
        " WHERE message.request_id = request.id AND message.direction = 'in')"
        " WHERE id IN (SELECT request_id FROM message WHERE direction = 'in')"
    )


def downgrade() -> None:
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index("ix_message_waits", postgresql_where=_WAITS, sqlite_where=_WAITS)
        batch_op.drop_column("waits_since")
