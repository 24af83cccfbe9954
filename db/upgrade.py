"""Brings a database up to date, and makes sure that the keys at hand are the ones that seal it."""

import hmac
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, func, insert, select

from db.ids import start_after
from db.models import Outbox, Setting
from db.sealed import KeyRing

MIGRATIONS = Path(__file__).resolve().parent / "migrations"
_KEY_CHECK = "key_check"


class WrongKeys(Exception):
    """The key file does not belong to this database."""


def alembic_config(connection: Connection) -> Config:
    """Return Alembic's configuration for an open connection."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def bring_up_to_date(engine: Engine, keys: KeyRing) -> None:
    """Run the migrations that are missing, in one transaction.

    Raises:
        WrongKeys: what is sealed here was sealed with other keys; nothing was changed.
    """
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), "head")
        _check_keys(connection, keys)
        start_after(connection.scalar(select(func.max(Outbox.id))) or 0)


def _check_keys(connection: Connection, keys: KeyRing) -> None:
    fingerprint = keys.lookup("key_check", "homeward")
    stored = connection.scalar(select(Setting.value).where(Setting.name == _KEY_CHECK))
    if stored is None:
        connection.execute(insert(Setting), {"name": _KEY_CHECK, "value": fingerprint})
    elif not hmac.compare_digest(stored, fingerprint):
        raise WrongKeys
