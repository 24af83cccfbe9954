"""Random bytes from the operating system, fetched in larger pieces.

Each call of os.urandom gives up the interpreter's lock, and the writer may then wait for it longer than its whole
turn takes; a turn needs half a dozen small pieces. What has been handed out is no longer here.
"""

import os
import threading
from collections.abc import Sequence

_PIECE = 4096
_lock = threading.Lock()
_pool = bytearray()


def random_bytes(count: int) -> bytes:
    """Return so many bytes that nobody can foretell, for keys and nonces too."""
    with _lock:
        if len(_pool) < count:
            _pool.extend(os.urandom(max(_PIECE, count)))
        taken = bytes(_pool[-count:])
        del _pool[-count:]
        return taken


def random_bits(count: int) -> int:
    """Return an integer of at most `count` random bits."""
    return int.from_bytes(random_bytes((count + 7) // 8)) & ((1 << count) - 1)


def random_letters(alphabet: Sequence[str], count: int) -> str:
    """Return so many letters, each as likely as any other.

    Raises:
        ValueError: the alphabet's length is no power of two up to 256, so some would be likelier.
    """
    if len(alphabet) > 256 or len(alphabet) & (len(alphabet) - 1):  # noqa: PLR2004 - a byte's values
        raise ValueError("the alphabet has to have 2, 4, 8 … 256 letters")
    return "".join(alphabet[byte & (len(alphabet) - 1)] for byte in random_bytes(count))


def _forget_in_child() -> None:
    _pool.clear()  # a forked child must not hand out what its parent hands out


os.register_at_fork(after_in_child=_forget_in_child)
