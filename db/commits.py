"""Whether a commit has happened whose answer never came: with a server in between, the line can break just then.

Believed not to have happened, its messages would come late and after what was said since, or its work be done twice.
"""

import time

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from db.shared import is_shared

# Seconds before each question: the server may have to notice first that we are gone, or be on its way back.
_WAITS = (0.0, 0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 2.0)


def name_of(connection: Connection) -> str | None:
    """Return by what the server knows this transaction; None where it has written nothing, and with SQLite: nothing is
    in between there.
    """
    if not is_shared(connection):
        return None
    name: str | None = connection.scalar(text("SELECT CAST(pg_current_xact_id_if_assigned() AS text)"))
    return name


def has_happened(engine: Engine, name: str) -> bool:
    """Ask the server what became of a transaction; False also where it cannot be reached for five seconds."""
    for seconds in _WAITS:
        time.sleep(seconds)
        try:
            with engine.connect() as connection:
                became = connection.scalar(text("SELECT pg_xact_status(CAST(:name AS xid8))"), {"name": name})
        except DBAPIError:
            continue
        if became != "in progress":
            return bool(became == "committed")
    return False
