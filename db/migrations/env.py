"""Alembic runs inside the connection and the transaction it is given (db/upgrade.py)."""

from typing import Any, Literal

from alembic import context

from db.models import Base, UtcDateTime


def render_item(kind: str, item: Any, _autogenerate: Any) -> str | Literal[False]:
    """Write our own types into a migration as what the database sees, so that a migration does not change
    with the models.
    """
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite changes a table by copying it
    render_item=render_item,
    transactional_ddl=True,
)
context.run_migrations()
