"""Homeward as it ships: its own command, SQLite, sealed, with its outbox. Only the sending limit is lifted.

With HOMEWARD_DATABASE__URL naming a PostgreSQL each trial has a fresh database there instead.
"""

import os
import re
import sys
from collections import deque
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import psycopg
from sqlalchemy import URL, make_url

from bench.filling import Filling
from bench.peers import TOKEN
from bot.config import read_config
from bot.i18n import Locales
from bot.setting_up import write_config
from db.engine import make_engine
from db.keys import read_key_file
from db.upgrade import bring_up_to_date

_DATABASE = "HOMEWARD_DATABASE__URL"


def configure(api_url: str, folder: Path) -> Path:
    """Write the settings as `homeward init` does; return the file."""
    config, _ = write_config(folder / "config.toml", TOKEN)
    text = config.read_text(encoding="utf-8")
    text = text.replace("https://api.telegram.org", api_url)
    text = re.sub(r"(?m)^messages_per_second = .*$", "messages_per_second = 0", text)
    config.write_text(text, encoding="utf-8")
    if _DATABASE in os.environ:
        os.environ[_DATABASE] = _empty(make_url(os.environ[_DATABASE]))
    return config


def _empty(server: URL) -> str:
    """Make the bench's own database anew on this PostgreSQL; return its URL."""
    psycopg_url = server.set(drivername="postgresql", database="postgres")
    with psycopg.connect(psycopg_url.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS homeward_bench WITH (FORCE)")
        connection.execute("CREATE DATABASE homeward_bench")
    return server.set(database="homeward_bench").render_as_string(hide_password=False)


def command(config: Path, api_url: str) -> list[str]:
    """Return how the bot is run with these settings on this Telegram."""
    there = f"HOMEWARD_TELEGRAM__API_URL={api_url}"
    return ["env", there, sys.executable, "-m", "bot", "run", "--config", str(config)]


def fill(config: Path, cases: int) -> list[str]:
    """Let so many requests more be stored before the bot starts; return some of their references."""
    settings = read_config(config)
    keys, engine = read_key_file(settings.security.key_file), make_engine(settings.database.url)
    bring_up_to_date(engine, keys)
    filling = Filling(keys, Locales(settings.languages.offered), Random(cases))
    references = deque(filling.fill(engine, cases, datetime.now(UTC)), maxlen=1000)
    engine.dispose()
    return list(references)
