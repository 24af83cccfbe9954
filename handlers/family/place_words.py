"""What a place of the list is called, as people read it."""

from bot.i18n import Locale, shown
from casework.places import TRANSLATED


def place_called(locale: Locale, name: str) -> str:
    """Return a place's name as plain text: the first ones in the reader's language, the office's own as written.

    Only names that are sentences of ours are looked up. Another may be the same as any of our sentences, or empty,
    which gettext answers with the head of the catalogue.
    """
    return shown(locale.plain(name) if name in TRANSLATED else name)
