"""Which requests have changed since somebody looked the last time: every change writes an event.

Ids of events are times (db/ids.py), but those of several processes may arrive out of order: they are made before they
are committed, and clocks lag. So the last five minutes are held against what was seen of them.
"""

from array import array

from sqlalchemy import Connection, func, select

from db.models import Event

_OVERLAP = 300_000 << 20  # five minutes of ids
_LOW = (
    1 << 31
)  # low bits of ids: their sum overflows in no database, and is the same by chance of no two sets
_ROWS = 1_000


class SeenEvents:
    """What one reader has seen.

    Attributes:
        newest: the event that was seen last; none before the first look.
    """

    def __init__(self) -> None:
        self.newest: int | None = None
        self._late = array("q")  # of the last five minutes, sorted
        self._sum = (0, 0)  # how many these are, and the sum of their low bits

    def begin(self, connection: Connection) -> None:
        """See everything there is."""
        self._look(connection, connection.scalar(select(func.max(Event.id))) or 0)

    def changed(self, connection: Connection) -> set[int]:
        """Return the requests with events that were not seen before."""
        return self._look(connection, self.newest or 0)

    def _look(self, connection: Connection, newest: int) -> set[int]:
        complete = newest == self.newest and self._sum == _sum_between(connection, newest)
        after = newest if complete else newest - _OVERLAP
        wanted = select(Event.id, Event.request_id).where(Event.id > after).order_by(Event.id)
        before = frozenset[int]() if complete else frozenset(self._late)
        late, fresh = self._late if complete else array("q"), set[int]()
        for row in connection.execute(wanted.execution_options(yield_per=_ROWS)):
            late.append(row.id)
            if row.id not in before:
                fresh.add(row.request_id)
        if fresh or not complete:
            self._see(late, newest)
        return fresh

    def _see(self, late: "array[int]", newest: int) -> None:
        self.newest = max([newest, *late[-1:]])
        first = self.newest - _OVERLAP
        self._late = array("q", (each for each in late if each > first))
        self._sum = len(self._late), sum(each % _LOW for each in self._late)


def _sum_between(connection: Connection, newest: int) -> tuple[int, int]:
    late = Event.id > newest - _OVERLAP, Event.id <= newest
    row = connection.execute(select(func.count(), func.sum(Event.id % _LOW)).where(*late)).one()
    return row[0], int(row[1] or 0)
