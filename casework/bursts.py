"""The alarm when somebody opens very many cases within the hour (threat 18): once an hour for each person.

That it was given is a row of the audit log, by the program; so that a restart gives it neither twice nor not at all.
"""

from datetime import datetime

from sqlalchemy import Connection, select

from casework import audit
from casework.audit import BURST_WITHIN, Deed
from db.models import Audit
from db.sealed import KeyRing

BURST = "burst"


def noticed(connection: Connection, keys: KeyRing, account_id: int, now: datetime) -> bool:
    """Whether somebody has opened too many cases, and the alarm is to be given now; it is written down with that."""
    if audit.reads_lately(connection, account_id, now) <= audit.BURST or _given(connection, account_id, now):
        return False
    audit.record(connection, keys, Deed(BURST, None, subject_id=account_id), now)
    return True


def _given(connection: Connection, account_id: int, now: datetime) -> bool:
    """Look among what the program did by itself of late: few rows, found by the index on account and time."""
    lately = select(Audit.id).where(
        Audit.account_id.is_(None),
        Audit.at > now - BURST_WITHIN,
        Audit.action == BURST,
        Audit.subject_id == account_id,
    )
    return connection.scalar(lately.limit(1)) is not None
