"""what staff work with: cases held, facts, approvals, audit."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _new_tables()
    _new_columns()


def _new_tables() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("request_id", sa.BigInteger(), nullable=True),
        sa.Column("subject_id", sa.BigInteger(), nullable=True),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index("ix_audit_account_id", ["account_id", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_request_id"), ["request_id"], unique=False)

    op.create_table(
        "flight",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("called", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flight")),
    )
    op.create_table(
        "saved_reply",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("language", sa.String(length=64), nullable=False),
        sa.Column("called", sa.String(length=100), nullable=False),
        sa.Column("body", sa.String(length=4096), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_saved_reply_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_reply")),
    )
    op.create_table(
        "team_invitation",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("token_key", sa.LargeBinary(), nullable=False),
        sa.Column("role", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_team_invitation_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_invitation")),
        sa.UniqueConstraint("token_key", name=op.f("uq_team_invitation_token_key")),
    )
    op.create_table(
        "case_note",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_case_note_account_id_account")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_case_note_request_id_request")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_note")),
    )
    with op.batch_alter_table("case_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_note_request_id"), ["request_id"], unique=False)

    op.create_table(
        "approval",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("request_id", sa.BigInteger(), nullable=True),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("asked_by_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data_key", sa.LargeBinary(), nullable=False),
        sa.Column("details", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["account.id"], name=op.f("fk_approval_asked_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_approval_decided_by_id_account")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_approval_person_id_person")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_approval_request_id_request")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
    )
    with op.batch_alter_table("approval", schema=None) as batch_op:
        batch_op.create_index(
            "ix_approval_open",
            ["asked_at"],
            unique=False,
            postgresql_where=sa.text("state = 'open'"),
            sqlite_where=sa.text("state = 'open'"),
        )
        batch_op.create_index(batch_op.f("ix_approval_request_id"), ["request_id"], unique=False)

    op.create_table(
        "fact",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("confidence", sa.String(length=64), nullable=False),
        sa.Column("details", sa.LargeBinary(), nullable=True),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_fact_account_id_account")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_fact_person_id_person")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_fact_request_id_request")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact")),
        sa.UniqueConstraint("person_id", "kind", name=op.f("uq_fact_person_id")),
    )
    with op.batch_alter_table("fact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fact_request_id"), ["request_id"], unique=False)

    op.create_table(
        "tie",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("other_request_id", sa.BigInteger(), nullable=False),
        sa.Column("other_person_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_tie_account_id_account")),
        sa.ForeignKeyConstraint(
            ["other_person_id"], ["person.id"], name=op.f("fk_tie_other_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["other_request_id"], ["request.id"], name=op.f("fk_tie_other_request_id_request")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_tie_person_id_person")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_tie_request_id_request")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tie")),
        sa.UniqueConstraint("person_id", "other_person_id", name=op.f("uq_tie_person_id")),
    )
    with op.batch_alter_table("tie", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tie_other_request_id"), ["other_request_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_tie_request_id"), ["request_id"], unique=False)


def _new_columns() -> None:
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.add_column(sa.Column("staff_name", sa.LargeBinary(), nullable=True))

    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("by_id", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("outbox_id", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("read_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_message_by_id_account"), "account", ["by_id"], ["id"])

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("request_id", sa.BigInteger(), nullable=True))
        batch_op.create_index(
            "ix_outbox_case",
            ["account_id", "message_id"],
            unique=False,
            postgresql_where=sa.text("request_id IS NOT NULL"),
            sqlite_where=sa.text("request_id IS NOT NULL"),
        )

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("flight_id", sa.BigInteger(), nullable=True))
        batch_op.create_index(batch_op.f("ix_person_flight_id"), ["flight_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_stage"), ["stage"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_person_flight_id_flight"), "flight", ["flight_id"], ["id"])

    with op.batch_alter_table("request", schema=None) as batch_op:
        batch_op.add_column(sa.Column("holder_id", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("unanswered_since", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("warned_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("kept_by_id", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("kept_for", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("erasure_asked_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_request_asked_at"), ["asked_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_request_due_at"), ["due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_request_holder_id"), ["holder_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_request_unanswered_since"), ["unanswered_since"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_request_kept_by_id_account"), "account", ["kept_by_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_request_holder_id_account"), "account", ["holder_id"], ["id"]
        )


def downgrade() -> None:
    _drop_columns()
    _drop_tables()


def _drop_columns() -> None:
    with op.batch_alter_table("request", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_request_holder_id_account"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_request_kept_by_id_account"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_request_unanswered_since"))
        batch_op.drop_index(batch_op.f("ix_request_holder_id"))
        batch_op.drop_index(batch_op.f("ix_request_due_at"))
        batch_op.drop_index(batch_op.f("ix_request_asked_at"))
        batch_op.drop_column("erasure_asked_at")
        batch_op.drop_column("kept_for")
        batch_op.drop_column("kept_by_id")
        batch_op.drop_column("warned_at")
        batch_op.drop_column("due_at")
        batch_op.drop_column("unanswered_since")
        batch_op.drop_column("asked_at")
        batch_op.drop_column("taken_at")
        batch_op.drop_column("holder_id")

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_person_flight_id_flight"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_person_stage"))
        batch_op.drop_index(batch_op.f("ix_person_flight_id"))
        batch_op.drop_column("flight_id")

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_outbox_case",
            postgresql_where=sa.text("request_id IS NOT NULL"),
            sqlite_where=sa.text("request_id IS NOT NULL"),
        )
        batch_op.drop_column("request_id")

    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_message_by_id_account"), type_="foreignkey")
        batch_op.drop_column("read_at")
        batch_op.drop_column("outbox_id")
        batch_op.drop_column("by_id")

    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_column("staff_name")


def _drop_tables() -> None:
    with op.batch_alter_table("tie", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tie_request_id"))
        batch_op.drop_index(batch_op.f("ix_tie_other_request_id"))

    op.drop_table("tie")
    with op.batch_alter_table("fact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fact_request_id"))

    op.drop_table("fact")
    with op.batch_alter_table("approval", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_approval_request_id"))
        batch_op.drop_index(
            "ix_approval_open",
            postgresql_where=sa.text("state = 'open'"),
            sqlite_where=sa.text("state = 'open'"),
        )

    op.drop_table("approval")
    with op.batch_alter_table("case_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_note_request_id"))

    op.drop_table("case_note")
    op.drop_table("team_invitation")
    op.drop_table("saved_reply")
    op.drop_table("flight")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_request_id"))
        batch_op.drop_index("ix_audit_account_id")

    op.drop_table("audit")
