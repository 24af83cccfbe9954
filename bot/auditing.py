"""`homeward audit`: the chain of the audit log, looked at from outside. It only reads, also while the bot runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from bot.config import ConfigProblem, read_config
from casework import audit
from casework.audit import Broken, Fault, Head
from db.engine import make_reading_engine, sqlite_path
from db.keys import KeyFileProblem, read_key_file
from db.sealed import KeyRing
from db.upgrade import WrongKeys, check_keys

_FAULTS = {
    Fault.HEAD: "the head of the audit log was changed by somebody who does not have the keys",
    Fault.MISSING: "row {row} is not there: it was taken out, or rows were numbered anew",
    Fault.CHANGED: "row {row} was changed, forged, or put at another's place",
    Fault.ANOTHER: "row {row} is not the one whose head was written down: the log was replaced up to there",
    Fault.CUT: "the end is missing from row {row} on: it was cut off, or an older copy was put back",
    Fault.BEHIND: "there are more rows than the head knows: an older head was put back. The last row is {row}",
}


class CannotLook(Exception):
    """Settings, keys or database are not usable; the text says which, and the mend."""


def head(config: Path) -> Head:
    """Return how far the log goes.

    Raises:
        CannotLook: as above.
        ValueError: the head itself was changed.
    """
    with _opened(config) as (connection, keys):
        return audit.head(connection, keys)


def verify(config: Path, since: Head | None) -> Broken | int:
    """Go through the whole log; return how many rows hold, or the first place that does not.

    Raises:
        CannotLook: as above.
    """
    with _opened(config) as (connection, keys):
        return audit.verify(connection, keys, since)


def in_words(broken: Broken) -> str:
    return _FAULTS[broken.fault].format(row=broken.row)


@contextmanager
def _opened(config: Path) -> Iterator[tuple[Connection, KeyRing]]:
    try:
        settings = read_config(config)
        keys = read_key_file(settings.security.key_file)
    except (ConfigProblem, KeyFileProblem) as problem:
        raise CannotLook(str(problem)) from None
    path = sqlite_path(settings.database.url)
    if path is not None and not path.exists():
        raise CannotLook(f"{config}: database.url: there is no database yet. `homeward run` makes one")
    engine = make_reading_engine(settings.database.url)
    try:
        with engine.begin() as connection:
            check_keys(connection, keys)
            yield connection, keys
    except WrongKeys:
        raise CannotLook(f"{config}: security.key_file: these are not the keys of this database") from None
    except DBAPIError as problem:
        kind = type(problem.orig).__name__
        raise CannotLook(f"{config}: database.url: it cannot be read ({kind})") from None
    finally:
        engine.dispose()
