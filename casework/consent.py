"""The agreement a requester gives before the first answer is kept: text version, language and time, and its
withdrawal.
"""

from datetime import datetime
from typing import cast

from sqlalchemy import Connection, Table, bindparam, insert, update

from db.gathered import write
from db.ids import new_id
from db.models import Account, Consent

_ADD = insert(Consent)
_PUT_IN_FORCE = (
    update(cast("Table", Account.__table__))
    .where(Account.id == bindparam("of"))
    .values(consent_id=bindparam("consent"))
)

TEXT_VERSION = "2026-11"  # changes whenever the meaning of the consent text changes; people then agree anew


def record(connection: Connection, account_id: int, language: str, *, given: bool, now: datetime) -> int:
    """Write down a yes or a no; a yes is in force at once. Return the consent's id."""
    consent_id = new_id()
    row = {
        "id": consent_id,
        "account_id": account_id,
        "text_version": TEXT_VERSION,
        "language": language,
        "given": given,
        "at": now,
        "withdrawn_at": None,
    }
    write(connection, _ADD, [row])
    _in_force(connection, account_id, consent_id if given else None)
    return consent_id


def withdraw(connection: Connection, account_id: int, consent_id: int, now: datetime) -> None:
    """End the consent in force."""
    connection.execute(update(Consent).where(Consent.id == consent_id).values(withdrawn_at=now))
    _in_force(connection, account_id, None)


def _in_force(connection: Connection, account_id: int, consent_id: int | None) -> None:
    write(connection, _PUT_IN_FORCE, [{"of": account_id, "consent": consent_id}])
