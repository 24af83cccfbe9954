"""Files in words: "2 photos", "1 voice message"; what has become of them."""

from collections import Counter
from collections.abc import Iterable, Sequence

from bot.i18n import Html, Locale
from bot.incoming import Kind
from casework.files import Sent, State
from casework.words import N_

_STORED = N_("stored")
_BECAME = {
    State.WAITING: N_("on its way"),
    State.REFUSED: N_("could not be kept"),
    State.REMOVED: N_("removed"),
}


def files_in_words(locale: Locale, kinds: Iterable[str]) -> Html:
    """Say what was sent, each kind once with its number, in the order it came."""
    return Html(locale.listed(_some(locale, kind, number) for kind, number in Counter(kinds).items()))


def _some(locale: Locale, kind: str, number: int) -> Html:
    match kind:
        case Kind.PHOTO:
            return locale.plural("{n} photo", "{n} photos", number)
        case Kind.VOICE:
            return locale.plural("{n} voice message", "{n} voice messages", number)
        case Kind.VIDEO_NOTE:
            return locale.plural("{n} video message", "{n} video messages", number)
        case _:
            return locale.plural("{n} file", "{n} files", number)


def sent_in_words(locale: Locale, sent: Sequence[Sent]) -> Html:
    """Say what waits to be sent on; an album, whose parts come one by one, without its number."""
    albums = len({file.album for file in sent if file.album})
    words = [files_in_words(locale, (file.kind for file in sent if not file.album))]
    if albums:
        words.append(locale.plural("{n} album", "{n} albums", albums))
    return Html(locale.listed(filter(None, words)))


def became_in_words(locale: Locale, states: Iterable[str]) -> Html | None:
    """Say what has become of files that are not all simply kept: the first of these that is so for any of them."""
    found = set(states)
    return next((locale.t(words) for state, words in _BECAME.items() if state in found), None)


def states_in_words(locale: Locale, states: Iterable[str]) -> Html:
    """Say each state that there is: of an album some parts may be stored and others not."""
    found = set(states)
    words = {State.STORED: _STORED, **_BECAME}
    return Html(locale.listed(locale.t(sentence) for state, sentence in words.items() if state in found))
