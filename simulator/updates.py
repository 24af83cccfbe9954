"""Updates that wait for a bot, with Telegram's rule of confirmation."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from simulator.answers import Json

# Bot API, getUpdates: "all update types except chat_member, message_reaction, and message_reaction_count".
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})

# Bot API, "Getting updates": "they will not be kept longer than 24 hours".
KEPT_SECONDS = 24 * 3600

# An offset further ahead than this is taken for one of an older numbering (tdlib, TQueue::get).
FURTHEST_AHEAD = 10


@dataclass(slots=True, eq=False)
class Waiting:
    """An update; `at` is the Unix time at which it came, `given` says that the bot has seen it."""

    update: Json
    at: float = 0.0
    raw: bool = False
    given: bool = False

    @property
    def update_id(self) -> int:
        return int(self.update["update_id"])


@dataclass(slots=True)
class UpdateQueue:
    """The updates of one bot.

    `confirmed` and `forgotten` are kept for those who check that nothing was lost.
    """

    next_id: int
    waiting: deque[Waiting] = field(default_factory=deque)
    confirmed: set[int] = field(default_factory=set)
    forgotten: set[int] = field(default_factory=set)
    _shuffled: bool = False

    def put(self, kind: str, content: Json, at: float = 0.0) -> Waiting:
        entry = Waiting({"update_id": self.next_id, kind: content}, at)
        self.next_id += 1
        self.waiting.append(entry)
        return entry

    def put_raw(self, update: Json, at: float = 0.0) -> Waiting:
        """Queue an update as it is, even with an id that was used before or is out of order.

        Such an update is confirmed only once it has been handed out, or an odd id would vanish unseen.
        """
        if "update_id" not in update:
            update = {"update_id": self.next_id, **update}
            self.next_id += 1
        entry = Waiting(update, at, raw=True)
        self._shuffled = True
        self.waiting.append(entry)
        return entry

    def take(self, offset: int = 0, limit: int = 100) -> list[Json]:
        """Confirm everything below `offset`, then hand out what waits, oldest first.

        Unconfirmed updates are handed out again at each call. A negative offset keeps that many of the newest
        and forgets the rest.
        """
        if offset < 0:
            self.forget(keep=-offset)
        elif offset > 0:
            self._confirm_below(offset)
        given = [entry for entry, _ in zip(self.waiting, range(limit), strict=False)]
        for entry in given:
            entry.given = True
        return [entry.update for entry in given]

    def confirm(self, entry: Waiting) -> None:
        """Confirm one update, as a webhook's 2xx does."""
        if entry in self.waiting:
            self.waiting.remove(entry)
            self.confirmed.add(entry.update_id)

    def forget_stale(self, now: float) -> None:
        """Forget what has waited for more than a day."""
        while self.waiting and now - self.waiting[0].at > KEPT_SECONDS:
            self.forgotten.add(self.waiting.popleft().update_id)

    def forget(self, keep: int = 0) -> None:
        while len(self.waiting) > keep:
            self.forgotten.add(self.waiting.popleft().update_id)

    def _confirm_below(self, offset: int) -> None:
        if offset > self._newest_id() + FURTHEST_AHEAD:
            return
        if self._shuffled:
            self._confirm(entry for entry in tuple(self.waiting) if _covers(offset, entry))
            return
        while self.waiting and self.waiting[0].update_id < offset:
            self.confirmed.add(self.waiting.popleft().update_id)

    def _confirm(self, entries: Iterable[Waiting]) -> None:
        for entry in entries:
            self.confirm(entry)
        self._shuffled = any(entry.raw for entry in self.waiting)

    def _newest_id(self) -> int:
        if not self._shuffled:
            return self.next_id
        return max([self.next_id, *(entry.update_id + 1 for entry in self.waiting)])


def _covers(offset: int, entry: Waiting) -> bool:
    return entry.update_id < offset and (entry.given or not entry.raw)
