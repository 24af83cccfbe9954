"""Messages on their way out, as values: what an outbox row holds while it is in memory."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from db.ids import new_id
from db.sealed import DataKey, Place

LEASE = timedelta(
    seconds=60
)  # longer than a request may take (bot/request.py), so a live sender never loses it in the middle
MOST_TRIES_IN_DOUBT = 2  # a reply whose fate is unknown is sent once more: at most one visible repeat


class Lane(StrEnum):
    """Who goes first under the common limit, in this order."""

    CONVERSATION = "conversation"
    URGENT = "urgent"
    BULK = "bulk"


class State(StrEnum):
    """`todo → sending → sent | uncertain | blocked | dead`; `cancelled` where a broadcast was stopped before."""

    TODO = "todo"
    SENDING = "sending"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    BLOCKED = "blocked"
    DEAD = "dead"
    CANCELLED = "cancelled"


@dataclass
class Outgoing:
    """One message to one person.

    Attributes:
        chat_id: where it goes; not stored with the row, but opened from the account's sealed address.
        draw: the recipe of the file that is made when the message is sent (bot/uploads.py).
        fence: counts the leases of this row; a result from an earlier one is refused.
        maybe_sent: whether it has been on the network without a word that it did not leave.
        to_erased: whether only the way to the person is left of their account (`Parting`).
        request_id: in a chat of staff, the case it is about: a reply to the message is a reply to its family.
        unwanted: whether it is not to be sent (again): the chat it goes to is being emptied, or another process has it.
        leased_until: where several processes deliver, until when this one may; after that, another.
        not_before: of one that an earlier process had to put off: until when.
        run_id: of a broadcast: the run it belongs to. It has had its turn before it comes into the lane of its chat,
            and leaves it again where it has to wait.
    """

    id: int
    account_id: int
    chat_id: int
    dedupe_key: str
    method: str
    parameters: dict[str, Any]
    draw: dict[str, str] | None = None
    lane: Lane = Lane.CONVERSATION
    attempts: int = 1
    fence: int = 1
    maybe_sent: bool = field(default=False)
    unwanted: bool = field(default=False)
    request_id: int | None = field(default=None)
    to_erased: bool = field(default=False)
    run_id: int | None = field(default=None)
    leased_until: datetime | None = field(default=None)
    not_before: datetime | None = field(default=None)

    @classmethod
    def reply(
        cls,
        account_id: int,
        chat_id: int,
        method: str,
        parameters: dict[str, Any],
        draw: dict[str, str] | None = None,
    ) -> Self:
        """Make a reply of a turn. That its turn runs once makes it unique; its key need only be its own, and grows like
        its id, since keys by chance are written all over their index.
        """
        row_id = new_id()
        return cls(row_id, account_id, chat_id, f"{row_id:x}", method, parameters, draw)

    def as_columns(self, key: DataKey, instance: str, now: datetime) -> dict[str, Any]:
        """Return the row.

        A reply is born leased to the process that wrote it, which sends it right after the commit.
        """
        payload = {"method": self.method, "parameters": self.parameters, "draw": self.draw}
        return {
            "id": self.id,
            "account_id": self.account_id,
            "dedupe_key": self.dedupe_key,
            "lane": self.lane.value,
            "state": State.SENDING.value,
            "payload": key.seal(payload, payload_place(self.id)),
            "attempts": self.attempts,
            "due_at": now,
            "lease_owner": instance,
            "lease_until": now + LEASE,
            "fence": self.fence,
            "message_id": None,
            "request_id": self.request_id,
            "created_at": now,
        }

    def as_waiting(self, key: DataKey, due: datetime) -> dict[str, Any]:
        """Return the row of a message that belongs to nobody yet: whoever looks first takes it."""
        nobody = {"state": State.TODO.value, "lease_owner": None, "lease_until": None}
        return {**self.as_columns(key, "", due), **nobody, "attempts": 0, "fence": 0}


def payload_place(outbox_id: int) -> Place:
    return Place("outbox", "payload", outbox_id)


@dataclass(frozen=True)
class Courtesy:
    """A keyboard to take off an old message.

    Best effort: a dead button that stays explains itself when it is pressed.
    """

    outbox_id: int | None
    message_id: int | None


@dataclass(frozen=True)
class Parting:
    """An account that is erased but for its address, which the messages before this need; then that goes too."""

    account_id: int


@dataclass(frozen=True)
class Settled:
    """What a committed turn leaves to be done on the network.

    Attributes:
        erased: whether something was erased for good, so that its traces are to be cleared away too.
        parting: the account that is to be forgotten once all this is out; nothing that waited before is sent to it.
        waiting: rows that come after what another process still delivers: whoever is free then takes them.
    """

    chat_id: int
    outgoing: list[Outgoing]
    courtesies: list[Courtesy]
    callback_id: str | None
    toast: str | None
    erased: bool = False
    parting: Parting | None = None
    waiting: frozenset[int] = frozenset()
