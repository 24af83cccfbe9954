"""Fields of an update, each of the type that the Bot API gives it."""

from typing import Any

Fields = dict[str, Any]
_LARGEST = 2**63 - 1  # what a database column holds; Telegram's own ids have at most 52 significant bits


class Unreadable(Exception):
    """An update does not have the form that the Bot API gives it; the text names the field, never its value."""


def object_in(fields: Fields, name: str) -> Fields:
    """Return an object.

    Raises:
        Unreadable: there is none, or something else.
    """
    value = fields.get(name)
    if not isinstance(value, dict):
        raise Unreadable(name)
    return value


def number_in(fields: Fields, name: str, least: int = 0) -> int:
    """Return a number that is no smaller than `least`.

    Raises:
        Unreadable: there is none, or something else.
    """
    value = fields.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= _LARGEST:
        raise Unreadable(name)
    return value


def text_in(fields: Fields, name: str) -> str:
    """Return a text, empty where there is none; half characters, which JSON can smuggle in, are replaced.

    Raises:
        Unreadable: there is something else.
    """
    value = fields.get(name, "")
    if not isinstance(value, str):
        raise Unreadable(name)
    return value if value.isascii() else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
