"""The audit log: who read, revealed, changed or exported what.

A chain: each row's keyed hash covers the row and the hash before it, so that a row that was changed, taken out or
moved is found; and the head, kept beside it under the same key, tells how many rows there have to be. Somebody who
puts back an older copy of the whole database is found by the head that was written down elsewhere: the bot writes it
to its log each hour, and `homeward audit verify --since` takes it.
"""

import hmac
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, RowMapping, func, insert, select, update

from db.models import Audit, Setting
from db.sealed import KeyRing

_HEAD = "audit_head"
_NOTHING = bytes(32)
_AT_ONCE = 1_000  # rows in memory while the chain is gone through
BURST, BURST_WITHIN = 60, timedelta(hours=1)  # so many cases read by one person raise an alarm (threat 18)
READS = ("read", "reveal", "read_messages", "open_file", "read_writer")


@dataclass(frozen=True)
class Deed:
    """What was done, before it is written.

    Attributes:
        by: the account; none where the program did it by itself.
        subject_id: what else it was done to: another account, a place, an approval.
    """

    action: str
    by: int | None
    request_id: int | None = None
    subject_id: int | None = None


@dataclass(frozen=True)
class Head:
    """How far the chain goes: how many rows, and the hash of the last."""

    rows: int
    mac: bytes

    def __str__(self) -> str:
        return f"{self.rows}:{self.mac.hex()}"

    @classmethod
    def read(cls, text: str) -> "Head":
        """Read what `str` gave.

        Raises:
            ValueError: it is none.
        """
        rows, _, mac = text.partition(":")
        return cls(int(rows), bytes.fromhex(mac))


class Fault(StrEnum):
    """Why a chain does not hold."""

    HEAD = "head_changed"
    MISSING = "row_missing"
    CHANGED = "row_changed"  # or it stands at another's place
    ANOTHER = "another_chain"  # than the one whose head was written down
    CUT = "end_missing"
    BEHIND = "rows_behind_head"


@dataclass(frozen=True)
class Broken:
    """The first row at which the chain does not hold."""

    row: int
    fault: Fault


def record(connection: Connection, keys: KeyRing, deed: Deed, now: datetime) -> None:
    """Write a row in the transaction of the deed itself."""
    record_all(connection, keys, [deed], now)


def record_all(connection: Connection, keys: KeyRing, deeds: Sequence[Deed], now: datetime) -> None:
    """Write a row for each of some deeds, such as the cases on a page: as many statements as for one."""
    if not deeds:
        return
    before = _head(connection, keys, lock=True)
    mac, rows = before.mac, []
    for number, deed in enumerate(deeds, before.rows + 1):
        row = {"id": number, "at": now, "account_id": deed.by, "action": deed.action}
        row |= {"request_id": deed.request_id, "subject_id": deed.subject_id}
        mac = _mac(keys, row, mac)
        rows.append({**row, "mac": mac})
    connection.execute(insert(Audit), rows)
    _write_head(connection, keys, Head(before.rows + len(rows), mac), new=before.rows == 0)


def head(connection: Connection, keys: KeyRing) -> Head:
    """Return how far the chain goes.

    Raises:
        ValueError: the head itself was changed.
    """
    return _head(connection, keys, lock=False)


def verify(connection: Connection, keys: KeyRing, since: Head | None = None) -> Broken | int:
    """Go through the whole chain; return how many rows hold, or the first place that does not.

    Args:
        since: a head that was written down earlier; it has to lie on the chain.
    """
    try:
        end = _head(connection, keys, lock=False)
    except ValueError:
        return Broken(0, Fault.HEAD)
    whole = select(Audit.__table__).order_by(Audit.id).execution_options(yield_per=_AT_ONCE)
    with connection.execute(whole) as rows:
        followed = _followed(rows.mappings(), keys, since)
    if isinstance(followed, Broken):
        return followed
    count = followed
    if count < max(end.rows, since.rows if since else 0):
        return Broken(count + 1, Fault.CUT)
    return Broken(count, Fault.BEHIND) if count > end.rows else count


def _followed(rows: Iterable[RowMapping], keys: KeyRing, since: Head | None) -> Broken | int:
    """Return how many rows follow one another, or the first that does not."""
    mac, count = _NOTHING, 0
    for row in rows:
        count += 1
        if row["id"] != count:
            return Broken(count, Fault.MISSING)
        mac = _mac(keys, dict(row), mac)
        if not hmac.compare_digest(mac, row["mac"]):
            return Broken(count, Fault.CHANGED)
        if since is not None and since.rows == count and since.mac != mac:
            return Broken(count, Fault.ANOTHER)
    return count


def reads_lately(connection: Connection, account_id: int, now: datetime) -> int:
    """Count the different cases somebody has opened within `BURST_WITHIN`, and writers without a case."""
    found = connection.scalar(
        select(func.count(func.distinct(func.coalesce(Audit.request_id, Audit.subject_id)))).where(
            Audit.account_id == account_id,
            Audit.at > now - BURST_WITHIN,
            Audit.action.in_(READS),
        )
    )
    return found or 0


def last_by(connection: Connection, action: str, subject_id: int) -> int | None:
    """Return who did this to it last; None where nobody did."""
    found: int | None = connection.scalar(
        select(Audit.account_id)
        .where(Audit.action == action, Audit.subject_id == subject_id)
        .order_by(Audit.id.desc())
        .limit(1)
    )
    return found


def _mac(keys: KeyRing, row: dict[str, Any], before: bytes) -> bytes:
    at = row["at"].astimezone(UTC).isoformat()
    parts = [row["id"], at, row["account_id"], row["action"], row["request_id"], row["subject_id"]]
    return keys.lookup("audit", json.dumps([*parts, before.hex()]))


def _head(connection: Connection, keys: KeyRing, *, lock: bool) -> Head:
    wanted = select(Setting.value).where(Setting.name == _HEAD)
    stored = connection.scalar(wanted.with_for_update() if lock else wanted)
    if stored is None:
        return Head(0, _NOTHING)
    text, _, seal = stored.decode().rpartition(" ")
    if not hmac.compare_digest(keys.lookup("audit_head", text).hex(), seal):
        raise ValueError("audit_head")
    return Head.read(text)


def _write_head(connection: Connection, keys: KeyRing, to: Head, *, new: bool) -> None:
    text = str(to)
    value = f"{text} {keys.lookup('audit_head', text).hex()}".encode()
    if new:
        connection.execute(insert(Setting), {"name": _HEAD, "value": value})
    else:
        connection.execute(update(Setting).where(Setting.name == _HEAD).values(value=value))
