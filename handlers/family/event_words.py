"""What happened to a request, in plain words."""

from bot.i18n import Html, Locale
from casework.documents import KINDS
from casework.events import words_of


def event_in_words(locale: Locale, kind: str) -> Html:
    """Return the words for a kind of event (casework/events.py)."""
    sentence, paper = words_of(kind)
    return locale.t(sentence, paper=locale.t(KINDS[paper].label)) if paper else locale.t(sentence)
