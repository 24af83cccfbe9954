"""What happened to a request, in plain words."""

from bot.i18n import Html, Locale
from casework.events import words_of
from casework.paper_kinds import KINDS


def event_in_words(locale: Locale, kind: str, *, to_staff: bool = False) -> Html:
    """Return the words for a kind of event (casework/events.py)."""
    sentence, paper = words_of(kind)
    if not paper:
        return locale.t(sentence)
    label = KINDS[paper].staff_label if to_staff else KINDS[paper].label
    return locale.t(sentence, paper=locale.t(label))
