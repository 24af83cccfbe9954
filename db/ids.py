"""Row ids that are known before the row is written.

A sealed value is bound to the id of its row (db/sealed.py), so the id must exist first. Ids grow with time,
which keeps new rows
together in the index and lets an outbox be read in the order it was written.
"""

import threading
import time

from db.randomness import random_bits

_RANDOM_BITS = 20
_lock = threading.Lock()
_last = 0


def new_id() -> int:
    """Return a positive 63-bit id: milliseconds since 1970 above 20 random bits.

    Within a process each id is larger than the one before, also when the machine's clock jumps back.
    """
    global _last  # noqa: PLW0603 - one counter for the process is what makes ids grow
    with _lock:
        fresh = (time.time_ns() // 1_000_000) << _RANDOM_BITS | random_bits(_RANDOM_BITS)
        _last = max(fresh, _last + 1)
        return _last


def start_after(known: int) -> None:
    """Make every later id larger than `known`, the largest one found in the database at the start."""
    global _last  # noqa: PLW0603 - see new_id
    with _lock:
        _last = max(_last, known)
