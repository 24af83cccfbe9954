"""Sending a broadcast once more to those of whom nobody knows whether they have it.

Some of them then read it twice, so it never happens by itself: somebody decides it, having seen to how many it goes.
"""

from datetime import datetime

from sqlalchemy import Connection, select

from casework import broadcast_runs as runs
from casework import broadcasts
from casework.broadcast_runs import SENDING, UNCERTAIN, Kind
from casework.broadcasts import Broadcast
from db.gathered import flush
from db.models import Account, BroadcastRun, BroadcastText, Outbox
from db.sealed import KeyRing


def doubtful(connection: Connection, broadcast: Broadcast) -> list[tuple[int, str]]:
    """Return the accounts that may not have it, with the language they read it in.

    Nobody whom it has reached since, who cannot be reached, or who wants no such news by now.
    """
    if runs.live(connection, broadcast.id) or broadcasts.taken_back(connection, broadcast.id):
        return []
    flush(connection)
    wants = Account.urgent_news if broadcast.urgent else Account.news
    rows = connection.execute(
        select(Outbox.account_id, BroadcastText.language)
        .join(BroadcastRun, BroadcastRun.id == Outbox.run_id)
        .join(BroadcastText, BroadcastText.id == Outbox.text_id)
        .join(Account, Account.id == Outbox.account_id)
        .where(
            BroadcastRun.broadcast_id == broadcast.id,
            BroadcastRun.kind.in_(SENDING),
            Outbox.state == UNCERTAIN,
            Outbox.account_id.not_in(runs.reached(broadcast.id)),
            Account.unreachable_since.is_(None),
            wants,
        )
        .distinct()
        .order_by(Outbox.account_id)
    ).all()
    return [(row.account_id, row.language) for row in rows]


def again(connection: Connection, keys: KeyRing, broadcast: Broadcast, by: int, now: datetime) -> int | None:
    """Begin to send it to them, in the words as they are by now; None where there is nobody."""
    written = broadcasts.texts(connection, keys, broadcast.id)
    frozen = [(account, written[language].id, None) for account, language in doubtful(connection, broadcast)]
    return runs.begin(connection, keys, broadcast, Kind.AGAIN, by, frozen, now) if frozen else None
