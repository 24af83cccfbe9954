"""Sealed values: AES-256-GCM, bound to the place they stand in.

A value is sealed with the data key of its account or request; a data key is wrapped by a key of the key ring,
which lives outside
the database. Destroying the wrapped data key therefore erases everything sealed with it, in backups too. The
associated data names table, column, row and
key version, so a value moved to another row, or changed in one bit, is refused.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic_core import (
    PydanticSerializationError,
    from_json,
    to_json,
)  # several times as fast as the standard one

from db.randomness import random_bytes

_NONCE = 12
_DATA_KEY_VERSION = b"\x01"
_UNSOUND = (InvalidTag, ValueError)  # changed, or cut so short that the nonce is not whole


_half_characters = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class SealBroken(Exception):
    """A sealed value was changed, moved to another row, or sealed with a key that is gone."""


@dataclass(frozen=True)
class Place:
    """Where a sealed value stands."""

    table: str
    column: str
    row: int | str

    def bound(self, version: bytes) -> bytes:
        """Return the associated data for a value sealed here under a key of this version."""
        return f"{self.table}.{self.column}:{self.row}:".encode() + version


def _as_json(value: Any) -> bytes:
    """Half a surrogate pair is no UTF-8, but JSON can carry it, and an update that does must still be kept."""
    try:
        return to_json(value)
    except (PydanticSerializationError, UnicodeEncodeError):
        return _half_characters(value).encode(errors="surrogatepass")


def _read(plain: bytes) -> Any:
    try:
        return from_json(plain, cache_strings="keys")  # the others may be personal
    except ValueError:
        return json.loads(plain.decode(errors="surrogatepass"))


class DataKey:
    """The key of one account or one request; seals and opens its values."""

    def __init__(self, raw: bytes) -> None:
        self._cipher = AESGCM(raw)

    def seal(self, value: Any, place: Place) -> bytes:
        """Seal a JSON-able value for this place."""
        return self.seal_bytes(_as_json(value), place)

    def seal_bytes(self, plain: bytes, place: Place) -> bytes:
        nonce = random_bytes(_NONCE)
        return _DATA_KEY_VERSION + nonce + self._cipher.encrypt(nonce, plain, place.bound(_DATA_KEY_VERSION))

    def open(self, sealed: bytes, place: Place) -> Any:
        """Open what `seal` made for the same place.

        Raises:
            SealBroken: the value was changed, moved, or sealed with another key.
        """
        return _read(self.open_bytes(sealed, place))

    def open_bytes(self, sealed: bytes, place: Place) -> bytes:
        version, nonce, body = sealed[:1], sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
        try:
            return self._cipher.decrypt(nonce, body, place.bound(version))
        except _UNSOUND as error:
            raise SealBroken(f"{place.table}.{place.column}") from error


class KeyRing:
    """The keys outside the database: they wrap data keys and make the look-up values of ids and references."""

    def __init__(self, wrapping: Mapping[int, bytes], current: int, lookup: bytes) -> None:
        self._wrapping = {version: AESGCM(raw) for version, raw in wrapping.items()}
        self._current = current
        self._lookup = lookup
        self._unwrap = lru_cache(maxsize=4096)(self._unwrapped)
        self._looked_up = lru_cache(maxsize=4096)(self._hashed)
        self.opened: dict[str, Any] = {}  # what was opened and is held ready, in memory only

    def new_data_key(self, owner: Place) -> tuple[DataKey, bytes]:
        """Make a data key for the owner's row; return it and its wrapped form, the only one that is stored."""
        raw = AESGCM.generate_key(256)
        return DataKey(raw), self._wrap(raw, owner)

    def _wrap(self, raw: bytes, owner: Place) -> bytes:
        version = self._current.to_bytes(2)
        nonce = random_bytes(_NONCE)
        return version + nonce + self._wrapping[self._current].encrypt(nonce, raw, owner.bound(version))

    def data_key(self, wrapped: bytes, owner: Place, *, again: bool = True) -> DataKey:
        """Unwrap the data key of the owner's row.

        Args:
            again: whether it is likely to be asked for again soon. Who goes through a whole table says no: a key that
                is kept ready takes three kilobytes, and pushes another one out.

        Raises:
            SealBroken: the wrapped key was changed or moved, or its wrapping key is not on this ring.
        """
        return self._unwrap(wrapped, owner) if again else self._unwrapped(wrapped, owner)

    def _unwrapped(self, wrapped: bytes, owner: Place) -> DataKey:
        return DataKey(self._unwrapped_bytes(wrapped, owner))

    def _unwrapped_bytes(self, wrapped: bytes, owner: Place) -> bytes:
        version, nonce, body = wrapped[:2], wrapped[2 : 2 + _NONCE], wrapped[2 + _NONCE :]
        cipher = self._wrapping.get(int.from_bytes(version))
        if cipher is None:
            raise SealBroken(f"{owner.table}.{owner.column}")
        try:
            return cipher.decrypt(nonce, body, owner.bound(version))
        except _UNSOUND as error:
            raise SealBroken(f"{owner.table}.{owner.column}") from error

    def wrapped_anew(self, wrapped: bytes, owner: Place) -> bytes | None:
        """Return the same data key, wrapped by the current key; None where it is already.

        Raises:
            SealBroken: as above.
        """
        if int.from_bytes(wrapped[:2]) == self._current:
            return None
        return self._wrap(self._unwrapped_bytes(wrapped, owner), owner)

    def forget(self) -> None:
        """Drop the keys, look-up values and opened values that are kept ready: some may be of what was erased."""
        self.opened.clear()
        self._unwrap.cache_clear()
        self._looked_up.cache_clear()

    def lookup(self, kind: str, value: int | str) -> bytes:
        """Return the 32 bytes under which an exact value (a Telegram id, a reference) is found again.

        Keyed, so that a stolen database does not tell whose ids it holds; the kind keeps equal values of two
        kinds apart.
        """
        # Ids of people who write again and again are kept ready; codes somebody typed are never kept.
        return self._looked_up(kind, value) if isinstance(value, int) else self._hashed(kind, value)

    def _hashed(self, kind: str, value: int | str) -> bytes:
        return hmac.digest(self._lookup, f"{kind}:{value}".encode(), hashlib.sha256)
