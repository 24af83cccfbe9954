"""Finding a request by its reference, also one that was mistyped. For staff: a family's reference opens nothing."""

from collections.abc import Collection
from contextlib import suppress

from sqlalchemy import Connection, select

from casework.references import near, read_reference
from db.models import Request
from db.sealed import KeyRing, Place, SealBroken


def request_of(connection: Connection, keys: KeyRing, reference: str) -> int | None:
    """Return the request of a reference in its usual form; None where there is none (any more)."""
    found: int | None = connection.scalar(
        select(Request.id).where(
            Request.reference_key == keys.lookup("reference", reference), Request.erased_at.is_(None)
        )
    )
    return found


def references_of(connection: Connection, keys: KeyRing, requests: Collection[int]) -> dict[int, str]:
    """Return the references of requests; of what is erased, or whose seal is broken, there is none."""
    rows = connection.execute(
        select(Request.id, Request.data_key, Request.details).where(
            Request.id.in_(requests), Request.erased_at.is_(None)
        )
    ).all()
    found: dict[int, str] = {}
    for row in rows:
        with suppress(SealBroken):
            key = keys.data_key(row.data_key, Place("request", "data_key", row.id))
            found[row.id] = key.open(row.details, Place("request", "details", row.id))["reference"]
    return found


def likely(connection: Connection, keys: KeyRing, text: str) -> list[str]:
    """Return the references that exist and are a slip away from what was typed."""
    keyed = {keys.lookup("reference", each): each for each in near(text)}
    found = connection.scalars(
        select(Request.reference_key).where(Request.reference_key.in_(keyed), Request.erased_at.is_(None))
    )
    return sorted(keyed[key] for key in found)


def split(text: str) -> tuple[str, str]:
    """Split what follows a command into the reference and the rest; the reference is empty where none can be read.

    A reference may be typed with spaces: so many words belong to it as make it one.
    """
    words = text.split()
    for count in range(min(len(words), 4), 0, -1):
        reference = read_reference("".join(words[:count]))
        if reference is not None:
            return reference, " ".join(words[count:])
    return "", text
