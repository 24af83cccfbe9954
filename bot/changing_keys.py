"""`homeward change-keys`: another key wraps every data key, and the one before opens nothing any more.

First the key file gets a further key, which is current from then on; then each data key is unwrapped and wrapped anew,
some hundreds in a transaction; at the end the older keys go out of the file. Wherever it is interrupted, the file has
every key that anything is wrapped with, so the bot runs, and the command goes on when it is called again. What is
sealed stays as it is, and so does the look-up key, by which people and references are found.
"""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine, Table, bindparam, select, update

from bot.config import ConfigProblem, read_config
from db.alone import alone
from db.engine import InUse, sqlite_path
from db.keys import KeyFileProblem, KeysOnDisk
from db.models import Base
from db.sealed import KeyRing, Place, SealBroken
from db.upgrade import WrongKeys, check_keys, current_revision, revisions

_PORTION = 500  # rows
Progress = Callable[[str, int], None]


class CannotChange(Exception):
    """Nothing is wrong with what is there; the text says what stands in the way, and the mend."""


def change(config: Path, progress: Progress) -> int:
    """Wrap everything anew; return how many data keys there are. May be called again after it was interrupted.

    Args:
        progress: is told a table's name and how many of its rows were wrapped anew.

    Raises:
        CannotChange: settings, keys or database are not usable, or the bot runs.
    """
    try:
        settings = read_config(config)
        on_disk = KeysOnDisk.read(settings.security.key_file)
    except (ConfigProblem, KeyFileProblem) as problem:
        raise CannotChange(str(problem)) from None
    path = sqlite_path(settings.database.url)
    if path is not None and not path.exists():
        raise CannotChange(f"there is no database at {path}")
    try:
        with alone(settings.database.url, "keys") as engine:
            return _change(engine, on_disk, settings.security.key_file, progress)
    except InUse:
        raise CannotChange("Homeward works on this database. Stop it first") from None


def _change(engine: Engine, on_disk: KeysOnDisk, key_file: Path, progress: Progress) -> int:
    _same(engine, on_disk.ring())
    if len(on_disk.wrapping) == 1:
        on_disk = on_disk.with_another()
        on_disk.write(key_file)
    keys = on_disk.ring()
    counted = sum(_wrap_anew(engine, keys, table, progress) for table in tables())
    on_disk.only_the_current().write(key_file)
    return counted


def _same(engine: Engine, keys: KeyRing) -> None:
    with engine.begin() as connection:
        if current_revision(connection) != revisions()[-1]:
            raise CannotChange(
                "start this version of Homeward once, and stop it; then its keys can be changed"
            )
        try:
            check_keys(connection, keys)
        except WrongKeys:
            raise CannotChange("security.key_file: these are not the keys of this database") from None


def tables() -> list[Table]:
    """Return the tables whose rows have a data key of their own."""
    return [each for each in Base.metadata.sorted_tables if "data_key" in each.c]


def _wrap_anew(engine: Engine, keys: KeyRing, table: Table, progress: Progress) -> int:
    there, last, done = table.c.data_key.is_not(None), 0, 0
    while True:
        with engine.begin() as connection:
            some = select(table.c.id, table.c.data_key).where(table.c.id > last, there)
            rows = connection.execute(some.order_by(table.c.id).limit(_PORTION)).all()
            if not rows:
                return done
            changed = [
                {"of": row.id, "wrapped": anew}
                for row in rows
                if (anew := _wrapped_anew(keys, row.data_key, Place(table.name, "data_key", row.id)))
                is not None
            ]
            if changed:
                put = update(table).where(table.c.id == bindparam("of")).values(data_key=bindparam("wrapped"))
                connection.execute(put, changed)
        last, done = rows[-1].id, done + len(rows)
        progress(table.name, done)


def _wrapped_anew(keys: KeyRing, wrapped: bytes, owner: Place) -> bytes | None:
    """Return the key as it is to be stored; None where it may stay: erased, or wrapped by the current key."""
    if not wrapped:
        return None
    try:
        return keys.wrapped_anew(wrapped, owner)
    except SealBroken:
        raise CannotChange(
            f"a row of {owner.table} cannot be opened with these keys; nothing is taken out of the key file"
        ) from None
