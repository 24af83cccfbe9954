"""Homeward as it ships: its own command, SQLite, sealed, with its outbox. Only the sending limit is lifted."""

import re
from pathlib import Path

from bench.peers import TOKEN
from bot.setting_up import write_config


def configure(api_url: str, folder: Path) -> Path:
    """Write the settings as `homeward init` does; return the file."""
    config, _ = write_config(folder / "config.toml", TOKEN)
    text = config.read_text(encoding="utf-8")
    text = text.replace("https://api.telegram.org", api_url)
    text = re.sub(r"(?m)^messages_per_second = .*$", "messages_per_second = 0", text)
    config.write_text(text, encoding="utf-8")
    return config
