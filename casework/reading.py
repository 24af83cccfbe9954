"""What takes long to read the first time is not read where families would wait behind it."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection


class NotReadYet(Exception):
    """Something is to be read beside the writer first (bot/beside.py); what asked for it is undone and runs again.

    Attributes:
        name: what is read, by a name of its own within the work that needs it.
        read: reads it on whatever connection it is given, and changes nothing.
    """

    def __init__(self, name: str, read: Callable[[Connection], Any]) -> None:
        super().__init__(name)
        self.name, self.read = name, read
