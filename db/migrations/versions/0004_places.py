"""places."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "site",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("country", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.Column("moved_to_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["moved_to_id"], ["site.id"], name=op.f("fk_site_moved_to_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("site_id", sa.BigInteger(), nullable=True))
        batch_op.create_index(batch_op.f("ix_person_site_id"), ["site_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_person_site_id_site"), "site", ["site_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_person_site_id_site"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_person_site_id"))
        batch_op.drop_column("site_id")

    op.drop_table("site")
